"""The case at hand, from which the cases of a contest differ in few answers: its parts, worked out once."""

from collections.abc import Collection, Sequence
from typing import Any, TypeVar

from decisions.advisor.case import Case
from decisions.advisor.contest.entries import Entry
from decisions.advisor.contest.parts import Parts
from decisions.advisor.watching import Facets, Remembered

T = TypeVar("T")


class Before:
    """What is known of the case at hand, for cases that differ from it in what was `touched`."""

    def __init__(self, case: Case, parts: Parts) -> None:
        self.case = case
        self._parts: dict[Remembered[Case, Any], Any] = {}
        self.findings: dict[Entry, tuple[tuple[int, int], list[tuple[int, int]]]] = {}
        """What the deciding rules say of an entry in the case at hand: all together, and each."""
        self.rules, self.terms = Numbers(case, parts.rules), Numbers(case, parts.terms)

    def part(self, remembered: Remembered[Case, T]) -> T:
        """A part for the case at hand."""
        if remembered not in self._parts:
            self._parts[remembered] = remembered.of(self.case)
        found: T = self._parts[remembered]
        return found


class Numbers:
    """The numbers of what each of several functions reads of a case; equal numbers have equal results."""

    def __init__(self, before: Case, facets: Sequence[Facets]) -> None:
        self._before, self._facets = before, facets
        self._seen, self._numbers = [-1] * len(facets), [0] * len(facets)

    def of(self, case: Case, touched: Collection[str]) -> tuple[list[int], list[int]]:
        """The numbers for a case that differs from the one at hand in answers `touched` alone, and where they may."""
        seen, numbers = self._seen, self._numbers
        for place, facets in enumerate(self._facets):
            if len(facets.seen) != seen[place]:
                seen[place], numbers[place] = len(facets.seen), facets.number(self._before)
        found, changed = numbers.copy(), []
        for place, facets in enumerate(self._facets):
            if not facets.seen.isdisjoint(touched):
                found[place] = facets.number(case)
                changed.append(place)
        return found, changed
