"""One case under judgement: its compositions as contenders, which know what they are ordered by and no more."""

import math
from collections.abc import Collection
from typing import TypeVar

from decisions.advisor import burden
from decisions.advisor.burden import Prices
from decisions.advisor.case import Case
from decisions.advisor.compositions import Reserved
from decisions.advisor.contest.entries import Entry, forbidden
from decisions.advisor.contest.parts import Figures, Parts
from decisions.advisor.once import once
from decisions.advisor.order import infeasibility, maturity, order
from decisions.advisor.recommendation import Approach
from decisions.advisor.rules import blocks, strains
from decisions.advisor.rules.limits import overshoot
from decisions.advisor.watching import Facets, Remembered

T = TypeVar("T")


class Run:
    """One case under judgement, with what all products share."""

    def __init__(self, parts: Parts, before: Case, case: Case, touched: Collection[str]) -> None:
        self.parts, self.before, self.case, self.touched = parts, before, case, touched
        self._figures: dict[tuple[tuple[str, ...], str], Figures] = {}
        self._numbers: dict[Facets, tuple[int, int]] = {}

    def number(self, facets: Facets) -> int:
        """The number of what a part that was seen to read these facets reads of this case."""
        known = self._numbers.get(facets)
        if known is None or known[0] != len(facets.seen):
            number = facets.number_after(self.before, self.case, self.touched)
            self._numbers[facets] = known = (len(facets.seen), number)
        return known[1]

    def part(self, remembered: Remembered[Case, T]) -> T:
        """A part of the judgement for this case."""
        return remembered.after(self.before, self.case, self.touched)

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

    @once
    def seen_by_rules(self) -> Case:
        """The case as the rules see it."""
        return self.parts.rules.watch(self.case)

    def weight(self, entry: Entry) -> tuple[int, int]:
        """How many rules rule the entry out, and how many strain it."""
        rules = self.parts.rules
        if (number := self.number(rules)) not in entry.weights:
            setting = self.parts.setting(entry, self.seen_by_rules)
            found = blocks(setting), sum(one.strains for one in strains(setting))
            number = self.number(rules)
            entry.weights[number] = found
        return entry.weights[number]

    def hours(self, entry: Entry) -> float:
        """The likely hours a month."""
        terms = self._terms(entry) if entry.product.approach is not Approach.NO_MESH else []
        return math.fsum([*terms, *[self.part(self.parts.add_on(entry, one)) for one in entry.small]])

    def _terms(self, entry: Entry) -> list[float]:
        parts, share = self.parts, entry.share
        if not share.before:
            share.before = [parts.term(entry, self.before, place) for place in range(len(burden.TERMS))]
        found = share.before
        for place, facets in enumerate(parts.terms):
            if not facets.seen.isdisjoint(self.touched):
                found = found.copy() if found is share.before else found
                found[place] = self._changed(entry, place, facets)
        return found

    def _changed(self, entry: Entry, place: int, facets: Facets) -> float:
        changed = entry.share.changed
        if (key := (place, self.number(facets))) not in changed:
            found = self.parts.term(entry, self.case, place)
            key = (place, self.number(facets))
            changed[key] = found
        return changed[key]

    def figures(self, entry: Entry) -> Figures:
        """What the entry's product would use here."""
        projected = entry.product.projected_as or entry.product.id
        key = (entry.l7, projected)
        if key not in self._figures:
            self._figures[key] = self.parts.figures(self.part, entry.l7, projected)
        return self._figures[key]


class Contender:
    """One composition in one case, with what it is ordered by; see `Composition` for what each means."""

    def __init__(self, run: Run, entry: Entry) -> None:
        self._run, self._entry = run, entry
        self.product, self.approach = entry.product, entry.product.approach

    @once
    def open(self) -> int:
        """What is left open."""
        blocks_, _ = self._run.weight(self._entry)
        return len(self._entry.unmet) + 2 * blocks_ + forbidden(self.product, self._entry.needs)

    @property
    def ruled_out(self) -> bool:
        """Whether a must stays open or the platform does not allow it."""
        return bool(self._entry.unmet or self._run.weight(self._entry)[0])

    @once
    def pressed(self) -> int:
        """How many musts are met under strain; limits aside."""
        return self._run.weight(self._entry)[1] + self._entry.strained

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
        return self._run.hours(self._entry)

    @once
    def money_per_month(self) -> float:
        """The likely money a month."""
        return self._run.prices.likely_money(self.likely_hours, self.cpu_vcpu, self.memory_gib)

    @once
    def _figures(self) -> Figures:
        return self._run.figures(self._entry)

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
        return [one.sheet.id for one in self._entry.add_ons]
