"""What contests under one catalogue share: parts of judgements, kept from one case to the next."""

import threading
from collections.abc import Collection

from decisions.advisor.case import Case
from decisions.advisor.catalog import Catalog
from decisions.advisor.compositions import Memory
from decisions.advisor.contest.before import Before
from decisions.advisor.contest.entries import Field
from decisions.advisor.contest.parts import Parts
from decisions.advisor.contest.run import Run
from decisions.advisor.recommendation import Flip

KEPT = 4
"""Catalogues whose arenas a thread keeps: that of the installation, and those of a few policies laid over it."""
RUNS = 3000
"""After so many judged cases an arena is made anew: each leaves some kilobytes of what nobody may ask for again."""


class Arena:
    """The parts of judgements under one catalogue, and the compositions there are."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog, self.memory = catalog, Memory()
        self.parts, self.field = Parts(catalog), Field(catalog, self.memory)
        self.runs = 0
        self.latest: object = None
        """What was judged last, for whoever asks more about it."""
        self.changes: tuple[Case, tuple[Flip, ...]] | None = None
        """The case for which it was last asked what would change the answer, with that."""

    def run(self, before: Before, case: Case, touched: Collection[str], *, noting: bool = True) -> Run:
        """A run on a case that differs from another one in answers `touched` alone."""
        self.runs += noting
        return Run(self.parts, before, case, touched, noting=noting)

    def reads(self) -> frozenset[str]:
        """The paths of the answers that were read so far."""
        facets = (*self.parts.facets(), *(part.facets for part in self.field.parts()))
        return frozenset().union(*(one.seen for one in facets))


class _Kept(threading.local):
    """The arenas of a thread, which so need no locks; the latest used last."""

    def __init__(self) -> None:
        self.arenas: dict[int, Arena] = {}


_kept = _Kept()


def arena_of(catalog: Catalog) -> Arena:
    """The arena of this very catalogue, made anew from time to time."""
    arenas = _kept.arenas
    arena = arenas.pop(id(catalog), None)
    if arena is None or arena.catalog is not catalog or arena.runs >= RUNS:
        arena = Arena(catalog)
    arenas[id(catalog)] = arena
    while len(arenas) > KEPT:
        del arenas[next(iter(arenas))]
    return arena


def forget() -> None:
    """Begin anew, as a process that has just started."""
    _kept.arenas.clear()
