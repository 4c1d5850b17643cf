"""The order of compositions: what is feasible, then what is least to run. For the ranking and for a contest."""

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol, TypeVar, cast

from decisions.advisor.catalog import Level, Product
from decisions.advisor.present import same_mesh
from decisions.advisor.recommendation import Approach

CLOSE = 1.25
"""Planning value: hours less than a quarter apart are the same for all that planning values can tell."""


class Ranked(Protocol):
    """What a composition is ordered by."""

    @property
    def product(self) -> Product:
        """The product."""

    @property
    def approach(self) -> Approach:
        """The approach it belongs to."""

    @property
    def add_on_ids(self) -> list[str]:
        """The add-ons."""

    @property
    def open(self) -> int:
        """What is left open."""

    @property
    def pressed(self) -> int:
        """How many musts are met under strain, limits aside."""

    @property
    def strains(self) -> int:
        """The same with the limits that are broken."""

    @property
    def feasibility(self) -> tuple[int, int, int]:
        """Open, strains, overshoot."""

    @property
    def likely_hours(self) -> float:
        """Hours a month."""

    @property
    def burden(self) -> float:
        """Hours a month with CPU and memory turned into hours."""

    @property
    def price(self) -> tuple[float, float, str]:
        """The order of what is equally feasible."""

    @property
    def key(self) -> tuple[object, ...]:
        """The whole order."""

    @property
    def precedence(self) -> int:
        """What decides between products whose hours are close."""


R = TypeVar("R", bound=Ranked)


def infeasibility(left_open: int, strains: int, overshoot: float) -> tuple[int, int, int]:
    """The first part of the order, the least first: what is open, strains, overshoot.

    An overshoot counts in whole powers of e, since projections are no sharper.
    """
    return left_open, strains, math.floor(overshoot + 0.5)


def priced(burden: float, p99_ms: float, product: Product) -> tuple[float, float, str]:
    """The order of what is equally feasible: least burden, then added p99; the id makes it total.

    The order of sheets plays no part. What comes before it in the order of approaches is feasibility.
    """
    return round(burden, 2), round(p99_ms, 4), product.id


def precedence(product: Product, present: str) -> int:
    """What decides between products whose hours are close: that it runs today, then how mature the project is.

    A mesh that runs is not replaced for a difference no planning value can tell. Maturity is how many of two facts the
    project has in full: CNCF maturity, and stable artefacts under an open licence.
    """
    mature = [product.facts[name].value is Level.FULL for name in ("cncf_maturity", "licence_cost")]
    return sum(mature) + (1 + len(mature)) * same_mesh(product.id, present)


def leading(candidates: Sequence[R]) -> list[R]:
    """The candidates of the least feasibility, found without projecting or pricing what falls behind earlier."""
    if len(candidates) == 1:
        return list(candidates)
    least = min(one.open for one in candidates)
    return least_strained([one for one in candidates if one.open == least])


def least_strained(candidates: Sequence[R]) -> list[R]:
    """The same of candidates that leave the same open."""
    if len(candidates) == 1:
        return list(candidates)
    found: list[R] = []
    for one in sorted(candidates, key=lambda one: one.pressed):
        if found and one.pressed > found[0].strains:
            # Limits only add strains: nothing from here on can come level.
            break
        found.append(one)
        if len(found) > 1 and one.strains < found[0].strains:
            found = [one, *found[:-1]]
    if len(found) == 1:
        return found
    best = min(one.feasibility for one in found)
    return [one for one in found if one.feasibility == best]


def best_of(candidates: Sequence[R]) -> R:
    """The composition that stands for its approach.

    Feasibility decides first, then burden. Where the hours of two products are within a quarter, which is the same for
    all that planning values can tell, what runs today goes first, then the maturity of the project, and burden after
    it: the published resource figures of single products differ more between sources than between products.
    """
    return _standing_for(leading(candidates))


def _standing_for(feasible: Sequence[R]) -> R:
    """The same of candidates that are all equally feasible."""
    if len(feasible) == 1:
        return feasible[0]
    least = min(feasible, key=lambda one: one.price)
    close = [one for one in feasible if one.likely_hours <= least.likely_hours * CLOSE]
    return min(close, key=lambda one: (-one.precedence, one.price))


def best_of_product(candidates: Sequence[R]) -> R:
    """Of one product with several choices of add-ons the one that comes first."""
    return _lightest(leading(candidates))


def _lightest(feasible: Sequence[R]) -> R:
    """The same of candidates that are all equally feasible."""
    return feasible[0] if len(feasible) == 1 else min(feasible, key=lambda one: (one.price, one.add_on_ids))


class Bounded(Ranked, Protocol):
    """What is ordered by costs that can be bounded before they are worked out."""

    @property
    def least_hours(self) -> float:
        """Hours a month that it costs at least, quick to tell."""


B = TypeVar("B", bound=Bounded)


def foremost(feasible: Sequence[B], likely: Approach | None = None) -> B:
    """Of equally feasible choices of add-ons of all products the one that comes first, priced no more than it takes.

    `feasible` is what `leading` leaves. `likely` is the approach that is priced first, so that the others need not be.
    """
    if len(feasible) == 1:
        return feasible[0]
    approaches: dict[Approach, list[B]] = defaultdict(list)
    for one in feasible:
        approaches[one.approach].append(one)
    if len(approaches) == 1:
        return _first_of(feasible)
    found = _first_of(approaches.pop(likely)) if likely in approaches else None
    for least, row in sorted(((_least_hours(row), row) for row in approaches.values()), key=lambda one: one[0]):
        # CPU and memory only add to the hours, so that nothing from here on can cost less.
        if found is not None and least > found.burden + ROUNDING:
            break
        if found is not None and min(one.likely_hours for one in row) > found.burden + ROUNDING:
            continue
        one = _first_of(row)
        found = one if found is None or one.price < found.price else found
    return cast("B", found)


def _first_of(feasible: Sequence[B]) -> B:
    """What stands for an approach, of equally feasible choices of add-ons of its products."""
    products: dict[str, list[B]] = defaultdict(list)
    for one in feasible:
        products[one.product.id].append(one)
    return _standing_for([_lightest(row) for row in products.values()])


ROUNDING = 0.02
"""Hours that rounding may turn round."""


def _least_hours(row: Sequence[B]) -> float:
    return min(one.least_hours for one in row)
