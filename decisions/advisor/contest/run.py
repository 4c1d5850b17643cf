"""One case under judgement: its compositions as contenders, which know what they are ordered by and no more."""

import math
from collections.abc import Collection
from typing import Any, TypeVar, cast

from decisions.advisor.burden import TERMS, Books, Prices
from decisions.advisor.case import Case
from decisions.advisor.compositions import Reserved
from decisions.advisor.contest.before import Before, together
from decisions.advisor.contest.entries import Entry, Shared
from decisions.advisor.contest.parts import Figures, Parts, Place
from decisions.advisor.measures import Measure
from decisions.advisor.once import once
from decisions.advisor.order import infeasibility, maturity, order
from decisions.advisor.reckoning import LIKELY
from decisions.advisor.recommendation import Approach
from decisions.advisor.rules import DECIDING, found_by
from decisions.advisor.rules.limits import overshoot
from decisions.advisor.sizes import Sizes
from decisions.advisor.watching import Remembered

T = TypeVar("T")


class Run:
    """One case under judgement, with what all products share.

    A run that is `noting` notes what is read of the case and keeps what it works out for further cases. One that is not
    works out anew what reads a touched answer, and no more: quicker for a case that nobody asks for again.
    """

    def __init__(
        self, parts: Parts, before: Before, case: Case, touched: Collection[str], *, noting: bool = True
    ) -> None:
        self.parts, self.case = parts, case
        self._before, self.touched, self._noting = before, touched, noting
        self._is_before = case is before.case
        self._weights: dict[Entry, tuple[int, int]] = {}
        self._hours: dict[Shared, list[float]] = {}
        self._small: dict[int, float] = {}
        self._estates: dict[tuple[str, ...], Place] = {}
        self._own_parts: dict[Remembered[Case, Any], Any] = {}
        self._books: dict[Entry, Books[float]] = {}

    def part(self, remembered: Remembered[Case, T]) -> T:
        """A part of the judgement for this case."""
        found = self._before.part(remembered)
        # Only now is all known that the part reads of the case at hand.
        if remembered.facets.seen.isdisjoint(self.touched):
            return found
        if self._noting or remembered.few:
            return remembered.of(self.case)
        if remembered not in self._own_parts:
            self._own_parts[remembered] = remembered.work(self.case)
        return cast("T", self._own_parts[remembered])

    @once
    def limits(self) -> tuple[tuple[str, float], ...]:
        """The ceilings there are, by figure."""
        found = vars(self.part(self.parts.ceilings))
        return tuple((name, limit) for name, limit in found.items() if limit is not None)

    @once
    def prices(self) -> Prices:
        """What hours, CPU and memory cost."""
        return self.part(self.parts.prices)

    @once
    def present(self) -> str:
        """The product id of the mesh that runs today, or an empty text."""
        found = self.part(self.parts.present)
        return found if found in self.parts.catalog.products else ""

    @once
    def reserved(self) -> Reserved | None:
        """What the sidecars of today reserve."""
        return self.part(self.parts.reserved)

    def open(self, entry: Entry) -> int:
        """What an entry leaves open: musts, blocks, and what is not allowed."""
        return entry.least_open + 2 * self.weight(entry)[0]

    def weight(self, entry: Entry) -> tuple[int, int]:
        """How many rules rule it out, and how many strain it."""
        weight = self._weights.get(entry)
        if weight is None:
            self._weights[entry] = weight = self._weighed(entry)
        return weight

    def _weighed(self, entry: Entry) -> tuple[int, int]:
        known = self._before.findings.get(entry)
        if known is not None:
            return self._other(entry, *known)
        if not self._is_before:
            return self._further(entry)
        found = [self._finding(entry, place) for place in range(len(DECIDING))]
        self._before.findings[entry] = together(found), found
        return together(found)

    def _further(self, entry: Entry) -> tuple[int, int]:
        """The weight of an entry that is not one of the case at hand."""
        knew = self._before.knows(entry.product.id)
        of_product = self._before.of_product(entry)
        if not knew:
            # What the rules read of a further product may be touched as well.
            self.__dict__.pop("changed", None)
        out, strained = self._other(entry, *of_product.findings)
        for place in of_product.open_:
            if place not in self.changed:
                now = self._finding(entry, place)
                out, strained = out + now[0], strained + now[1]
        return out, strained

    def _other(self, entry: Entry, weight: tuple[int, int], before: list[tuple[int, int]]) -> tuple[int, int]:
        """The weight where the rules that read a touched answer say something else than before."""
        if not self.changed:
            return weight
        out, strained = weight
        for place in self.changed:
            now, was = self._finding(entry, place), before[place]
            out, strained = out + now[0] - was[0], strained + now[1] - was[1]
        return out, strained

    @once
    def _numbers(self) -> list[int]:
        """The numbers of what each deciding rule reads."""
        found = self._before.rules.of_before()
        for place in self.changed:
            found[place] = self.parts.rules[place].number(self.case)
        return found

    @once
    def changed(self) -> list[int]:
        """The places of the deciding rules that may find something else than before."""
        return self._before.rules.changed(self.touched)

    def _finding(self, entry: Entry, place: int) -> tuple[int, int]:
        """What one rule says of an entry."""
        if not self._noting:
            return found_by(place, self._booked(entry).setting)
        facets = self.parts.rules[place]
        seen = len(facets.seen)
        found, _ = self.parts.finding(self.case, entry, place, self._numbers[place])
        if len(facets.seen) != seen:
            self._numbers[place] = facets.number(self.case)
        return found

    def _booked(self, entry: Entry) -> Books[float]:
        """The setting of an entry and its books, of which nothing is noted."""
        if entry not in self._books:
            self._books[entry] = Books(self.parts.setting(entry, self.case), LIKELY, self._sizes)
        return self._books[entry]

    @once
    def _sizes(self) -> Sizes[float]:
        return Sizes(self.case, self.parts.catalog, LIKELY)

    def hours(self, entry: Entry) -> float:
        """The likely hours a month."""
        own: list[float] = []
        if entry.product.approach is not Approach.NO_MESH:
            if entry.share not in self._hours:
                self._hours[entry.share] = self._own(entry)
            own = self._hours[entry.share]
        return math.fsum([*own, *[self._measured(entry, one) for one in entry.small]])

    def small_hours(self, entry: Entry) -> float:
        """Those of them that the small measures take."""
        return math.fsum([self._measured(entry, one) for one in entry.small])

    def least_hours(self, entry: Entry) -> float:
        """Hours a month that it costs at least: those of the terms that the touched answers leave as they are."""
        found, touched = 0.0, self.touched
        if entry.product.approach is not Approach.NO_MESH:
            for place, facets in enumerate(self.parts.terms[entry.product.id]):
                hours = self._before.hours(entry, place, carried=False)
                if hours is not None and facets.seen.isdisjoint(touched):
                    found += hours
        return found

    def _own(self, entry: Entry) -> list[float]:
        found, before, touched = [], self._before, self.touched
        for place, facets in enumerate(self.parts.terms[entry.product.id]):
            hours = before.hours(entry, place, carried=self._noting)
            if hours is None or not facets.seen.isdisjoint(touched):
                hours = self._term(entry, place)
            found.append(hours)
        return found

    def _term(self, entry: Entry, place: int) -> float:
        """The likely hours of one term of a case in which they may be others than before."""
        if self._noting:
            return self.parts.hours(self.case, entry, place)[0]
        found: float = TERMS[place].hours(self._booked(entry)) or 0.0
        return found

    def _measured(self, entry: Entry, measure: Measure) -> float:
        if id(measure) not in self._small:
            self._small[id(measure)] = self.part(self.parts.add_on(entry, measure))
        return self._small[id(measure)]

    def figures(self, entry: Entry) -> Figures:
        """What the entry's product would use here."""
        if entry.l7 not in self._estates:
            self._estates[entry.l7] = self.parts.estate(self.part, entry.l7)
        return self._estates[entry.l7].figures(entry.product.projected_as or entry.product.id)

    def displaced_ms(self, entry: Entry) -> float:
        """Likely milliseconds that the mesh of today adds to the p99 of the path."""
        product = self.parts.catalog.products[self.present]
        return self._estates[entry.l7].figures(product.projected_as or product.id).p99_ms


