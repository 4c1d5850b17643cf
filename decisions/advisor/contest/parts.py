"""What all compositions of a case share, and what one of them is made of: each worked out once for all it reads."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from decisions.advisor import burden
from decisions.advisor.burden import Books, Prices
from decisions.advisor.case import Case
from decisions.advisor.catalog import Catalog
from decisions.advisor.compositions import Reserved, reserved
from decisions.advisor.contest.entries import Entry, Part, Shared
from decisions.advisor.contest.seen import Seen
from decisions.advisor.measures import Measure
from decisions.advisor.once import once
from decisions.advisor.overhead import coefficients, estate
from decisions.advisor.overhead.estate import Estate
from decisions.advisor.overhead.estimate import cpu_added, memory_added, p99_likely, switching
from decisions.advisor.present import present_mesh
from decisions.advisor.reckoning import LIKELY
from decisions.advisor.rules import DECIDING, found_by
from decisions.advisor.rules.limits import Ceilings, ceilings
from decisions.advisor.scope import namespaces_for
from decisions.advisor.watching import Facets, Remembered

Likely = Estate[float]
"""An estate of likely values."""


class Parts:
    """The parts of the judgement under one catalogue, apart from which compositions there are."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.prices: Remembered[Case, Prices] = Remembered(lambda case: burden.prices(case, catalog))
        self.ceilings: Remembered[Case, Ceilings] = Remembered(ceilings)
        self.reserved: Remembered[Case, Reserved | None] = Remembered(reserved)
        self.present: Remembered[Case, str] = Remembered(lambda case: present_mesh(case.context.current), few=True)
        self.rules = tuple(Facets() for _ in DECIDING)
        self.terms = {one.id: tuple(Facets() for _ in burden.TERMS) for one in catalog.products.values()}
        """By product, what each term reads for it."""
        self.of_products = {one.id: Shared() for one in catalog.products.values()}
        self._add_ons: dict[tuple[str, str, str], Remembered[Case, float]] = {}
        self._scopes: dict[tuple[str, ...], Remembered[Case, int | None]] = {}
        self._estates: dict[int | None, Remembered[Case, Place]] = {}
        self._added = {
            one.projected_as or one.id: _Added(one.projected_as or one.id) for one in catalog.products.values()
        }

    def facets(self) -> Iterator[Facets]:
        """What is read of a case."""
        yield from (*self.rules, *chain.from_iterable(self.terms.values()))
        yield from (self.prices.facets, self.ceilings.facets, self.reserved.facets, self.present.facets)
        yield from self._measured()

    def decisive(self, limits: Collection[tuple[str, float]]) -> Iterator[Facets]:
        """What is read to tell who leads before costs are compared, under these limits."""
        yield from (*self.rules, self.ceilings.facets)
        if limits:
            # The figures that are held against a limit; hours and prices, where one is of money.
            yield from chain.from_iterable(self.terms.values())
            yield from (self.prices.facets, self.reserved.facets, self.present.facets)
            yield from self._measured()

    def _measured(self) -> Iterator[Facets]:
        """What small measures, scopes and estates read."""
        costly: tuple[Remembered[Case, Any], ...] = (*self._add_ons.values(), *self._scopes.values())
        yield from (one.facets for one in (*costly, *self._estates.values()))

    def setting(self, entry: Entry, case: Case) -> Seen:
        """The setting of an entry, as the rules and terms see it."""
        found = object.__new__(Seen)
        # Setting() without its fields: what would change an answer asks for thousands of settings.
        found.__dict__.update(case=case, catalog=self.catalog, product=entry.product, entry=entry)
        return found

    def hours(self, case: Case, entry: Entry, place: int) -> tuple[float, bool]:
        """The likely hours of one term, kept under all that the term was ever seen to read for the product.

        With it whether they are the same for every composition of the product, whatever it carries.
        """
        facets = self.terms[entry.product.id][place]
        number, of_product = facets.number(case), self.of_products[entry.product.id].hours
        if (found := of_product.get(number)) is not None:
            return found, True
        if (found := entry.share.hours.get(number)) is not None:
            return found, False
        setting = self.setting(entry, facets.watch(case))
        found = burden.TERMS[place].hours(Books(setting, LIKELY)) or 0.0
        (of_product if setting.of_product else entry.share.hours)[facets.number(case)] = found
        return found, setting.of_product

    def finding(self, case: Case, entry: Entry, place: int, number: int) -> tuple[tuple[int, int], bool]:
        """What one rule says of an entry, kept under all that the rule was ever seen to read, which has this number.

        With it whether it says the same of every composition of the product.
        """
        of_product = self.of_products[entry.product.id].findings
        if (found := of_product.get(number)) is not None:
            return found, True
        if (found := entry.own.findings.get(number)) is not None:
            return found, False
        facets = self.rules[place]
        setting = self.setting(entry, facets.watch(case))
        found = found_by(place, setting)
        (of_product if setting.of_product else entry.own.findings)[facets.number(case)] = found
        return found, setting.of_product

    def add_on(self, entry: Entry, measure: Measure) -> Remembered[Case, float]:
        """The likely hours of a small measure, which are the same beside every product."""
        key = (measure.sheet.id, measure.requirement, measure.outcome)
        if key not in self._add_ons:
            self._add_ons[key] = Remembered(
                lambda case: burden.small_measure(Books(self.setting(entry, case), LIKELY), measure)
            )
        return self._add_ons[key]

    def estate(self, part: Part, l7: tuple[str, ...]) -> "Place":
        """The estate whose layer 7 serves these musts, with what products add to it."""
        if l7 not in self._scopes:
            self._scopes[l7] = Remembered(lambda case: namespaces_for(case, l7))
        namespaces: int | None = part(self._scopes[l7])
        if namespaces not in self._estates:
            self._estates[namespaces] = Remembered(lambda case: Place(_read_estate(case, namespaces), self._added))
        found: Place = part(self._estates[namespaces])
        return found


class _Added:
    """What one product adds to any estate."""

    def __init__(self, product: str) -> None:
        self.cpu: Remembered[Likely, float] = Remembered(lambda one: cpu_added(one, product, LIKELY))
        self.memory: Remembered[Likely, float] = Remembered(lambda one: memory_added(one, product, LIKELY))
        self.p99: Remembered[Likely, float] = Remembered(lambda one: p99_likely(one, product))


class Place:
    """An estate, and what products add to it."""

    def __init__(self, estate: Likely, added: Mapping[str, "_Added"]) -> None:
        self._estate, self._added = estate, added
        self._figures: dict[str, Figures] = {}

    def figures(self, projected: str) -> "Figures":
        """What a product adds."""
        if projected not in self._figures:
            self._figures[projected] = Figures(self._added[projected], self._estate)
        return self._figures[projected]


class Figures:
    """What one product adds to one estate, each figure worked out when it is asked for."""

    def __init__(self, added: _Added, where: Likely) -> None:
        self._added, self._estate = added, where

    @once
    def cpu_vcpu(self) -> float:
        """Likely vCPU."""
        return self._added.cpu.of(self._estate)

    @once
    def memory_gib(self) -> float:
        """Likely GiB."""
        return self._added.memory.of(self._estate)

    @once
    def p99_ms(self) -> float:
        """Likely milliseconds added to the p99 of the critical path."""
        return self._added.p99.of(self._estate)


def _read_estate(case: Case, namespaces: int | None) -> Likely:
    """The estate, of whose requirements only those are kept that a projection distinguishes."""
    found = estate.read_as(LIKELY, case, coefficients.load().assume, namespaces_in_scope=namespaces)
    return replace(found, wanted=found.wanted & switching())
