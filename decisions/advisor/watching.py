"""Which answers a part of the judgement looks at: what it never read cannot change it.

A part is worked out with a watched case, which notes what is asked of it. What came out is kept under the values of
everything that part was ever seen to read; another case with the same values has the same result, however much the two
differ elsewhere. Nobody lists what a rule depends on, so no list can be wrong.
"""

from collections.abc import Callable, Iterable
from itertools import count
from operator import attrgetter
from typing import Any, Generic, TypeVar, cast

from decisions.advisor.case import Case
from decisions.advisor.once import once
from decisions.advisor.requirements import BY_ID

SECTIONS = ("context", "baseline", "operations", "budget")
NUMBERS = count(1)
NESTED = frozenset({"simplest_fix", "evidence"})
S = TypeVar("S")
T = TypeVar("T")


class _Watched:
    """A value that notes which of its fields are asked for, and keeps them, so that it is asked once for each."""

    def __init__(self, value: object, seen: set[str], path: str = "") -> None:
        self._value, self._seen, self._path = value, seen, path

    def __getattr__(self, name: str) -> Any:
        value, path = getattr(self._value, name), f"{self._path}{name}"
        if name in NESTED:
            value = _Watched(value, self._seen, f"{path}.")
        else:
            self._seen.add(path)
        self.__dict__[name] = value
        return value


class _WatchedCase:
    """A case of which the sections and the requirements are watched. The policy is the same for all cases judged."""

    def __init__(self, case: Case, seen: set[str]) -> None:
        self._case, self._seen = case, seen
        self._rows: dict[str, _Watched] = {}
        self.policy = case.policy

    def __getattr__(self, name: str) -> Any:
        if name not in SECTIONS:
            message = f"{name} is not part of what is judged"
            raise AttributeError(message)
        found = _Watched(getattr(self._case, name), self._seen, f"{name}.")
        self.__dict__[name] = found
        return found

    @once
    def requirements(self) -> dict[str, _Watched]:
        """What was said about every requirement."""
        return {one: self.answer(one) for one in BY_ID}

    @once
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where requirements apply, as one value: most cases have none, and sixteen rows would say so."""
        self._seen.add("scopes")
        return self._case.scopes

    def answer(self, requirement: str) -> _Watched:
        """What was said about a requirement."""
        if requirement not in self._rows:
            row = self._case.answer(requirement)
            self._rows[requirement] = _Watched(row, self._seen, f"requirements.{requirement}.")
        return self._rows[requirement]


class Facets:
    """What one part was seen to read of a case, or of a plain value, and the values of that as a key."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self._learnt = -1
        self._plain: Callable[[Any], object] = _nothing
        self._rows: tuple[tuple[str, Callable[[Any], object]], ...] = ()
        self._numbers: dict[tuple[object, ...], int] = {}

    def watch(self, value: T) -> T:
        """The value, noting what is read of it."""
        watched = _WatchedCase if isinstance(value, Case | _WatchedCase) else _Watched
        return cast("T", watched(cast("Any", value), self.seen))

    def key(self, value: Any) -> tuple[object, ...]:
        """The values of what was seen to be read; keys from before something more was seen equal none from after."""
        if len(self.seen) != self._learnt:
            self._learn()
        return self._learnt, self._plain(value), *[get(value.answer(one)) for one, get in self._rows]

    def number(self, value: object) -> int:
        """The key as a number, quick to look up many times; no other key of any facets has the same."""
        key = self.key(value)
        if key not in self._numbers:
            self._numbers[key] = next(NUMBERS)
        return self._numbers[key]

    def _learn(self) -> None:
        self._learnt = len(self.seen)
        self._plain = _getter(one for one in self.seen if not one.startswith("requirements."))
        rows: dict[str, list[str]] = {}
        for path in sorted(self.seen):
            if path.startswith("requirements."):
                _, requirement, field = path.split(".", 2)
                rows.setdefault(requirement, []).append(field)
        self._rows = tuple((one, _getter(fields)) for one, fields in rows.items())


def _getter(paths: Iterable[str]) -> Callable[[Any], object]:
    """Reads all of these paths at once; of no path, what is the same for every case."""
    names = sorted(paths)
    return attrgetter(*names) if names else _nothing


def _nothing(_: object) -> None:
    """What is read of a value of which nothing is read."""


class Remembered(Generic[S, T]):
    """A part of the judgement, worked out once for all it reads of a case or of a plain value.

    `few`: it reads few answers, so that even for a hypothetical case it is sooner looked up than worked out.
    """

    def __init__(self, work: Callable[[S], T], *, few: bool = False) -> None:
        self.facets, self.few = Facets(), few
        self.work = work
        self._kept: dict[tuple[object, ...], T] = {}

    def of(self, value: S) -> T:
        """The part for this value."""
        key = self.facets.key(value)
        if key in self._kept:
            return self._kept[key]
        found = self.work(self.facets.watch(value))
        self._kept[self.facets.key(value)] = found
        return found
