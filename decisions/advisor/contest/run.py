"""One case under judgement: its compositions as contenders, which know what they are ordered by and no more."""

import math
from collections.abc import Collection
from typing import Any, TypeVar, cast

from decisions.advisor.burden import TERMS, Books, Prices
from decisions.advisor.case import Case
from decisions.advisor.catalog import Product
from decisions.advisor.compositions import Reserved
from decisions.advisor.contest.before import Before, together
from decisions.advisor.contest.entries import Entry, Shared
from decisions.advisor.contest.parts import ADDED, Likely, Parts, estate_of
from decisions.advisor.measures import Measure
from decisions.advisor.once import once
from decisions.advisor.reckoning import LIKELY
from decisions.advisor.rules import DECIDING, found_by
from decisions.advisor.sizes import Sizes
from decisions.advisor.watching import Remembered

T = TypeVar("T")
Overs = dict[object, tuple[int, float]]


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
        self._of_products: dict[tuple[int, str], tuple[int, int] | None] = {}
        """What a rule says of a product whatever it carries; None where it looks at that."""
        self._weights: dict[Entry, tuple[int, int]] = {}
        self._hours: dict[Shared, list[float]] = {}
        self._small: dict[int, float] = {}
        self._terms: dict[str, list[int]] = {}
        self._estates: dict[int | None, Likely] = {}
        self.overs: Overs = {}
        """By what is limited alike, how many limits are broken and by how much."""
        self._figures: dict[tuple[str, int | None], Figures] = {}
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

    def all_stand(self, entries: Collection[Entry]) -> bool:
        """Whether the rules say of these entries of the case at hand what they say there."""
        if not self.changed:
            return True
        findings = self._before.findings
        return all(self._finding(one, place) == findings[one][1][place] for one in entries for place in self.changed)

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
                # Kept even in a run that is not noting: the same entries come back with every edit of the case.
                now = self._noted(entry, place)
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
        for place in self.changed if self._noting else ():
            found[place] = self.parts.rules[place].number(self.case)
        return found

    @once
    def changed(self) -> list[int]:
        """The places of the deciding rules that may find something else than before."""
        return self._before.rules.changed(self.touched)

    def _finding(self, entry: Entry, place: int) -> tuple[int, int]:
        """What one rule says of an entry."""
        if not self._noting:
            return self._found(entry, place)
        return self._noted(entry, place)

    def _found(self, entry: Entry, place: int) -> tuple[int, int]:
        """The same without noting; what a rule says without a look at what is carried holds for the product."""
        key = place, entry.product.id
        if key not in self._of_products:
            setting = self.parts.setting(entry, self.case)
            found = found_by(place, setting)
            self._of_products[key] = found if setting.of_product else None
            return found
        return self._of_products[key] or found_by(place, self._booked(entry).setting)

    def _noted(self, entry: Entry, place: int) -> tuple[int, int]:
        """The same noting what is read."""
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
        if entry.share not in self._hours:
            self._hours[entry.share] = self._own(entry)
        return math.fsum([*self._hours[entry.share], *[self._measured(entry, one) for one in entry.small]])

    def small_hours(self, entry: Entry) -> float:
        """Those of them that the small measures take."""
        return math.fsum([self._measured(entry, one) for one in entry.small])

    def least_hours(self, entry: Entry) -> float:
        """Hours a month that it costs at least: those of the terms that the touched answers leave as they are."""
        hours = self._before.own_hours(entry, carried=False)
        touched = self._touched_terms(entry.product)
        return sum([one for place, one in enumerate(hours) if one is not None and place not in touched])

    def _touched_terms(self, product: Product) -> list[int]:
        """The places of the terms that may come to other hours than before."""
        found = self._terms.get(product.id)
        if found is None or self._noting:
            # A run that is noting may have seen a term read more since.
            facets, touched = self.parts.terms[product.id], self.touched
            found = [place for place, one in enumerate(facets) if not one.seen.isdisjoint(touched)]
            self._terms[product.id] = found
        return found

    def _own(self, entry: Entry) -> list[float]:
        hours = self._before.own_hours(entry, carried=self._noting)
        touched = self._touched_terms(entry.product)
        if self._noting or touched or None in hours:
            return [
                self._term(entry, place) if one is None or place in touched else one for place, one in enumerate(hours)
            ]
        return cast("list[float]", hours)

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

    def limited_as(self, entry: Entry) -> object:
        """What an entry has in common with all that keep or break the same limits."""
        limited = self._limited
        if "money_per_month" in limited:
            return entry
        product = entry.product.id
        return product if limited <= {"p99_ms"} else (product, self.part(self.parts.scope(entry.l7)))

    @once
    def _limited(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.limits)

    def figures(self, entry: Entry) -> "Figures":
        """What the entry's product would use here."""
        key = entry.product.projected_as or entry.product.id, self.part(self.parts.scope(entry.l7))
        if key not in self._figures:
            self._figures[key] = Figures(self, *key)
        return self._figures[key]

    def figure(self, name: str, projected: str, namespaces: int | None) -> float:
        """One figure of what a product would use where layer 7 serves so many namespaces."""
        figure = self.parts.figure(name, projected, namespaces)
        found = self._before.part(figure)
        if figure.facets.seen.isdisjoint(self.touched):
            return found
        if self._noting:
            return figure.of(self.case)
        if namespaces not in self._estates:
            self._estates[namespaces] = estate_of(self.case, namespaces)
        return ADDED[name](self._estates[namespaces], projected)

    @once
    def displaced_ms(self) -> float:
        """Likely milliseconds that the mesh of today has in the p99 of the path as it was measured."""
        product = self.parts.catalog.products[self.present]
        added = self.figure("p99_ms", product.projected_as or product.id, None)
        return added * self.part(self.parts.joined)


class Figures:
    """What one product adds to one estate, each figure worked out when it is asked for."""

    def __init__(self, run: Run, projected: str, namespaces: int | None) -> None:
        self._run, self._projected, self._namespaces = run, projected, namespaces

    @once
    def cpu_vcpu(self) -> float:
        """Likely vCPU."""
        return self._run.figure("cpu_vcpu", self._projected, self._namespaces)

    @once
    def memory_gib(self) -> float:
        """Likely GiB."""
        return self._run.figure("memory_gib", self._projected, self._namespaces)

    @once
    def p99_ms(self) -> float:
        """Likely milliseconds added to the p99 of the critical path."""
        return self._run.figure("p99_ms", self._projected, None)
