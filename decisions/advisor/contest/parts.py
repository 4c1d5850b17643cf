"""What all compositions of a case share, and what one of them is made of: each worked out once for all it reads."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import chain

from decisions.advisor import burden
from decisions.advisor.burden import Books, Prices
from decisions.advisor.case import Case
from decisions.advisor.catalog import Catalog
from decisions.advisor.compositions import Reserved, reserved
from decisions.advisor.contest.entries import Entry, Shared
from decisions.advisor.contest.seen import Seen
from decisions.advisor.measures import Measure
from decisions.advisor.overhead import coefficients
from decisions.advisor.overhead.estate import Estate
from decisions.advisor.overhead.estimate import cpu_added, memory_added, p99_likely
from decisions.advisor.present import present_mesh
from decisions.advisor.reckoning import LIKELY
from decisions.advisor.rules import DECIDING, found_by
from decisions.advisor.rules.limits import Ceilings, ceilings
from decisions.advisor.scope import reached
from decisions.advisor.setting import joined
from decisions.advisor.watching import Facets, Remembered

Likely = Estate[float]
"""An estate of likely values."""
ADDED: Mapping[str, Callable[[Likely, str], float]] = {
    "cpu_vcpu": lambda where, product: cpu_added(where, product, LIKELY),
    "memory_gib": lambda where, product: memory_added(where, product, LIKELY),
    "p99_ms": p99_likely,
}
"""The figures of what a product adds to an estate."""


class Parts:
    """The parts of the judgement under one catalogue, apart from which compositions there are."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.prices: Remembered[Case, Prices] = Remembered(lambda case: burden.prices(case, catalog))
        self.ceilings: Remembered[Case, Ceilings] = Remembered(ceilings)
        self.reserved: Remembered[Case, Reserved | None] = Remembered(reserved)
        self.present: Remembered[Case, str] = Remembered(lambda case: present_mesh(case.context.current), few=True)
        self.joined: Remembered[Case, float] = Remembered(joined)
        self.rules = tuple(Facets() for _ in DECIDING)
        self.terms = {one.id: tuple(Facets() for _ in burden.TERMS) for one in catalog.products.values()}
        """By product, what each term reads for it."""
        self.of_products = {one.id: Shared() for one in catalog.products.values()}
        self._add_ons: dict[tuple[str, str, str], Remembered[Case, float]] = {}
        self._scopes: dict[tuple[str, ...], Remembered[Case, int | None]] = {}
        self._added: dict[str, dict[tuple[str, int | None], Remembered[Case, float]]] = {name: {} for name in ADDED}

    def facets(self) -> Iterator[Facets]:
        """What is read of a case."""
        yield from (*self.rules, self.ceilings.facets, *self._costs(), *self._shared())
        yield from self._figures(*ADDED)

    def decisive(self, limits: Collection[tuple[str, float]]) -> frozenset[str]:
        """The paths of the answers that decide, rules aside, who of a field leads before costs are compared."""
        limited = {name for name, _ in limits}
        figures = limited & set(ADDED)
        facets = [self.ceilings.facets, *self._shared()]
        if "money_per_month" in limited:
            facets += self._costs()
            figures |= {"cpu_vcpu", "memory_gib"}
        return _seen((*facets, *self._figures(*figures)))

    def costly(self, products: Collection[str]) -> frozenset[str]:
        """The paths of the answers that these products' costs and figures read."""
        return _seen((*self._costs(*products), *self._shared(), *self._figures(*ADDED)))

    def _costs(self, *products: str) -> Iterator[Facets]:
        """What hours and prices read, of these products or of all."""
        yield from chain.from_iterable(self.terms[one] for one in products or self.terms)
        yield self.prices.facets
        yield from (one.facets for one in self._add_ons.values())

    def _shared(self) -> Iterator[Facets]:
        """What is read beside the figures to tell what is used and added."""
        yield from (self.reserved.facets, self.present.facets, self.joined.facets)
        yield from (one.facets for one in self._scopes.values())

    def _figures(self, *names: str) -> Iterator[Facets]:
        """What these figures read."""
        for name in names:
            yield from (one.facets for one in self._added[name].values())

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

    def scope(self, l7: tuple[str, ...]) -> Remembered[Case, int | None]:
        """In how many namespaces layer 7 serves these musts; None: everywhere."""
        if l7 not in self._scopes:
            self._scopes[l7] = Remembered(lambda case: reached(case, l7))
        return self._scopes[l7]

    def figure(self, name: str, projected: str, namespaces: int | None) -> Remembered[Case, float]:
        """One figure of what a product adds where layer 7 serves so many namespaces."""
        key = (projected, namespaces)
        if key not in self._added[name]:
            self._added[name][key] = Remembered(lambda case: ADDED[name](estate_of(case, namespaces), projected))
        return self._added[name][key]


def _seen(facets: Iterable[Facets]) -> frozenset[str]:
    return frozenset().union(*(one.seen for one in facets))


def estate_of(case: Case, namespaces: int | None) -> Likely:
    """The estate of a case, of likely values."""
    return Estate(case, coefficients.load().assume, LIKELY, namespaces_in_scope=namespaces)
