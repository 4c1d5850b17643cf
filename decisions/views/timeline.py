"""The timeline of a system: every decision about it, what replaced what, and when each was or is to be looked at."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from decisions.access import person
from decisions.languages.dates import written
from decisions.languages.moulds import translated
from decisions.models import Decision, Event, Outlook, Reassessment, Status, System
from decisions.rendering.bars import BarChart, bar_chart
from decisions.rendering.spans import Held, spans
from decisions.views.narrowing import TITLES

MOST = 300
"""Decisions, and turns of each kind, that one page shows; the newest."""
MEASURED = 10
"""Baselines that are listed; the newest."""
DRAWN = 12
"""Decisions in the chart; the newest."""
HELD = (Status.ACCEPTED, Status.SUPERSEDED, Status.DEPRECATED)
ENDS = ("superseded", "deprecated")
WORDS = {
    "proposed": "was proposed",
    "approved": "was accepted",
    "rejected": "was rejected",
    "deprecated": "was deprecated",
    "superseded": "was superseded",
    "withdrawn": "was taken back to be changed",
}


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One thing that happened to a decision, or that is due. `kind` is the class it is drawn with."""

    at: dt.datetime
    decision: Decision
    what: str
    detail: str = ""
    kind: str = ""


@require_safe
def system(request: HttpRequest, pk: int) -> HttpResponse:
    """What is due about a system, the next first, and apart from it what happened, the newest first."""
    user = person(request)
    found = get_object_or_404(System.objects.of(user).select_related("team", "organisation"), pk=pk)
    decisions = Decision.objects.of(user).filter(system=found).with_names().defer("case", "words")
    known = {one.pk: one for one in decisions.order_by("-created_at", "-pk")[:MOST]}
    events = Event.objects.filter(decision__in=known, act__in=WORDS).select_related("actor")[:MOST]
    judged = Reassessment.objects.filter(record__decision__in=known).exclude(outlook=Outlook.SAME)
    judged = judged.select_related("record").defer("record__canonical", "record__inputs")[:MOST]
    happenings = list(events)
    turns = [*happened(happenings, known), *looked_at(judged, known)]
    turns.sort(key=lambda one: one.at, reverse=True)
    context = {
        "system": found,
        "due": sorted(planned(known.values()), key=lambda one: one.at),
        "turns": turns,
        "count": len(known),
        "held": held(known.values(), happenings),
        "drafts": [one for one in known.values() if one.is_draft],
        "measured": found.baselines.prefetch_related("measurements")[:MEASURED],
    }
    return render(request, "system/system.html", context)


def held(decisions: Iterable[Decision], events: Sequence[Event]) -> BarChart | None:
    """How long each decision that was ever accepted held, the newest first; None where there is none."""
    ended = {one.decision_id: timezone.localtime(one.at).date() for one in events if one.act in ENDS}
    # The last approval: what the first versions deprecated has the day of that as the one it was decided on.
    began = {one.decision_id: one.at for one in sorted(events, key=lambda one: one.at) if one.act == "approved"}
    rows = []
    for one in decisions:
        if one.decided_at is None or one.status not in HELD:
            continue
        since, until = timezone.localtime(began.get(one.pk, one.decided_at)).date(), ended.get(one.pk)
        last = written(until, "SHORT_DATE_FORMAT") if until else gettext("today")
        rows.append(
            Held(
                title=f"{one.number} {translated(TITLES.get(one.approach, ''))}".strip(),
                words=gettext("%(since)s to %(until)s") % {"since": written(since, "SHORT_DATE_FORMAT"), "until": last},
                since=since,
                until=until,
                review_on=one.review_on,
            )
        )
    chart = spans(rows[:DRAWN], timezone.localdate())
    return bar_chart(chart, marker=True) if chart else None


def planned(decisions: Iterable[Decision]) -> Iterator[Turn]:
    """Reviews of what stands."""
    for one in decisions:
        if one.status == Status.ACCEPTED and one.review_on:
            late = one.review_on < timezone.localdate()
            yield Turn(
                at=dt.datetime.combine(one.review_on, dt.time(), dt.UTC),
                decision=one,
                what="was to be looked at again" if late else "is to be looked at again",
                detail="Nobody has yet." if late else "",
                kind="due",
            )


def happened(events: Iterable[Event], known: dict[int, Decision]) -> Iterator[Turn]:
    """What people did."""
    for one in events:
        decision = known[one.decision_id or 0]
        by = one.detail.get("by") if one.act == "superseded" else ""
        accepted = one.act == "approved"
        yield Turn(
            at=one.at,
            decision=decision,
            what=f"{WORDS[one.act]}{f' by {by}' if by else ''}",
            detail=str(one.detail.get("reason", "")) or (TITLES.get(decision.approach, "") if accepted else ""),
            kind="accepted" if accepted else "",
        )


def looked_at(judged: Iterable[Reassessment], known: dict[int, Decision]) -> Iterator[Turn]:
    """What the application found when it judged again."""
    for one in judged:
        decision = known[one.record.decision_id]
        yield Turn(at=one.judged_at, decision=decision, what="was judged again", detail=one.summary, kind="judged")
