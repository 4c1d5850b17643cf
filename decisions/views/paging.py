"""Pages of a list that changes while it is read: each begins behind a row, not after a number of rows."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from decisions.models import Decision, DecisionQuerySet

ROWS = 25
FORMAT = "%Y%m%dT%H%M%S%f"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place in the list, right at a row."""

    at: dt.datetime
    pk: int

    def __str__(self) -> str:
        return f"{self.at.astimezone(dt.UTC):{FORMAT}}-{self.pk}"

    @property
    def behind(self) -> Q:
        """Rows further down: changed earlier. The first condition is the one an index can use."""
        return Q(changed_at__lte=self.at) & (Q(changed_at__lt=self.at) | Q(pk__lt=self.pk))

    @property
    def before(self) -> Q:
        """Rows further up."""
        return Q(changed_at__gte=self.at) & (Q(changed_at__gt=self.at) | Q(pk__gt=self.pk))


@dataclass(frozen=True, kw_only=True)
class Page:
    """Rows of a list, newest first. `newer` and `older` are the places where the next pages begin, or None."""

    rows: list[Decision]
    newer: Place | None = None
    older: Place | None = None


def place(text: str) -> Place | None:
    """The place an address names; None for anything that is none."""
    at, _, pk = text.partition("-")
    try:
        return Place(at=dt.datetime.strptime(at, FORMAT).replace(tzinfo=dt.UTC), pk=int(pk))
    except (ValueError, OverflowError):
        return None


def of_row(row: Decision) -> Place:
    """Where a row stands."""
    return Place(at=row.changed_at, pk=row.pk)


def page(found: DecisionQuerySet, query: Mapping[str, str], size: int = ROWS) -> Page:
    """The page an address asks for by `older=` or `newer=`; the first one without either. One query."""
    behind, before = place(query.get("older", "")), place(query.get("newer", ""))
    if before is not None and behind is None:
        rows = list(found.filter(before.before).order_by("changed_at", "pk")[: size + 1])
        more = len(rows) > size
        rows = rows[:size][::-1]
        if len(rows) < size:  # the way up ended: the first page is shown whole
            return page(found, {}, size)
        return Page(rows=rows, newer=of_row(rows[0]) if more else None, older=of_row(rows[-1]))
    ordered = found.order_by("-changed_at", "-pk")
    rows = list((ordered.filter(behind.behind) if behind else ordered)[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if behind and not rows:
        return page(found, {}, size)
    return Page(
        rows=rows,
        newer=of_row(rows[0]) if behind and rows else None,
        older=of_row(rows[-1]) if more else None,
    )
