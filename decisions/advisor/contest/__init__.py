"""What comes first in many cases that differ in single answers: the order of `engine.rank`, without its reasons.

A hypothetical case needs no sentences, no ranges and mostly no prices, only to know who comes first. Each part of the
judgement (which requirements are musts, how a product meets one, what strains it, its hours, its CPU) is worked out
once for all that it reads, so that a changed answer costs what depends on it. The rules, costs and projections are the
same functions; the tests hold every result against the plain path.
"""

import math
from collections.abc import Collection

from decisions.advisor.case import Case
from decisions.advisor.catalog import Catalog
from decisions.advisor.compositions import Memory
from decisions.advisor.contest.entries import Field
from decisions.advisor.contest.parts import Parts
from decisions.advisor.contest.run import Contender, Run
from decisions.advisor.order import best_of, best_of_product, foremost
from decisions.advisor.questions import FIELDS
from decisions.advisor.recommendation import Approach

EVERYTHING = frozenset(FIELDS)
"""All answers: what differs is not known."""

__all__ = ["Contender", "Contest"]


class Contest:
    """Finds what comes first for changes of one case under one catalogue, and keeps what it works out on the way."""

    def __init__(self, case: Case, catalog: Catalog) -> None:
        self.case, self.catalog, self.memory = case, catalog, Memory()
        self._parts, self._field = Parts(catalog, self.memory), Field(catalog, self.memory)

    def first(self, case: Case, touched: Collection[str] = EVERYTHING) -> Contender:
        """What `engine.rank` puts first for a case that differs from the one at hand in answers `touched` alone."""
        run = Run(self._parts, self.case, case, touched)
        least, found = math.inf, []
        for entries in self._field.of(run.part):
            if entries[0].least_open > least:
                break
            row = [Contender(run, entry) for entry in entries]
            least = min(least, *[one.open for one in row])
            found += row
        return foremost(found)

    def keys(self, case: Case, touched: Collection[str]) -> tuple[tuple[object, ...], ...]:
        """The keys of the best composition of each approach, as `engine.rank` orders them."""
        run = Run(self._parts, self.case, case, touched)
        approaches: dict[Approach, list[Contender]] = {}
        for entries in self._field.of(run.part):
            one = best_of_product([Contender(run, entry) for entry in entries])
            approaches.setdefault(one.approach, []).append(one)
        return tuple(sorted(best_of(row).key for row in approaches.values()))

    def reads(self) -> frozenset[str]:
        """The paths of the answers that were read so far."""
        facets = (*self._parts.facets(), *(part.facets for part in self._field.parts()))
        return frozenset().union(*(one.seen for one in facets))
