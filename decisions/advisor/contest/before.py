"""The case at hand, from which the cases of a contest differ in few answers: its parts, worked out once."""

from collections.abc import Collection, Sequence
from typing import Any, TypeVar

from decisions.advisor.case import Case
from decisions.advisor.contest.entries import Entry, Shared
from decisions.advisor.contest.parts import Parts
from decisions.advisor.watching import Facets, Remembered

T = TypeVar("T")


class Before:
    """What is known of the case at hand, for cases that differ from it in what was `touched`."""

    def __init__(self, case: Case, parts: Parts) -> None:
        self.case = case
        self._known: dict[Remembered[Case, Any], Any] = {}
        self._hours: dict[tuple[int, Shared], float] = {}
        self._parts = parts
        self.findings: dict[Entry, tuple[tuple[int, int], list[tuple[int, int]]]] = {}
        """What the deciding rules say of an entry in the case at hand: all together, and each."""
        self.rules = Numbers(case, parts.rules)

    def part(self, remembered: Remembered[Case, T]) -> T:
        """A part for the case at hand."""
        if remembered not in self._known:
            self._known[remembered] = remembered.of(self.case)
        found: T = self._known[remembered]
        return found

    def hours(self, entry: Entry, place: int) -> float:
        """The likely hours of the term at this place."""
        key = place, entry.share
        if key not in self._hours:
            self._hours[key] = self._parts.hours(self.case, entry, place)
        return self._hours[key]


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
