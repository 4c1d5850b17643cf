"""Which compositions there are for a case: every product with every choice of add-ons, kept by what they depend on."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product as combinations
from typing import Any

from decisions.advisor.case import Case
from decisions.advisor.catalog import Catalog, Product
from decisions.advisor.compositions import Memory, Workbench, choices_for, l7_of
from decisions.advisor.fit import Fit, Grade
from decisions.advisor.measures import Measure, distinct, measures_for
from decisions.advisor.needs import Needs, weigh
from decisions.advisor.requirements import BY_ID
from decisions.advisor.watching import Remembered

Part = Callable[[Remembered[Case, Any]], Any]
"""Works out a part of the judgement for a case, or remembers it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Cell:
    """How one product meets one must, and the add-ons that could close it; None leaves it as it is."""

    fit: Fit
    choices: tuple[Measure | None, ...]


class Share:
    """What all compositions have in common in which the same product carries the same musts: its own hours.

    `before` are the likely hours of each term in the case at hand; `changed` those of term and number otherwise.
    """

    def __init__(self) -> None:
        self.before: list[float] = []
        self.changed: dict[tuple[int, int], float] = {}


@dataclass(frozen=True, kw_only=True, eq=False)
class Entry:
    """A product with add-ons under certain musts, and what was worked out for it under certain answers."""

    product: Product
    needs: Needs
    fits: dict[str, Fit]
    add_ons: tuple[Measure, ...]
    unmet: tuple[str, ...]
    closed: frozenset[str]
    l7: tuple[str, ...]
    strained: int
    share: Share
    small: tuple[Measure, ...]
    """The add-ons, each once."""
    weights: dict[int, tuple[int, int]] = field(default_factory=dict)
    """How many rules rule it out, and how many strain it, by the number of what those rules read."""

    @property
    def least_open(self) -> int:
        """What is left open whatever the rules say; what the organisation does not allow comes after everything."""
        return len(self.unmet) + forbidden(self.product, self.needs)


def forbidden(product: Product, needs: Needs) -> int:
    """What the organisation does not allow comes after what leaves every must open."""
    return len(needs.musts) + 1 if product.not_allowed else 0


class Field:
    """The entries of a case, those that leave the least open first."""

    def __init__(self, catalog: Catalog, memory: Memory) -> None:
        self._catalog = catalog
        self._needs = Remembered(weigh)
        self._columns = {must: Column(catalog, memory, must) for must in BY_ID}
        self._fields: dict[tuple[object, ...], tuple[tuple[Entry, ...], ...]] = {}
        self._entries: dict[tuple[object, ...], tuple[Entry, ...]] = {}
        self._shares: dict[tuple[str, tuple[str, ...]], Share] = defaultdict(Share)

    def parts(self) -> Iterator[Remembered[Case, Needs] | Remembered[Case, tuple[Cell, ...]]]:
        """What is worked out of a case."""
        yield self._needs
        for column in self._columns.values():
            yield column.remembered

    def of(self, part: Part) -> tuple[tuple[Entry, ...], ...]:
        """For every product its entries; those of one product leave the same open."""
        needs: Needs = part(self._needs)
        columns = tuple([part(self._columns[must].remembered) for must in needs.musts])
        key = (needs, *map(id, columns))
        if key not in self._fields:
            rows = [
                self._entered(product, needs, tuple(column[place] for column in columns))
                for place, product in enumerate(self._catalog.products.values())
            ]
            self._fields[key] = tuple(sorted(rows, key=lambda row: row[0].least_open))
        return self._fields[key]

    def _entered(self, product: Product, needs: Needs, cells: tuple[Cell, ...]) -> tuple[Entry, ...]:
        key = (product.id, needs, cells)
        if key not in self._entries:
            self._entries[key] = tuple(self._composed(product, needs, cells))
        return self._entries[key]

    def _composed(self, product: Product, needs: Needs, cells: tuple[Cell, ...]) -> Iterator[Entry]:
        """The product with every choice of add-ons."""
        fits = {must: cell.fit for must, cell in zip(needs.musts, cells, strict=True)}
        met = [must for must in needs.musts if fits[must].grade is not Grade.MISSED]
        for row in combinations(*(cell.choices for cell in cells if cell.choices)):
            add_ons = tuple(one for one in row if one)
            closed = frozenset(one.requirement for one in add_ons)
            carried = tuple(must for must in met if must not in closed)
            yield Entry(
                product=product,
                needs=needs,
                fits=fits,
                add_ons=add_ons,
                unmet=tuple(must for must in needs.musts if must not in met and must not in closed),
                closed=closed,
                l7=l7_of(needs, fits, closed),
                strained=sum(fits[must].grade is Grade.STRAINED for must in carried),
                share=self._shares[product.id, carried],
                small=distinct(add_ons),
            )


class Column:
    """One must: how every product meets it, worked out once for all it reads, and equal where the cells are equal."""

    def __init__(self, catalog: Catalog, memory: Memory, must: str) -> None:
        self._catalog, self._memory, self._must = catalog, memory, must
        self._fits: Remembered[Case, tuple[Fit, ...]] = Remembered(self._fitted)
        self._measures: Remembered[Case, tuple[Measure, ...]] = Remembered(
            lambda case: tuple(measures_for(case, catalog, BY_ID[must]))
        )
        self.remembered: Remembered[Case, tuple[Cell, ...]] = Remembered(self._joined)
        self._known: dict[tuple[object, ...], tuple[Cell, ...]] = {}
        self._cells: dict[tuple[object, ...], Cell] = {}

    def _fitted(self, case: Case) -> tuple[Fit, ...]:
        bench = Workbench(case=case, catalog=self._catalog, memory=self._memory)
        return tuple(bench.fit(product, self._must) for product in self._catalog.products.values())

    def _joined(self, case: Case) -> tuple[Cell, ...]:
        usable = [one for one in self._measures.of(case) if one.usable]
        products = self._catalog.products.values()
        cells = tuple(map(self._cell, products, self._fits.of(case), [usable] * len(products)))
        return self._known.setdefault(cells, cells)

    def _cell(self, product: Product, fit: Fit, usable: list[Measure]) -> Cell:
        choices = choices_for(product, fit, usable)
        key = (fit.grade, *((one.sheet.id, one.outcome) if one else None for one in choices))
        return self._cells.setdefault(key, Cell(fit=fit, choices=choices))
