"""The history of a decision in sentences: events of one kind by one person on one day count as one line."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from decisions.models import Event

Detail = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Line:
    """Who did what when. `reason` is what they wrote about it; `count` how many saves one line stands for."""

    who: str
    what: str
    at: dt.datetime
    reason: str = ""
    act: str = ""
    count: int = 1


WORDS: Mapping[str, Callable[[Detail], str]] = {
    "started": lambda detail: f"started from the answers of {detail['after']}" if detail.get("after") else "started",
    "measured": lambda detail: f"read in {_files(detail)}",
    "took away": lambda detail: f"took away {_files(detail)}",
    "checked": lambda detail: (
        f"checked stage {detail['stage']}: {detail['verdict']}" if "stage" in detail else "checked"
    ),
    "proposed": lambda detail: f"signed and proposed revision {detail.get('revision', 1)}",
    "approved": lambda detail: f"signed and approved revision {detail.get('revision', 1)}",
    "commented": lambda detail: f"commented on {detail.get('section', 'the record')}",
    "changes requested": lambda detail: f"asked for changes to revision {detail.get('revision', 1)}",
    "withdrawn": lambda detail: f"took revision {detail.get('revision', 1)} back to change it",
    "rejected": lambda detail: f"rejected revision {detail.get('revision', 1)}",
    "deprecated": lambda _detail: "deprecated the decision",
    "superseded": lambda detail: f"superseded it by {detail.get('by', 'another decision')}",
    "reminded": lambda detail: f"wrote that the review was due on {detail.get('review_on', 'its date')}",
    "reviewer assigned": lambda detail: f"named {detail.get('reviewer', 'somebody')} to look at it next",
    "follows": lambda detail: f"let it follow {detail.get('number', 'another decision')}",
    "follows no longer": lambda detail: f"let it follow {detail.get('number', 'another decision')} no longer",
    "deleted": lambda _detail: "deleted the draft",
}
"""Act of an event -> what the page says; acts without an entry are said as they are."""


QUOTED_ABOVE = frozenset(("commented", "changes requested"))
"""Acts whose words stand among the comments of their revision."""


def lines(events: Iterable[Event], revision: int = 0) -> list[Line]:
    """The history, newest first; answers given one after another are one line.

    What was said about `revision` is not quoted again: it stands among the comments on the same page.
    """
    found: list[Line] = []
    for event in events:
        line = _line(event)
        if event.act in QUOTED_ABOVE and event.detail.get("revision") == revision:
            line = replace(line, reason="")
        last = found[-1] if found else None
        if last and line.act == last.act == "answered" and (line.who, line.at.date()) == (last.who, last.at.date()):
            count = last.count + line.count
            found[-1] = replace(last, count=count, what=_answered(count))
        else:
            found.append(line)
    return found


def _line(event: Event) -> Line:
    words = WORDS.get(event.act)
    what = words(event.detail) if words else event.act
    count = len(event.detail.get("changes", ())) if event.act == "answered" else 1
    return Line(
        who=event.actor.name if event.actor else "MeshAdvisor",
        what=_answered(count) if event.act == "answered" else what,
        at=event.at,
        reason=str(event.detail.get("reason", "")),
        act=event.act,
        count=count,
    )


def _answered(count: int) -> str:
    return "changed an answer" if count == 1 else f"changed {count} answers"


def _files(detail: Detail) -> str:
    return ", ".join(str(name) for name, *_ in detail.get("files", ())) or "files"
