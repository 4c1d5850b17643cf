"""Hours a month to run an option, term by term, and what they and the resources cost in money.

Every planning value comes from catalog/planning.toml, where its reasoning stands; cadence, effects of upgrades and
certificate authorities come from the product sheets with their sources.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from decisions.advisor.burden.books import Books
from decisions.advisor.burden.measures import doing, small_measure
from decisions.advisor.burden.terms import CATCHING_UP, TERMS, until_it_stands
from decisions.advisor.case import Case
from decisions.advisor.catalog import Catalog
from decisions.advisor.measures import counted_for, distinct
from decisions.advisor.quantities import Range, independent_sum, total
from decisions.advisor.reckoning import LIKELY, RANGES
from decisions.advisor.recommendation import Approach, Cost
from decisions.advisor.setting import Setting
from decisions.advisor.sizes import Sizes
from decisions.advisor.spread import exactly, product

__all__ = [
    "CATCHING_UP",
    "TERMS",
    "Books",
    "OneOff",
    "Prices",
    "costs",
    "hours",
    "likely_in_hours",
    "money",
    "once",
    "prices",
    "small_measure",
]


def costs(setting: Setting, sizes: Sizes[Range]) -> tuple[Cost, ...]:
    """The monthly hours of a composition, term by term; an empty tuple is no work at all."""
    books = Books(setting, RANGES, sizes)
    found = []
    for term in TERMS:
        amount: Range | None = term.hours(books)
        if amount is not None and amount.high > 0:
            because, sources = term.says(books)
            found.append(Cost(name=term.name(books), hours=amount, because=because, sources=sources))
    for measure in distinct(setting.add_ons):
        amount, sheet = small_measure(books, measure), measure.sheet
        if amount.high > 0:
            because = f"{sheet.what} {counted_for(setting.case, measure)}".strip()
            found.append(Cost(name=sheet.title, hours=amount, because=because, sources=(sheet.source,)))
    return tuple(found)


@dataclass(frozen=True, kw_only=True)
class OneOff:
    """Likely hours of work until a composition is in place: those of the platform, and those in services."""

    platform: float
    services: float


def once(setting: Setting) -> OneOff:
    """What has to be done once, by who does it: owners of services change these, the platform's people the rest."""
    books = Books(setting, LIKELY)
    platform = 0.0 if setting.approach is Approach.NO_MESH else until_it_stands(books)
    services = 0.0
    for measure in distinct(setting.add_ons):
        if measure.sheet.touches == "services":
            services += doing(books, measure)
        else:
            platform += doing(books, measure)
    return OneOff(platform=platform, services=services)


def hours(terms: Iterable[Cost]) -> Range:
    """All terms together; their errors have causes of their own."""
    return independent_sum(term.hours for term in terms)


@dataclass(frozen=True, kw_only=True)
class Prices:
    """What an hour of work, a vCPU and a GiB of memory for a month cost."""

    hour: Range
    cpu: Range
    memory: Range

    def likely_money(self, hours_per_month: float, cpu_vcpu: float, memory_gib: float) -> float:
        """The likely money a month for these likely amounts."""
        return hours_per_month * self.hour.likely + cpu_vcpu * self.cpu.likely + memory_gib * self.memory.likely


def prices(case: Case, catalog: Catalog) -> Prices:
    """The organisation's figures, else the planning values."""
    operations = case.operations
    given = {"hourly_cost": operations.hourly_cost, "cpu_price": operations.cpu_price}
    given["memory_price"] = operations.memory_price
    hour, cpu, memory = (exactly(figure) if figure else catalog.planning[key].value for key, figure in given.items())
    return Prices(hour=hour, cpu=cpu, memory=memory)


def likely_in_hours(setting: Setting, hours_per_month: float) -> float:
    """The likely money a month, as hours at the price of an hour: what compositions are compared by."""
    cost, overhead = prices(setting.case, setting.catalog), setting.overhead
    return cost.likely_money(hours_per_month, overhead.cpu_vcpu.likely, overhead.memory_gib.likely) / cost.hour.likely


def money(setting: Setting) -> Range:
    """Money a month for hours, CPU and memory together."""
    cost, overhead = prices(setting.case, setting.catalog), setting.overhead
    work = product(hours(setting.costs), cost.hour)
    return total((work, product(overhead.cpu_vcpu, cost.cpu), product(overhead.memory_gib, cost.memory)))
