"""What a list of decisions can be narrowed by; every choice stands in the address and nowhere else."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.http import QueryDict
from django.utils import timezone

from decisions.advice import catalogue
from decisions.advisor.catalog.age import NEAR, support_ends_near
from decisions.advisor.recommendation import APPROACH_TITLES, Confidence
from decisions.advisor.requirements import REQUIREMENTS, begun
from decisions.models import DecisionQuerySet, Need, Outlook, Status, Team
from decisions.models.search import first_found, matching

FEW = 500
"""Decisions that a search has found are named one by one up to so many."""
LONGEST = 100
"""Characters of a search that are looked at."""
SOON = NEAR
"""How far ahead a review is called near, as the end of a product's support is."""

Options = Sequence[tuple[str, str]]
TITLES = {approach.value: title for approach, title in APPROACH_TITLES.items()}
AGES: Mapping[str, tuple[str, int, bool]] = {
    "7": ("Changed in the last 7 days", 7, True),
    "30": ("Changed in the last 30 days", 30, True),
    "90": ("Changed in the last 90 days", 90, True),
    "older-90": ("Not changed for 90 days", 90, False),
    "older-365": ("Not changed for a year", 365, False),
}
"""Value in the address -> (words, days, whether changed since then rather than before)."""


@dataclass(frozen=True, kw_only=True)
class Filter:
    """One thing a list is narrowed by. `options` are (value, words); none of them means that a date is asked for."""

    name: str
    label: str
    condition: Callable[[str], Q]
    options: Callable[[], Options] = tuple
    everything: str = "Any"
    more: bool = True
    """Whether it waits under "More filters"."""

    def accepts(self, value: str) -> bool:
        """Whether a value of the address is one of those on offer."""
        offered = self.options()
        if offered:
            return any(value == one for one, _ in offered)
        try:
            return bool(dt.date.fromisoformat(value))
        except ValueError:
            return False


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A filter with what is chosen in it, for the form."""

    name: str
    label: str
    everything: str
    value: str
    options: Options


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What the address asks for. Values nobody offers count as not given."""

    q: str = ""
    status: str = ""
    team: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    """Name of a filter -> its value."""

    @property
    def narrowed(self) -> bool:
        """Whether a filter beside the search narrows the list."""
        return bool(self.status or self.team or self.values)

    @property
    def any(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.q) or self.narrowed

    @property
    def several(self) -> bool:
        """Whether one of the filters under "More filters" is set."""
        return any(one.more and one.name in self.values for one in FILTERS)

    def parameters(self) -> dict[str, str]:
        """Name -> value, as they stand in the address."""
        given = {"q": self.q, "status": self.status, "team": self.team, **self.values}
        return {name: value for name, value in given.items() if value}

    def address(self, **changes: str) -> str:
        """The query of the same list with other values."""
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in (self.parameters() | changes).items() if value})
        return f"?{query.urlencode()}" if query else "?"

    def without_status(self) -> "Chosen":
        """The same, whatever the status."""
        return replace(self, status="")


def read(query: QueryDict, teams: set[str]) -> Chosen:
    """What an address asks for, as far as it is on offer. `teams` are the keys of those the user sees."""
    status, team = query.get("status", ""), query.get("team", "")
    values = {one.name: query.get(one.name, "") for one in FILTERS}
    return Chosen(
        q=" ".join(query.get("q", "").replace("\x00", "").split())[:LONGEST],
        status=status if status in Status.values else "",
        team=team if team in teams else "",
        values={one.name: values[one.name] for one in FILTERS if values[one.name] and one.accepts(values[one.name])},
    )


def searched(reached: DecisionQuerySet, chosen: Chosen) -> DecisionQuerySet:
    """The decisions whose words are searched for.

    One query asks which they are. Where they are few they are named from then on: a database that does not know how
    rare a word is would look for it in everything, in the order of the list.
    """
    found = matching(chosen.q) if chosen.q else None
    if found is None:
        return reached.none() if chosen.q else reached  # signs only, no word to look for
    keys = first_found(chosen.q, FEW + 1)
    return reached.filter(pk__in=keys) if len(keys) <= FEW else reached.filter(found)


def narrowed(reached: DecisionQuerySet, chosen: Chosen) -> DecisionQuerySet:
    """The decisions that match in everything; what is searched for is found already."""
    if chosen.status:
        reached = reached.filter(status=chosen.status)
    if chosen.team:
        reached = reached.filter(team=int(chosen.team))
    for one in FILTERS:
        if one.name in chosen.values:
            reached = reached.filter(one.condition(chosen.values[one.name]))
    return reached


