"""The list of decisions: searched, filtered, in pages; what was chosen stands in the address."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django_htmx.http import push_url

from decisions.access import person
from decisions.advisor.recommendation import APPROACH_TITLES
from decisions.models import Decision, DecisionQuerySet, Status, Team
from decisions.models.people import AUTHORS

ROWS = 25
LONGEST = 100
"""Characters of a search that are looked at."""
WORDS = 8
"""Words of a search that are looked for, each in every place."""
SEARCHED = ("number", "title", "system__name", "team__name", "product", "author__first_name", "author__last_name")
TEAMS_SHOWN = 500
AGES: Mapping[str, tuple[str, int, bool]] = {
    "7": ("Changed in the last 7 days", 7, True),
    "30": ("Changed in the last 30 days", 30, True),
    "90": ("Changed in the last 90 days", 90, True),
    "older-90": ("Not changed for 90 days", 90, False),
    "older-365": ("Not changed for a year", 365, False),
}
"""Value in the address -> (words, days, whether changed since then rather than before)."""
TITLES = {approach.value: title for approach, title in APPROACH_TITLES.items()}
FILTERS = ("q", "status", "team", "approach", "age")


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What the address asks for. Values nobody offers count as not given."""

    q: str = ""
    status: str = ""
    team: str = ""
    approach: str = ""
    age: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether a filter beside the search narrows the list."""
        return any(getattr(self, name) for name in FILTERS[1:])

    @property
    def any(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.q) or self.narrowed

    def address(self, **changes: str) -> str:
        """The query of the same list with other values."""
        values = {name: getattr(self, name) for name in FILTERS} | changes
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in values.items() if value})
        return f"?{query.urlencode()}" if query else "?"


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


def decisions(request: HttpRequest) -> HttpResponse:
    """All decisions the user sees."""
    user = person(request)
    teams = list(Team.objects.of(user).select_related("organisation").order_by("name", "pk")[:TEAMS_SHOWN])
    chosen = read(request.GET, {str(team.pk) for team in teams})
    today = timezone.localdate()
    wide = narrowed(Decision.objects.of(user), chosen)
    counts = dict(wide.order_by().values_list("status").annotate(Count("pk")))
    found = wide.filter(status=chosen.status) if chosen.status else wide
    total = counts.get(chosen.status, 0) if chosen.status else sum(counts.values())
    partial = bool(request.headers.get("HX-Request")) and not request.headers.get("HX-History-Restore-Request")
    page = pages(found.with_names().select_related("changed_by").defer("case"), total).get_page(request.GET.get("page"))
    context = {
        "chosen": chosen,
        "teams": teams,
        "several_organisations": len({team.organisation_id for team in teams}) > 1,
        "approaches": TITLES.items(),
        "ages": [(value, words) for value, (words, _, _) in AGES.items()],
        "tabs": tabs(chosen, counts),
        "page": page,
        "rows": [row(one, today) for one in page],
        "newer": chosen_page(chosen, page.previous_page_number()) if page.has_previous() else "",
        "older": chosen_page(chosen, page.next_page_number()) if page.has_next() else "",
        "partial": partial,
        "may_start": bool(teams) and Team.objects.of(user, AUTHORS).exists(),
    }
    response = render(request, f"listing/decisions.html{'#found' if partial else ''}", context)
    patch_vary_headers(response, ("HX-Request",))
    if partial:
        push_url(response, request.path + chosen_page(chosen, page.number).rstrip("?"))
    return response


def read(query: QueryDict, teams: set[str]) -> Chosen:
    """What the address asks for, as far as it is on offer."""
    offered: dict[str, Any] = {"status": set(Status.values), "team": teams, "approach": TITLES, "age": AGES}
    given = {name: query.get(name, "") for name in offered}
    known = {name: value if value in offered[name] else "" for name, value in given.items()}
    return Chosen(q=" ".join(query.get("q", "").replace("\x00", "").split())[:LONGEST], **known)


def narrowed(reached: DecisionQuerySet, chosen: Chosen) -> DecisionQuerySet:
    """The decisions that everything but the status leaves."""
    for word in chosen.q.split()[:WORDS]:
        anywhere = Q()
        for lookup in SEARCHED:
            anywhere |= Q(**{f"{lookup}__icontains": word})
        reached = reached.filter(anywhere)
    if chosen.team:
        reached = reached.filter(team=int(chosen.team))
    if chosen.approach:
        reached = reached.filter(approach=chosen.approach)
    if chosen.age:
        _, days, since = AGES[chosen.age]
        border = timezone.now() - dt.timedelta(days=days)
        reached = reached.filter(**{"changed_at__gte" if since else "changed_at__lt": border})
    return reached


def pages(found: DecisionQuerySet, total: int) -> Paginator:
    """The pages of a list whose length is known already."""
    paginator = Paginator(found, ROWS)
    paginator.count = total
    return paginator


def chosen_page(chosen: Chosen, number: int) -> str:
    """The query of another page of the same list."""
    query = chosen.address()
    return f"{query}{'' if query == '?' else '&'}page={number}" if number > 1 else query


def tabs(chosen: Chosen, counts: Mapping[str, int]) -> list[Tab]:
    """All, and the statuses in the order of a decision's life."""
    offered = [("", "All", sum(counts.values()))]
    offered += [(status.value, str(status.label), counts.get(status.value, 0)) for status in Status]
    return [
        Tab(title=title, count=count, address=chosen.address(status=value), chosen=value == chosen.status, value=value)
        for value, title, count in offered
    ]


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
