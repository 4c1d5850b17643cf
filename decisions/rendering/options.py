"""The five options side by side: requirements and costs as rows, approaches as columns, differences in words."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import Recommendation, Standing, Status
from decisions.advisor.record.figures import hidden_tail
from decisions.advisor.record.material import requirement_noun
from decisions.advisor.record.options import STATUS_WORDS
from decisions.advisor.record.words import ends, exact, likely, measure
from decisions.advisor.requirements import begun
from decisions.rendering.charts import Limits

SAME = 0.05
"""Of the recommended option's figure: a smaller difference is not worth a word."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One value with a second line; `state` is "bad" (a must-have missed), "none", "warn" (over a limit) or empty."""

    text: str
    state: str = ""
    status: Status | None = None
    """Where the option stands as a whole; a page says it in its own words."""
    more: str = ""
    ends: tuple[str, ...] = ()
    """The low and the high end of a figure."""
    by: tuple[str, ...] = ()
    """The small measures that meet a requirement."""
    option: str = ""
    """The column's title, for where columns do not fit side by side."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What somebody gets and pays who takes an option instead of the recommended one.

    `changes` are (how much, unit, whether it is more); `best` stands for the recommended option itself. `option` is
    the title of its column.
    """

    best: bool
    option: str
    missed: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()
    changes: tuple[tuple[str, str, bool], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row; `weight` is "must" or "nice" for a requirement, else empty. `limit` is the limit given, in words."""

    title: str
    cells: tuple[Cell, ...]
    weight: str = ""
    limit: str = ""


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """The table. `columns` are the standings in the order of the ranking, `differences` one sentence for each."""

    columns: tuple[Standing, ...]
    requirements: tuple[Line, ...]
    costs: tuple[Line, ...]
    standing: Line
    differences: tuple[Difference, ...]
    hidden_tail: str
    """Why p99 may grow by less than p50, where it does."""


def matrix(answer: Recommendation, limits: Limits | None, *, priced: bool) -> Matrix:
    """The table for an answer, with the limits that were given; `priced` says that an hour of work has a price."""
    ranking, best = answer.ranking, answer.best
    musts = (*best.musts_met, *best.musts_missed)
    nice = (*best.nice_met, *best.nice_missed)
    return Matrix(
        columns=ranking,
        hidden_tail=hidden_tail(ranking),
        requirements=tuple(
            _requirement(ranking, one, weight) for weight, ids in (("must", musts), ("nice", nice)) for one in ids
        ),
        costs=tuple(_cost(ranking, *one, limits) for one in COSTS if priced or one[1] != MONEY),
        standing=Line(
            title="Where it stands",
            cells=_beside(
                ranking,
                (
                    Cell(
                        text=STATUS_WORDS[one.status],
                        status=one.status,
                        more=one.summary,
                        state="bad" if one.status is Status.RULED_OUT else "",
                    )
                    for one in ranking
                ),
            ),
        ),
        differences=tuple(_difference(best, one) for one in ranking),
    )


MONEY = "money_per_month"
COSTS: tuple[tuple[str, str, Callable[[Standing], Range]], ...] = (
    ("Hours a month", "", lambda one: one.hours_per_month),
    ("Money a month", MONEY, lambda one: one.money_per_month),
    ("CPU, vCPU", "cpu_vcpu", lambda one: one.overhead.cpu_vcpu),
    ("Memory, GiB", "memory_gib", lambda one: one.overhead.memory_gib),
    ("Added to p50, ms", "", lambda one: one.overhead.p50_ms),
    ("Added to p99, ms", "p99_ms", lambda one: one.overhead.p99_ms),
)
"""Title, the name of its limit, and the figure."""


COMPARED: tuple[tuple[str, Callable[[Standing], Range]], ...] = (
    ("hours a month", lambda one: one.hours_per_month),
    ("vCPU", lambda one: one.overhead.cpu_vcpu),
    ("GiB", lambda one: one.overhead.memory_gib),
    ("ms at p99", lambda one: one.overhead.p99_ms),
)


def _requirement(ranking: Sequence[Standing], requirement: str, weight: str) -> Line:
    noun = requirement_noun(requirement)
    return Line(
        title=begun(noun),
        cells=_beside(ranking, (_meets(one, requirement) for one in ranking)),
        weight=weight,
    )


def _beside(ranking: Sequence[Standing], cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """The cells of a row, each with the title of its column."""
    return tuple(replace(cell, option=one.approach.title) for one, cell in zip(ranking, cells, strict=True))


def _meets(standing: Standing, requirement: str) -> Cell:
    if requirement in standing.musts_missed:
        return Cell(text="Not met", state="bad")
    if requirement in standing.nice_missed:
        added = tuple(measure(one) for one in standing.nice_offered if one.requirement == requirement)
        return Cell(text="Can be added" if added else "Not met", state="none", by=added)
    extra = tuple(measure(one) for one in standing.add_ons if one.requirement == requirement)
    return Cell(text="Met", by=extra)


def _cost(
    ranking: Sequence[Standing], title: str, limit_name: str, of: Callable[[Standing], Range], limits: Limits | None
) -> Line:
    limit = getattr(limits, limit_name, None) if limit_name else None
    return Line(
        title=title,
        limit=f"at most {exact(float(limit))}" if limit is not None else "",
        cells=_beside(ranking, (_figure(of(one), limit) for one in ranking)),
    )


def _figure(quantity: Range, limit: float | None) -> Cell:
    if quantity.high == 0:
        return Cell(text="0")
    over = limit is not None and quantity.likely > limit
    spread = () if quantity.low == quantity.high else tuple(ends(quantity).split(" to "))
    return Cell(text=likely(quantity), ends=spread, state="warn" if over else "")


def _difference(best: Standing, other: Standing) -> Difference:
    if other is best:
        return Difference(best=True, option=other.approach.title)
    ours, theirs = (*best.musts_met, *best.nice_met), (*other.musts_met, *other.nice_met)
    changes = (_change(of(best).likely, of(other).likely, unit) for unit, of in COMPARED)
    return Difference(
        best=False,
        option=other.approach.title,
        missed=tuple(requirement_noun(one) for one in ours if one not in theirs),
        gained=tuple(requirement_noun(one) for one in theirs if one not in ours),
        changes=tuple(one for one in changes if one),
    )


def _change(ours: float, theirs: float, unit: str) -> tuple[str, str, bool] | None:
    by = theirs - ours
    if abs(by) <= SAME * max(abs(ours), abs(theirs)) or by == 0:
        return None
    return likely(Range(low=abs(by), likely=abs(by), high=abs(by))), unit, by > 0
