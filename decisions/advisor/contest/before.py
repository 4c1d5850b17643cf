"""The case at hand, from which the cases of a contest differ in few answers: its parts, worked out once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from decisions.advisor.case import Case
from decisions.advisor.contest.entries import Entry, Shared
from decisions.advisor.contest.parts import Parts
from decisions.advisor.rules import DECIDING, NOTHING_FOUND
from decisions.advisor.watching import Facets, Remembered

T = TypeVar("T")


Findings = tuple[tuple[int, int], list[tuple[int, int]]]
"""What the deciding rules say: all together, and each."""


@dataclass(frozen=True, kw_only=True)
class OfProduct:
    """What the deciding rules say of a product whatever it carries; `open_`: the places of those that look at that."""

    findings: Findings
    open_: tuple[int, ...]


class Before:
    """What is known of the case at hand, for cases that differ from it in what was `touched`."""

    def __init__(self, case: Case, parts: Parts) -> None:
        self.case = case
        self._known: dict[Remembered[Case, Any], Any] = {}
        self._hours: dict[tuple[int, str | Shared], float] = {}
        self._own_hours: dict[Shared, list[float | None]] = {}
        self._accounted: set[tuple[int, str]] = set()
        self._parts = parts
        self.findings: dict[Entry, Findings] = {}
        """What the deciding rules say of an entry in the case at hand."""
        self._of_products: dict[str, OfProduct] = {}
        self.rules = Numbers(case, parts.rules)

    def part(self, remembered: Remembered[Case, T]) -> T:
        """A part for the case at hand."""
        if remembered not in self._known:
            self._known[remembered] = remembered.of(self.case)
        found: T = self._known[remembered]
        return found

    def hours(self, entry: Entry, place: int, *, carried: bool) -> float | None:
        """The likely hours of the term at this place.

        None where they depend on what the product carries, and this was not worked out yet; with `carried` it is.
        """
        product = place, entry.product.id
        if (found := self._hours.get(product)) is not None:
            return found
        if (found := self._hours.get((place, entry.share))) is None and (carried or product not in self._accounted):
            found, of_product = self._parts.hours(self.case, entry, place)
            self._hours[product if of_product else (place, entry.share)] = found
            self._accounted.add(product)
        return found

    def own_hours(self, entry: Entry, *, carried: bool) -> list[float | None]:
        """The likely hours of every term; see `hours`."""
        found = self._own_hours.get(entry.share)
        if found is None:
            places = range(len(self._parts.terms[entry.product.id]))
            found = [self.hours(entry, place, carried=carried) for place in places]
            if None not in found:
                self._own_hours[entry.share] = found
        return found

    def knows(self, product: str) -> bool:
        """Whether it is known what the deciding rules say of a product."""
        return product in self._of_products

    def of_product(self, entry: Entry) -> OfProduct:
        """What the deciding rules say of the product of an entry."""
        product = entry.product.id
        if product not in self._of_products:
            numbers = self.rules.of_before()
            each = [self._parts.finding(self.case, entry, place, numbers[place]) for place in range(len(DECIDING))]
            found = [finding if of_product else NOTHING_FOUND for finding, of_product in each]
            open_ = tuple(place for place, (_, of_product) in enumerate(each) if not of_product)
            self._of_products[product] = OfProduct(findings=(together(found), found), open_=open_)
        return self._of_products[product]


def together(findings: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """What all rules say together."""
    return sum([one[0] for one in findings]), sum([one[1] for one in findings])


class Numbers:
    """The numbers of what each of several functions reads of a case; equal numbers have equal results."""

    def __init__(self, before: Case, facets: Sequence[Facets]) -> None:
        self._before, self._facets = before, facets
        self._seen, self._numbers = [-1] * len(facets), [0] * len(facets)

    def of_before(self) -> list[int]:
        """The numbers for the case at hand."""
        seen, numbers = self._seen, self._numbers
        for place, facets in enumerate(self._facets):
            if len(facets.seen) != seen[place]:
                seen[place], numbers[place] = len(facets.seen), facets.number(self._before)
        return numbers.copy()

    def changed(self, touched: Collection[str]) -> list[int]:
        """Where a case that differs from the one at hand in answers `touched` alone may have other results."""
        return [place for place, facets in enumerate(self._facets) if not facets.seen.isdisjoint(touched)]