def shown(chosen: Chosen, *, more: bool) -> list[Shown]:
    """The filters of one part of the form."""
    return [
        Shown(
            name=one.name,
            label=one.label,
            everything=one.everything,
            value=chosen.values.get(one.name, ""),
            options=one.options(),
        )
        for one in FILTERS
        if one.more is more
    ]


def near_end_of_support(today: dt.date) -> list[str]:
    """The products whose described version is out of support, or will be soon; ids."""
    return [product.id for product in catalogue().products.values() if support_ends_near(product, today)]


def _age(value: str) -> Q:
    _, days, since = AGES[value]
    border = timezone.now() - dt.timedelta(days=days)
    return Q(**{"changed_at__gte" if since else "changed_at__lt": border})


def _review(value: str) -> Q:
    today = timezone.localdate()
    dates = {
        "overdue": Q(review_on__lt=today),
        "soon": Q(review_on__gte=today, review_on__lte=today + SOON),
        "none": Q(review_on=None),
    }
    return Q(status=Status.ACCEPTED) & dates[value]


def _need(value: str) -> Q:
    return Q(Exists(Need.objects.filter(decision=OuterRef("pk"), requirement=value, must=True)))


def _outlook(value: str) -> Q:
    if value == "affected":
        return Q(status=Status.ACCEPTED, outlook__in=(Outlook.NUMBERS, Outlook.DIFFERENT))
    return Q(status=Status.ACCEPTED, outlook="" if value == "unjudged" else value)


def _decided(value: str, *, since: bool) -> Q:
    day = dt.datetime.combine(dt.date.fromisoformat(value), dt.time(), dt.UTC)
    # COALESCE keeps a database that does not know how many rows match from sorting all of them by another index.
    decided = Coalesce(F("decided_at"), F("decided_at"))
    return Q(GreaterThanOrEqual(decided, day) if since else LessThan(decided, day + dt.timedelta(days=1)))


def _products() -> Options:
    return sorted(((one.id, one.title) for one in catalogue().products.values()), key=lambda one: one[1].casefold())


def _outlooks() -> Options:
    judged = [(one.value, one.label) for one in reversed(Outlook)]
    return [("affected", "Affected by a change of the catalogue"), *judged, ("unjudged", "Not judged again yet")]


FILTERS: tuple[Filter, ...] = (
    Filter(
        name="approach",
        label="Approach",
        everything="All approaches",
        options=lambda: list(TITLES.items()),
        condition=lambda value: Q(approach=value),
        more=False,
    ),
    Filter(
        name="age",
        label="Age",
        everything="Any age",
        options=lambda: [(value, words) for value, (words, _, _) in AGES.items()],
        condition=_age,
        more=False,
    ),
    Filter(name="product", label="Product", options=_products, condition=lambda value: Q(product=value)),
    Filter(
        name="requirement",
        label="Counted as must-have",
        options=lambda: [(one.id, begun(one.noun)) for one in REQUIREMENTS],
        condition=_need,
    ),
    Filter(
        name="confidence",
        label="Confidence",
        options=lambda: [(one.value, one.value.capitalize()) for one in Confidence],
        condition=lambda value: Q(confidence=value),
    ),
    Filter(
        name="review",
        label="Review",
        options=lambda: [("overdue", "Overdue"), ("soon", f"Due within {SOON.days} days"), ("none", "No date set")],
        condition=_review,
    ),
    Filter(name="outlook", label="Judged again today", options=_outlooks, condition=_outlook),
    Filter(
        name="evidence",
        label="Evidence",
        options=lambda: [("missing", "A must-have kept without evidence"), ("complete", "All must-haves backed")],
        condition=lambda value: Q(
            revision__gt=0, **{"musts_without_evidence" + ("__gt" if value == "missing" else ""): 0}
        ),
    ),
    Filter(
        name="support",
        label="Support",
        options=lambda: [("ending", f"Product out of support within {SOON.days} days")],
        condition=lambda _value: Q(status=Status.ACCEPTED, product__in=near_end_of_support(timezone.localdate())),
    ),
    Filter(name="from", label="Decided from", condition=lambda value: _decided(value, since=True)),
    Filter(name="until", label="Decided until", condition=lambda value: _decided(value, since=False)),
)
"""What lists are narrowed by, in the order of the form; a new filter is one entry here."""


def teams_of(teams: Sequence[Team]) -> set[str]:
    """The keys of teams, as an address names them."""
    return {str(team.pk) for team in teams}
