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
from decisions.advisor.once import once
from decisions.advisor.requirements import BY_ID
from decisions.advisor.watching import Remembered

Part = Callable[[Remembered[Case, Any]], Any]
"""Works out a part of the judgement for a case, or remembers it."""
Fits = tuple[Fit, ...]
Usable = tuple[Measure, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Cell:
    """How one product meets one must, and the add-ons that could close it; None leaves it as it is."""

    fit: Fit
    choices: tuple[Measure | None, ...]


class Shared:
    """What is known of several compositions alike, by the numbers of what it was worked out from.

    `hours` are the likely hours of a term; `findings` say whether a rule rules them out, and whether it strains them.
    """

    def __init__(self) -> None:
        self.hours: dict[int, float] = {}
        self.findings: dict[int, tuple[int, int]] = {}


Shares = dict[tuple[str, tuple[str, ...]], Shared]


@dataclass(kw_only=True, eq=False, slots=True)
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
    share: Shared
    small: tuple[Measure, ...]
    """The add-ons, each once."""
    least_open: int
    """What is left open whatever the rules say; what the organisation does not allow comes after everything."""
    own: Shared = field(default_factory=Shared)
    """What holds for it alone; `share` is what holds for the product wherever it carries the same musts."""
    known: dict[str, Any] = field(default_factory=dict)
    """The fields of its setting."""


def forbidden(product: Product, needs: Needs) -> int:
    """What the organisation does not allow comes after what leaves every must open."""
    return len(needs.musts) + 1 if product.not_allowed else 0


class Row:
    """A product under certain musts, with every choice of add-ons; composed only when somebody gets as far."""

    def __init__(self, product: Product, needs: Needs, cells: tuple[Cell, ...], shares: Shares) -> None:
        self.product, self.needs, self._cells, self._shares = product, needs, cells, shares
        open_ = sum([cell.fit.grade is Grade.MISSED and not cell.choices for cell in cells])
        self.least_open = open_ + forbidden(product, needs)

    @once
    def entries(self) -> tuple[Entry, ...]:
        """The compositions."""
        return tuple(self._composed(self.product, self.needs, self._cells))

    def _composed(self, product: Product, needs: Needs, cells: tuple[Cell, ...]) -> Iterator[Entry]:
        """The product with every choice of add-ons."""
        fits = {must: cell.fit for must, cell in zip(needs.musts, cells, strict=True)}
        met = [must for must in needs.musts if fits[must].grade is not Grade.MISSED]
        for row in combinations(*(cell.choices for cell in cells if cell.choices)):
            add_ons = tuple(one for one in row if one)
            closed = frozenset(one.requirement for one in add_ons)
            carried = tuple([must for must in met if must not in closed])
            unmet = tuple([must for must in needs.musts if must not in met and must not in closed])
            yield Entry(
                product=product,
                needs=needs,
                fits=fits,
                add_ons=add_ons,
                unmet=unmet,
                closed=closed,
                l7=l7_of(needs, fits, closed),
                strained=sum([fits[must].grade is Grade.STRAINED for must in carried]),
                share=self._shares[product.id, carried],
                small=distinct(add_ons),
                least_open=len(unmet) + forbidden(product, needs),
            )


class Field:
    """The entries of a case, those that leave the least open first."""

    def __init__(self, catalog: Catalog, memory: Memory) -> None:
        self._catalog = catalog
        self._known: dict[Needs, Needs] = {}
        self._needs = Remembered(self._weighed)
        self._columns = {must: Column(catalog, memory, must) for must in BY_ID}
        self._fields: dict[tuple[object, ...], tuple[Row, ...]] = {}
        self._rows: dict[tuple[object, ...], Row] = {}
        self._shares: Shares = defaultdict(Shared)

    def parts(self) -> Iterator[Remembered[Case, Any]]:
        """What is worked out of a case."""
        yield self._needs
        for column in self._columns.values():
            yield from column.parts

    def reads(self, needs: Needs) -> frozenset[str]:
        """The paths that the rows of these needs were seen to depend on."""
        parts = (self._needs, *(part for must in needs.musts for part in self._columns[must].parts))
        return frozenset().union(*(part.facets.seen for part in parts))

    def of(self, part: Part) -> tuple[Row, ...]:
        """For every product its entries; those of one product leave the same open."""
        needs: Needs = part(self._needs)
        columns = tuple([self._columns[must].of(part) for must in needs.musts])
        key = tuple(map(id, (needs, *columns)))
        if key not in self._fields:
            rows = [
                self._entered(product, needs, tuple([column[place] for column in columns]))
                for place, product in enumerate(self._catalog.products.values())
            ]
            self._fields[key] = tuple(sorted(rows, key=lambda row: row.least_open))
        return self._fields[key]

    def _weighed(self, case: Case) -> Needs:
        """The needs; equal ones are the same object."""
        found = weigh(case)
        return self._known.setdefault(found, found)

    def _entered(self, product: Product, needs: Needs, cells: tuple[Cell, ...]) -> Row:
        key = (product.id, *map(id, (needs, *cells)))
        if key not in self._rows:
            self._rows[key] = Row(product, needs, cells, self._shares)
        return self._rows[key]


class Column:
    """One must: how every product meets it and which add-ons could, each worked out once for all it reads.

    What comes out alike is the same object: fits of the same grades, add-ons of the same outcomes, columns of both.
    """

    def __init__(self, catalog: Catalog, memory: Memory, must: str) -> None:
        self._catalog, self._memory, self._must = catalog, memory, must
        self._fits: Remembered[Case, Fits] = Remembered(self._fitted, few=True)
        self._usable: Remembered[Case, Usable] = Remembered(self._measured)
        self.parts: tuple[Remembered[Case, Any], ...] = (self._fits, self._usable)
        self._known_fits: dict[tuple[Grade, ...], Fits] = {}
        self._known_usable: dict[tuple[tuple[str, str, bool], ...], Usable] = {}
        self._joined: dict[tuple[int, int], tuple[Cell, ...]] = {}
        self._known: dict[tuple[Cell, ...], tuple[Cell, ...]] = {}
        self._cells: dict[tuple[object, ...], Cell] = {}

    def of(self, part: Part) -> tuple[Cell, ...]:
        """The cell of every product."""
        fits, usable = part(self._fits), part(self._usable)
        key = id(fits), id(usable)
        if key not in self._joined:
            cells = tuple(map(self._cell, self._catalog.products.values(), fits, [usable] * len(fits)))
            self._joined[key] = self._known.setdefault(cells, cells)
        return self._joined[key]

    def _fitted(self, case: Case) -> Fits:
        bench = Workbench(case=case, catalog=self._catalog, memory=self._memory)
        fits = tuple([bench.fit(product, self._must) for product in self._catalog.products.values()])
        return self._known_fits.setdefault(tuple([one.grade for one in fits]), fits)

    def _measured(self, case: Case) -> Usable:
        usable = tuple([one for one in measures_for(case, self._catalog, BY_ID[self._must]) if one.usable])
        return self._known_usable.setdefault(tuple([(one.sheet.id, one.outcome, one.spares) for one in usable]), usable)

    def _cell(self, product: Product, fit: Fit, usable: Usable) -> Cell:
        choices = choices_for(product, fit, usable)
        key = (fit.grade, *((one.sheet.id, one.outcome) if one else None for one in choices))
        return self._cells.setdefault(key, Cell(fit=fit, choices=choices))
