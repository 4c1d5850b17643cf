"""How long decisions held, as bars on one scale of time, up to when each is to be looked at again."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from decisions.advisor.record import BarRow, Bars, BarSegment

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Held:
    """One decision: since when it held, until when (None: it still does), and when it is looked at again, if ever."""

    title: str
    words: str
    since: dt.date
    until: dt.date | None
    review_on: dt.date | None


def spans(decisions: Sequence[Held], today: dt.date) -> Bars | None:
    """The bars, in days since the first of them; the line is today, the tail the time left until the review."""
    if not decisions:
        return None
    first = min(one.since for one in decisions)
    return Bars(
        title="How long each decision held",
        unit="since and until",
        rows=tuple(
            BarRow(
                title=one.title,
                words=one.words,
                segments=tuple(_segments(one, first, today)),
                mark="good" if one.until is None else "",
            )
            for one in decisions
        ),
        limit=(today - first) / DAY,
        limit_words="today",
    )


def _segments(one: Held, first: dt.date, today: dt.date) -> Iterator[BarSegment]:
    since, until = (one.since - first) / DAY, ((one.until or today) - first) / DAY
    yield BarSegment(name="held", start=since, end=max(since, until))
    if one.until is None and one.review_on and one.review_on > today:
        yield BarSegment(name="until the review", start=until, end=(one.review_on - first) / DAY, tail=True)
