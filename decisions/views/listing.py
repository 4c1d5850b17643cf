"""The list of decisions: searched, filtered, in pages; what was chosen stands in the address."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django_htmx.http import push_url

from decisions.access import overseen, person
from decisions.models import Decision, DecisionQuerySet, SavedFilter, Status, Team, User
from decisions.models.people import AUTHORS
from decisions.views import narrowing, paging
from decisions.views.narrowing import TITLES, Chosen

TEAMS_SHOWN = 500
COUNTED = 1000
"""Decisions of one status that are counted; beyond that the list says "1,000+" instead of reading all of them."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One decision of the list, in words."""

    decision: Decision
    approach: str
    age: str
    review_overdue: bool


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One status with how many decisions of it the other choices leave."""

    title: str
    count: int
    address: str
    chosen: bool
    value: str

    @property
    def words(self) -> str:
        """The count as it is shown."""
        return number(self.count)


def decisions(request: HttpRequest) -> HttpResponse:
    """All decisions the user sees."""
    user = person(request)
    teams = teams_of(user)
    chosen = narrowing.read(request.GET, narrowing.teams_of(teams))
    reached = narrowing.searched(within(user, teams), chosen)
    counts = counted(narrowing.narrowed(reached, chosen.without_status()), searched=bool(chosen.q))
    found = narrowing.narrowed(reached, chosen).with_names().select_related("changed_by").defer("case", "words")
    page = paging.page(found, request.GET)
    partial = bool(request.headers.get("HX-Request")) and not request.headers.get("HX-History-Restore-Request")
    total = counts.get(chosen.status, 0) if chosen.status else sum(counts.values())
    context = {
        "chosen": chosen,
        "teams": teams[:TEAMS_SHOWN],
        "several_organisations": len({team.organisation_id for team in teams}) > 1,
        "filters": narrowing.shown(chosen, more=False),
        "more_filters": narrowing.shown(chosen, more=True),
        "saved": [] if partial else SavedFilter.objects.of(user),
        "query": chosen.address().removeprefix("?"),
        "tabs": tabs(chosen, counts),
        "total": total,
        "total_words": number(total, beyond=any(count > COUNTED for count in counts.values())),
        "rows": rows(page.rows),
        "newer": chosen.address(newer=str(page.newer)) if page.newer else "",
        "older": chosen.address(older=str(page.older)) if page.older else "",
        "partial": partial,
        "oversees": partial or overseen(user).exists(),
        "may_start": bool(teams) and Team.objects.of(user, AUTHORS).exists(),
    }
    response = render(request, f"listing/decisions.html{'#found' if partial else ''}", context)
    patch_vary_headers(response, ("HX-Request",))
    if partial:
        places = {name: request.GET[name] for name in ("newer", "older") if paging.place(request.GET.get(name, ""))}
        push_url(response, request.path + chosen.address(**places).rstrip("?"))
    return response


def teams_of(user: User) -> list[Team]:
    """The teams whose decisions the user sees, by name."""
    return list(Team.objects.of(user).select_related("organisation").order_by("name", "pk"))


def within(user: User, teams: Sequence[Team]) -> DecisionQuerySet:
    """The decisions of `Decision.objects.of(user)`, asked for so that an index answers however many there are.

    Whoever sees all teams of an organisation is asked for that organisation, everybody else for their teams by key; the
    condition of `of` has a subquery in it, which keeps databases from reading the list in its order.
    """
    everything = Decision.objects.all()
    if user.is_superuser and user.is_active:
        return everything
    organisations = {team.organisation_id for team in teams}
    seen = {team.pk for team in teams}
    if len(organisations) == 1:
        (organisation,) = organisations
        others = Team.objects.filter(organisation=organisation).exclude(pk__in=seen)
        if not others.exists():
            return everything.filter(organisation=organisation)
    return everything.filter(team=next(iter(seen))) if len(seen) == 1 else everything.filter(team__in=seen)


def counted(found: DecisionQuerySet, *, searched: bool = False) -> dict[str, int]:
    """How many decisions there are of each status, up to COUNTED + 1; one query that never reads more.

    What a search finds SQLite has to gather first, so that it is gathered once and counted to its end.
    """
    if searched and connection.vendor == "sqlite":
        return dict(found.order_by().values_list("status").annotate(Count("pk")))
    ofs = {status.value: found.filter(status=status).order_by()[: COUNTED + 1] for status in Status}
    return {status: many for status, many in numbers(ofs).items() if many}


def numbers(some: Mapping[str, DecisionQuerySet]) -> dict[str, int]:
    """How many rows each of several queries finds, in one query; each is answered from the index that suits it.

    The order of the queries must be taken off: it would be paid for.
    """
    parts: list[str] = []
    values: list[Any] = []
    for name, found in some.items():
        try:
            text, given = found.values("pk").query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT %s AS name, COUNT(*) AS many FROM ({text}) AS some_{len(parts)}")  # noqa: S608 - our own
        values += [name, *given]
    if not parts:
        return dict.fromkeys(some, 0)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return dict.fromkeys(some, 0) | dict(cursor.fetchall())


def number(count: int, *, beyond: bool | None = None) -> str:
    """A count as people read it; what is beyond COUNTED is not counted to its end."""
    return f"{min(count, COUNTED):,}+" if count > COUNTED and beyond is not False else f"{count:,}"


def tabs(chosen: Chosen, counts: Mapping[str, int]) -> list[Tab]:
    """All, and the statuses in the order of a decision's life."""
    offered = [("", "All", sum(counts.values()))]
    offered += [(status.value, str(status.label), counts.get(status.value, 0)) for status in Status]
    return [
        Tab(title=title, count=count, address=chosen.address(status=value), chosen=value == chosen.status, value=value)
        for value, title, count in offered
    ]


def rows(found: Sequence[Decision]) -> list[Row]:
    """Decisions as the list shows them."""
    today = timezone.localdate()
    return [row(one, today) for one in found]


def row(decision: Decision, today: dt.date) -> Row:
    """A decision as the list shows it."""
    overdue = decision.status == Status.ACCEPTED and decision.review_on is not None and decision.review_on < today
    return Row(
        decision=decision,
        approach=TITLES.get(decision.approach, ""),
        age=age_in_words(decision.age(today)),
        review_overdue=overdue,
    )


def age_in_words(days: int) -> str:
    """Days as people say them: whole months from two, whole years from two, rounded down."""
    if days <= 0:
        return "Today"
    if days == 1:
        return "Yesterday"
    for size, unit in ((365, "years"), (30, "months")):
        if days >= 2 * size:
            return f"{days // size} {unit} ago"
    return f"{days} days ago"