LIMITED = {
    "cpu_vcpu": "cpu_vcpu",
    "memory_gib": "memory_gib",
    "p99_ms": "on_top_ms",
    "money_per_month": "money_per_month",
}
"""The figure that is held against each ceiling."""


class Contender:
    """One composition in one case, with what it is ordered by; see `Composition` for what each means."""

    def __init__(self, run: Run, entry: Entry) -> None:
        self._run, self.entry = run, entry
        self.product, self.approach = entry.product, entry.product.approach

    @once
    def open(self) -> int:
        """What is left open."""
        return self._run.open(self.entry)

    @property
    def ruled_out(self) -> bool:
        """Whether a must stays open or the platform does not allow it."""
        return bool(self.entry.unmet or self._run.weight(self.entry)[0])

    @once
    def pressed(self) -> int:
        """How many musts are met under strain; limits aside."""
        return self._run.weight(self.entry)[1] + self.entry.strained

    @once
    def _over(self) -> tuple[int, float]:
        """How many limits are broken, and by how much together."""
        found = [(getattr(self, LIMITED[name]), limit) for name, limit in self._run.limits]
        broken = [overshoot(likely, limit) for likely, limit in found if likely > limit]
        return len(broken), sum(broken)

    @once
    def on_top_ms(self) -> float:
        """Likely milliseconds added to the p99 of today; see `limits.on_top`."""
        own, present = self.p99_ms, self._run.present
        if not present:
            return own
        return 0.0 if self.product.id == present else max(0.0, own - self._run.displaced_ms(self.entry))

    @once
    def strains(self) -> int:
        """How many musts are met under strain or limits are broken."""
        return self.pressed + self._over[0]

    @once
    def feasibility(self) -> tuple[int, int, int]:
        """Open, strains, overshoot."""
        return infeasibility(self.open, self.strains, self._over[1])

    @once
    def likely_hours(self) -> float:
        """The likely hours a month."""
        return self._run.hours(self.entry)

    @once
    def least_hours(self) -> float:
        """Hours a month that it costs at least."""
        return self._run.least_hours(self.entry)

    @property
    def small_hours(self) -> float:
        """Those of them that the small measures take."""
        return self._run.small_hours(self.entry)

    @once
    def money_per_month(self) -> float:
        """The likely money a month."""
        return self._run.prices.likely_money(self.likely_hours, self.cpu_vcpu, self.memory_gib)

    @once
    def _figures(self) -> Figures:
        return self._run.figures(self.entry)

    @property
    def cpu_vcpu(self) -> float:
        """Likely vCPU."""
        found = self._run.reserved
        if found and found.product == self.product.id:
            return found.cpu_vcpu
        return self._figures.cpu_vcpu

    @property
    def memory_gib(self) -> float:
        """Likely GiB."""
        found = self._run.reserved
        if found and found.product == self.product.id:
            return found.memory_gib
        return self._figures.memory_gib

    @property
    def p99_ms(self) -> float:
        """Likely milliseconds added to the p99 of the critical path."""
        return self._figures.p99_ms

    @once
    def burden(self) -> float:
        """Hours a month with CPU and memory turned into hours."""
        return self.money_per_month / self._run.prices.hour.likely

    @once
    def key(self) -> tuple[object, ...]:
        """The order of approaches."""
        return order(self.feasibility, self.burden, self.p99_ms, self.product)

    @property
    def maturity(self) -> int:
        """How mature the project is."""
        return maturity(self.product)

    @property
    def add_on_ids(self) -> list[str]:
        """The add-ons, to make the order total."""
        return [one.sheet.id for one in self.entry.add_ons]
