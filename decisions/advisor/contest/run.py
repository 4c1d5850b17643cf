"""One case under judgement: its compositions as contenders, which know what they are ordered by and no more."""

import math
from collections.abc import Collection, Iterator
from typing import TypeVar

from decisions.advisor.burden import TERMS, Books, Prices
from decisions.advisor.case import Case
from decisions.advisor.compositions import Reserved
from decisions.advisor.contest.before import Before
from decisions.advisor.contest.entries import Entry, Shared
from decisions.advisor.contest.parts import Figures, Parts
from decisions.advisor.measures import Measure
from decisions.advisor.once import once
from decisions.advisor.order import infeasibility, maturity, order
from decisions.advisor.overhead.estate import Estate
from decisions.advisor.reckoning import LIKELY
from decisions.advisor.recommendation import Approach
from decisions.advisor.rules import DECIDING, found_by
from decisions.advisor.rules.limits import overshoot
from decisions.advisor.sizes import Sizes
from decisions.advisor.watching import Remembered

T = TypeVar("T")


class Run:
    """One case under judgement, with what all products share."""

    def __init__(self, parts: Parts, before: Before, case: Case, touched: Collection[str]) -> None:
        self.parts, self.case = parts, case
        self._before, self._touched = before, touched
        self._is_before = case is before.case
        self._weights: dict[Entry, tuple[int, int]] = {}
        self._hours: dict[Shared, list[float]] = {}
        self._small: dict[int, float] = {}
        self._estates: dict[tuple[str, ...], Estate] = {}
        self._watched: dict[int, Case] = {}
        self._counted: dict[int, tuple[Case, Sizes[float]]] = {}

    @once
    def _numbers(self) -> tuple[list[int], list[int]]:
        """The numbers of what each deciding rule reads, and the places of those that may find something else."""
        return self._before.rules.of(self.case, self._touched)

    @once
    def _terms(self) -> list[int]:
        """The numbers of what each term reads."""
        return self._before.terms.of(self.case, self._touched)[0]

    def part(self, remembered: Remembered[Case, T]) -> T:
        """A part of the judgement for this case."""
        before = self._before.part(remembered)
        # Only now is all known that the part reads of the case at hand.
        return before if remembered.facets.seen.isdisjoint(self._touched) else remembered.of(self.case)

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
        if known is None:
            found = [self._finding(entry, place) for place in range(len(DECIDING))]
            weight = sum([one[0] for one in found]), sum([one[1] for one in found])
            if self._is_before:
                self._before.findings[entry] = weight, found
            return weight
        (out, strained), before = known
        for place in self._numbers[1]:
            now, was = self._finding(entry, place), before[place]
            out, strained = out + now[0] - was[0], strained + now[1] - was[1]
        return out, strained

    def _finding(self, entry: Entry, place: int) -> tuple[int, int]:
        """What one rule says of an entry, kept under all that the rule was ever seen to read."""
        number, of_product = self._numbers[0][place], self.parts.of_products[entry.product.id].findings
        if (found := of_product.get(number) or entry.own.findings.get(number)) is not None:
            return found
        facets = self.parts.rules[place]
        if place not in self._watched:
            self._watched[place] = facets.watch(self.case)
        seen, setting = len(facets.seen), self.parts.setting(entry, self._watched[place])
        found = found_by(DECIDING[place], setting)
        if len(facets.seen) != seen:
            self._numbers[0][place] = number = facets.number(self.case)
        (of_product if setting.of_product else entry.own.findings)[number] = found
        return found

    def hours(self, entry: Entry) -> float:
        """The likely hours a month."""
        own: list[float] = []
        if entry.product.approach is not Approach.NO_MESH:
            if entry.share not in self._hours:
                self._hours[entry.share] = [*self._own(entry)]
            own = self._hours[entry.share]
        return math.fsum([*own, *[self._measured(entry, one) for one in entry.small]])

    def small_hours(self, entry: Entry) -> float:
        """Those of them that the small measures take."""
        return math.fsum([self._measured(entry, one) for one in entry.small])

    def _own(self, entry: Entry) -> Iterator[float]:
        of_product, shared = self.parts.of_products[entry.product.id].hours, entry.share.hours
        for place, number in enumerate(self._terms):
            known = of_product.get(number)
            if known is None and (known := shared.get(number)) is None:
                known = self._term(entry, place)
            yield known

    def _term(self, entry: Entry, place: int) -> float:
        """The likely hours of one term, kept under all that the term was ever seen to read."""
        facets, number = self.parts.terms[place], self._terms[place]
        if place not in self._counted:
            case = facets.watch(self.case)
            self._counted[place] = case, Sizes(case, self.parts.catalog, LIKELY)
        case, sizes = self._counted[place]
        seen, setting = len(facets.seen), self.parts.setting(entry, case)
        found: float = TERMS[place].hours(Books(setting, LIKELY, sizes)) or 0.0
        if len(facets.seen) != seen:
            self._terms[place] = number = facets.number(self.case)
        (self.parts.of_products[entry.product.id] if setting.of_product else entry.share).hours[number] = found
        return found

    def _measured(self, entry: Entry, measure: Measure) -> float:
        if id(measure) not in self._small:
            self._small[id(measure)] = self.part(self.parts.add_on(entry, measure))
        return self._small[id(measure)]

    def figures(self, entry: Entry) -> Figures:
        """What the entry's product would use here."""
        if entry.l7 not in self._estates:
            self._estates[entry.l7] = self.parts.estate(self.part, entry.l7)
        return self.parts.figures(self._estates[entry.l7], entry.product.projected_as or entry.product.id)


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
        found = [(getattr(self, name), limit) for name, limit in self._run.limits]
        broken = [overshoot(likely, limit) for likely, limit in found if likely > limit]
        return len(broken), sum(broken)

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
