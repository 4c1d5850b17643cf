"""What comes first in many cases that differ in single answers: the order of `engine.rank`, without its reasons.

A hypothetical case needs no sentences, no ranges and mostly no prices, only to know who comes first. Each part of the
judgement (which requirements are musts, how a product meets one, what strains it, its hours, its CPU) is worked out
once for all that it reads, so that a changed answer costs what depends on it. The rules, costs and projections are the
same functions; the tests hold every result against the plain path.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from decisions.advisor.case import Case
from decisions.advisor.catalog import Catalog
from decisions.advisor.contest.arena import Arena, arena_of
from decisions.advisor.contest.before import Before
from decisions.advisor.contest.contender import LIMITED, Contender
from decisions.advisor.contest.entries import Entry, Row
from decisions.advisor.contest.run import Overs, Run
from decisions.advisor.order import best_of, best_of_product, foremost, least_strained
from decisions.advisor.questions import FIELDS
from decisions.advisor.recommendation import Approach

EVERYTHING = frozenset({*FIELDS, "scopes"})
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
        self._keyed: dict[Row, frozenset[str]] = {}
        self._overs: Overs = {}
        self._weighed: tuple[Entry, ...] = ()
        self._decisive: frozenset[str] = frozenset()
        """What decides who of the same field leads, rules aside."""
        self._costly: frozenset[str] = frozenset()
        """What decides who of those that lead comes first."""
        self._field_reads: frozenset[str] = frozenset()

    def first(self, case: Case, touched: Collection[str] = EVERYTHING) -> Contender:
        """What `engine.rank` puts first for a case that differs from the one at hand in answers `touched` alone."""
        first = self._first or self._lead()
        run = self._hypothetical(case, touched)
        limits_stand = self._decisive.isdisjoint(touched)
        if limits_stand:
            run.overs = self._overs
        if limits_stand and self._rows_of(run) is self._rows and run.all_stand(self._weighed):
            if self._costly.isdisjoint(touched):
                return first
            return foremost([Contender(run, entry) for entry in self._leaders], first.approach)
        return foremost(self._leading(run), first.approach)

    def _lead(self) -> Contender:
        """Who leads in the case at hand before costs are compared, who comes first, and the answers that decide."""
        run = self.arena.run(self._before, self.case, ())
        least_open = self._least_open(run)
        leading = least_strained(least_open)
        self._overs = run.overs
        self._rows, self._open = self.arena.field.of(run.part), tuple(one.entry for one in least_open)
        self._field_reads = self.arena.field.reads(self._rows[0].needs)
        self._leaders = tuple(one.entry for one in leading)
        self._weighed = self._visited(least_open[0].open)
        self._first = foremost(leading)
        self._decisive = self.arena.parts.decisive(run.limits)
        self._costly = self.arena.parts.costly([one.product.id for one in leading])
        return self._first

    def _visited(self, least: int) -> tuple[Entry, ...]:
        """The entries whose weight says who leaves the least open in the case at hand."""
        return tuple(entry for row in self._rows if row.least_open <= least for entry in row.entries)

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
        rows = self._rows_of(run)
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

    def _rows_of(self, run: Run) -> tuple[Row, ...]:
        """The field of a changed case; what is the same as that of the case at hand is the same object."""
        stays = bool(self._rows) and self._field_reads.isdisjoint(run.touched)
        return self._rows if stays else self.arena.field.of(run.part)

    def after(self, case: Case, touched: Collection[str]) -> tuple[Contender, ...]:
        """The best composition of each approach for a changed case, best first."""
        return tuple(sorted(self._standing(self._hypothetical(case, touched)), key=lambda one: one.key))

    def _hypothetical(self, case: Case, touched: Collection[str]) -> Run:
        """A run on a case that nobody asks for again."""
        return self.arena.run(self._before, case, touched, noting=False)

    def standing(self) -> tuple[Contender, ...]:
        """The best composition of each approach for the case at hand, best first, as `engine.rank` orders them."""
        run = self.arena.run(self._before, self.case, ())
        return tuple(sorted(self._standing(run), key=lambda one: one.key))

    def moves(self, case: Case, touched: Collection[str], known: Mapping[Approach, tuple[object, ...]]) -> bool:
        """Whether a changed case has another key for any approach than `known`, those of the case at hand."""
        run = self._hypothetical(case, touched)
        same_field = self._rows_of(run) is self._rows
        for approach, rows in _by_approach(self._rows_of(run)):
            if not (same_field and all(self._stands(run, row) for row in rows)) and (
                _best(run, rows).key != known[approach]
            ):
                return True
        return False

    def _stands(self, run: Run, row: Row) -> bool:
        """Whether a product of the same field is known to have the key that it has in the case at hand."""
        if not self._decisive.isdisjoint(run.touched):
            return False
        if row not in self._keyed:
            before = self.arena.run(self._before, self.case, ())
            _best(before, [row]).key  # noqa: B018 - what it reads is known then
            self._keyed[row] = self.arena.parts.costly([row.product.id])
        return self._keyed[row].isdisjoint(run.touched) and run.all_stand(row.entries)

    def _standing(self, run: Run) -> Iterator[Contender]:
        return (_best(run, rows) for _, rows in _by_approach(self._rows_of(run)))

    def reads(self) -> frozenset[str]:
        """The paths of the answers that were read so far, for this case or for another one."""
        return self.arena.reads()


def _by_approach(rows: Iterable[Row]) -> list[tuple[Approach, list[Row]]]:
    """The rows of each approach, in the order of the approaches' names."""
    found: dict[Approach, list[Row]] = {}
    for row in rows:
        found.setdefault(row.product.approach, []).append(row)
    return sorted(found.items())


def _best(run: Run, rows: Sequence[Row]) -> Contender:
    """What stands for the approach of these rows."""
    return best_of([best_of_product([Contender(run, entry) for entry in row.entries]) for row in rows])
