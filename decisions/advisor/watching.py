"""Which answers a judgement looks at: what it never read cannot change it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from decisions.advisor.case import Case

SECTIONS = ("context", "baseline", "operations", "budget")


class _Watched:
    """A section of the case that notes which of its fields are asked for."""

    def __init__(self, section: object, name: str, seen: set[str]) -> None:
        self._section, self._name, self._seen = section, name, seen

    def __getattr__(self, field: str) -> Any:
        self._seen.add(f"{self._name}.{field}")
        return getattr(self._section, field)


def read_by(judge: Callable[[Case], object], case: Case) -> frozenset[str]:
    """The paths of the four sections that `judge` reads of the case; the requirements are taken as all read.

    The judge must work everything out anew: what comes from a memory is not read.
    """
    seen: set[str] = set()
    sections = {name: cast("Any", _Watched(getattr(case, name), name, seen)) for name in SECTIONS}
    judge(replace(case, **sections))
    return frozenset(seen)
