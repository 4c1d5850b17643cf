"""What comes first in many cases that differ in single answers: the order of `engine.rank`, without its reasons.

A hypothetical case needs no sentences, no ranges and mostly no prices, only to know who comes first. Each part of the
judgement (which requirements are musts, how a product meets one, what strains it, its hours, its CPU) is worked out
once for all that it reads, so that a changed answer costs what depends on it. The rules, costs and projections are the
same functions; the tests hold every result against the plain path.
"""

import math
from collections.abc import Collection, Iterator

from decisions.advisor.case import Case
from decisions.advisor.catalog import Catalog
from decisions.advisor.contest.arena import Arena, arena_of
from decisions.advisor.contest.before import Before
from decisions.advisor.contest.entries import Entry, Row
from decisions.advisor.contest.run import LIMITED, Contender, Run
from decisions.advisor.order import best_of, best_of_product, foremost, least_strained
from decisions.advisor.questions import FIELDS
from decisions.advisor.recommendation import Approach

EVERYTHING = frozenset(FIELDS)
"""All answers: what differs is not known."""

__all__ = ["LIMITED", "Contender", "Contest", "Run"]


class Contest:
    """Finds what comes first for changes of one case under one catalogue, and keeps what it works out on the way."""

    def __init__(self, case: Case, catalog: Catalog, arena: Arena | None = None) -> None:
        self.case, self.catalog, self.arena = case, catalog, arena or arena_of(catalog)
        self.memory = self.arena.memory
        self._before = Before(case, self.arena.parts)
        self._rows: tuple[Row, ...] = ()
        self._open: tuple[Entry, ...] = ()
        self._leaders: tuple[Entry, ...] = ()
        self._first: Contender | None = None
        self._decisive: frozenset[str] = frozenset()
        self._field_reads: frozenset[str] = frozenset()

    def first(self, case: Case, touched: Collection[str] = EVERYTHING) -> Contender:
        """What `engine.rank` puts first for a case that differs from the one at hand in answers `touched` alone."""
        first = self._first or self._lead()
        run = self.arena.run(self._before, case, touched, noting=False)
        if self._decisive.isdisjoint(touched):
            return foremost([Contender(run, entry) for entry in self._leaders], first.approach)
        return foremost(self._leading(run), first.approach)

    def _lead(self) -> Contender:
        """Who leads in the case at hand before costs are compared, who comes first, and the answers that decide."""
        run = self.arena.run(self._before, self.case, ())
        least_open = self._least_open(run)
        leading = least_strained(least_open)
        self._rows, self._open = self.arena.field.of(run.part), tuple(one.entry for one in least_open)
        self._field_reads = self.arena.field.reads(self._rows[0].needs)
        self._leaders = tuple(one.entry for one in leading)
        self._decisive = self.arena.decisive(run)
        self._first = foremost(leading)
        return self._first

    def field(self, case: Case, touched: Collection[str]) -> tuple[Run, tuple[Contender, ...]]:
        """The best composition of every product that leaves no more open than it has to, for a changed case."""
        run = self.arena.run(self._before, case, touched)
        products: dict[str, list[Contender]] = {}
        for one in self._least_open(run):
            products.setdefault(one.product.id, []).append(one)
        return run, tuple(best_of_product(row) for row in products.values())

    def _leading(self, run: Run) -> list[Contender]:
        """The contenders between which costs decide."""
        return least_strained(self._least_open(run))

    def _least_open(self, run: Run) -> list[Contender]:
        """The contenders that leave the least open."""
        stays = bool(self._rows) and self._field_reads.isdisjoint(run.touched)
        rows = self._rows if stays else self.arena.field.of(run.part)
        if rows is self._rows and not run.changed:
            return [Contender(run, entry) for entry in self._open]
        least, found = math.inf, []
        for row in rows:
            if row.least_open > least:
                break
            for entry in row.entries:
                left = run.open(entry)
                if left < least:
                    least, found = left, [entry]
                elif left == least:
                    found.append(entry)
        return [Contender(run, entry) for entry in found]

    def keys(self, case: Case, touched: Collection[str]) -> Iterator[tuple[object, ...]]:
        """The keys of the best composition of each approach, in the order of the approaches' names."""
        return (one.key for one in self._standing(self.arena.run(self._before, case, touched, noting=False)))

    def standing(self) -> tuple[Contender, ...]:
        """The best composition of each approach for the case at hand, best first, as `engine.rank` orders them."""
        run = self.arena.run(self._before, self.case, ())
        return tuple(sorted(self._standing(run), key=lambda one: one.key))

    def _standing(self, run: Run) -> Iterator[Contender]:
        approaches: dict[Approach, list[Contender]] = {}
        for row in self.arena.field.of(run.part):
            one = best_of_product([Contender(run, entry) for entry in row.entries])
            approaches.setdefault(one.approach, []).append(one)
        return (best_of(approaches[approach]) for approach in sorted(approaches))

    def reads(self) -> frozenset[str]:
        """The paths of the answers that were read so far, for this case or for another one."""
        return self.arena.reads()
