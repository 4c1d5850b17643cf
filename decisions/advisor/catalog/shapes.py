"""Reads TOML as the dataclasses of the sheets, strictly: a field's type says what is allowed, and nothing else is."""

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from string import Formatter
from types import UnionType
from typing import Annotated, Any, Protocol, TypeVar, get_args, get_origin, get_type_hints

from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import Source

T = TypeVar("T")

MANY = 60
"""Above so many allowed names an error shows the nearest instead of all."""


class CatalogError(Exception):
    """Sheets that cannot be trusted. The text says file, key and what is allowed, one line for each problem."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Mark(Protocol):
    """A rule on the value of a field, as `Annotated[type, mark]`."""

    def refusal(self, value: Any) -> str:
        """What is wrong with a value of the right type, with what is allowed; empty when nothing is."""

    def schema(self) -> Mapping[str, Any]:
        """The same rule in the words of JSON Schema; empty when it has none for it."""


@dataclass(frozen=True)
class OneOf:
    """One of these texts."""

    values: Collection[str]

    def refusal(self, value: str) -> str:
        """Names the allowed texts."""
        return "" if value in self.values else f"{value!r} is not one of {', '.join(map(repr, self.values))}"

    def schema(self) -> Mapping[str, Any]:
        """An enumeration."""
        return {"enum": list(self.values)}


@dataclass(frozen=True)
class Like:
    """A text of this form; `meaning` completes "is not"."""

    pattern: str
    meaning: str

    def refusal(self, value: str) -> str:
        """Says what form is expected."""
        return "" if re.fullmatch(self.pattern, value) else f"{value!r} is not {self.meaning}"

    def schema(self) -> Mapping[str, Any]:
        """A pattern."""
        return {"pattern": f"^(?:{self.pattern})$"}


@dataclass(frozen=True)
class Day:
    """A date like 2026-11-23; `coarse` allows 2026-11 and 2026 too, `optional` an empty text."""

    coarse: bool = False
    optional: bool = False

    def refusal(self, value: str) -> str:
        """Refuses days that no calendar has."""
        if not value and self.optional:
            return ""
        expected = "a date like 2026-11-23" + (", 2026-11 or 2026" if self.coarse else "")
        if not re.fullmatch(self._pattern(), value):
            return f"{value!r} is not {expected}"
        try:
            date.fromisoformat(f"{value}-01-01"[:10])
        except ValueError:
            return f"{value!r} is not {expected}"
        return ""

    def _pattern(self) -> str:
        return r"\d{4}(?:-\d{2}(?:-\d{2})?)?" if self.coarse else r"\d{4}-\d{2}-\d{2}"

    def schema(self) -> Mapping[str, Any]:
        """A pattern; that the day exists is checked by the loader alone."""
        return {"pattern": f"^(?:{self._pattern()}){'?' if self.optional else ''}$"}


@dataclass(frozen=True)
class Filled:
    """A text with words in it."""

    def refusal(self, value: str) -> str:
        """Refuses blanks."""
        return "" if value.strip() else "a text is expected, not a blank one"

    def schema(self) -> Mapping[str, Any]:
        """At least one sign that is not white space."""
        return {"pattern": r"\S"}


@dataclass(frozen=True)
class AtLeast:
    """A number from here up."""

    least: float

    def refusal(self, value: float) -> str:
        """Names the least number."""
        return "" if value >= self.least else f"{value!r} is less than {self.least:g}"

    def schema(self) -> Mapping[str, Any]:
        """A minimum."""
        return {"minimum": self.least}


@dataclass(frozen=True)
class Keys:
    """A table with these keys; `all_of` when none may be missing."""

    names: Collection[str]
    all_of: bool = False

    def refusal(self, value: Mapping[str, Any]) -> str:
        """Names what is missing and what is not known."""
        missing = [name for name in self.names if self.all_of and name not in value]
        unknown = [name for name in value if name not in self.names]
        shown = self.names if len(self.names) < MANY else get_close_matches(unknown[0], self.names) if unknown else ()
        known = f"; known are {', '.join(shown)}" if unknown and shown else ""
        return f"missing {missing}, unknown {unknown}{known}" if missing or unknown else ""

    def schema(self) -> Mapping[str, Any]:
        """Allowed names, and the required ones."""
        required = {"required": list(self.names)} if self.all_of else {}
        return {"propertyNames": {"enum": list(self.names)}, **required}


@dataclass(frozen=True)
class Template:
    """A text with {placeholders} of these names."""

    names: Collection[str]

    def refusal(self, value: str) -> str:
        """Names the placeholders there are."""
        try:
            used = [name for _, name, _, _ in Formatter().parse(value) if name is not None]
        except ValueError as error:
            return f"braces that do not match: {error}"
        unknown = [name for name in used if name not in self.names]
        return f"unknown placeholders {unknown}; known are {', '.join(self.names)}" if unknown else ""

    def schema(self) -> Mapping[str, Any]:
        """JSON Schema cannot say it."""
        return {}


SOURCE_MARKS: Mapping[str, Mark] = {"text": Filled(), "date": Day(coarse=True)}
"""A sheet names and dates each source, also where other parts of the advisor may leave that out."""
SOURCE_REQUIRED = frozenset({"text", "date"})


@dataclass(frozen=True, kw_only=True)
class Key:
    """A key of a table: the type of its value with its marks, and whether it may be left out."""

    hint: Any
    required: bool


def keys_of(cls: type) -> dict[str, Key]:
    """The keys of the table that a dataclass is read from, in the order of its fields."""
    hints = get_type_hints(cls, include_extras=True)
    found = {}
    for field in fields(cls):
        hint = hints[field.name]
        required = field.default is MISSING and field.default_factory is MISSING
        if cls is Source:
            mark = SOURCE_MARKS.get(field.name)
            hint = Annotated[hint, mark] if mark else hint
            required = field.name in SOURCE_REQUIRED
        found[field.name] = Key(hint=hint, required=required)
    return found


def unmarked(hint: Any) -> tuple[Any, tuple[Mark, ...]]:
    """A type without its marks, and without the "or None" of a key that may be left out; and the marks."""
    marks: tuple[Mark, ...] = ()
    if get_origin(hint) is Annotated:
        hint, *found = get_args(hint)
        marks = tuple(found)
    if isinstance(hint, UnionType):
        (hint,) = [one for one in get_args(hint) if one is not type(None)]
    return hint, marks


def read(hint: Any, value: Any, where: str) -> Any:
    """The value as the type says. Raises CatalogError, which starts with `where`."""
    plain, marks = unmarked(hint)
    made = _read(plain, value, where)
    for mark in marks:
        if refusal := mark.refusal(made):
            raise CatalogError(f"{where}: {refusal}")
    return made


def _read(hint: Any, value: Any, where: str) -> Any:
    if hint in PLAIN:
        return _plain(hint, value, where)
    if hint is Range:
        return _range(value, where)
    if is_dataclass(hint):
        return table(hint, value, where)  # type: ignore[arg-type]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        if value not in list(hint):
            raise CatalogError(f"{where}: {value!r} is not one of {', '.join(hint)}")
        return hint(value)
    if get_origin(hint) is tuple:
        return _items(get_args(hint)[0], value, where)
    _, item = get_args(hint)
    if not isinstance(value, Mapping):
        raise CatalogError(f"{where}: a table is expected")
    return {name: read(item, one, f"{where}: {name}") for name, one in value.items()}


PLAIN: Mapping[type, tuple[tuple[type, ...], str]] = {
    str: ((str,), "a text in quotes"),
    bool: ((bool,), "true or false"),
    int: ((int,), "a whole number"),
    float: ((int, float), "a number"),
}
"""What TOML may give for a plain type, and its name for people."""


def _plain(hint: type, value: Any, where: str) -> Any:
    accepted, meaning = PLAIN[hint]
    fits = isinstance(value, accepted) and (hint is bool or not isinstance(value, bool))
    if not fits or (isinstance(value, float) and not math.isfinite(value)):
        raise CatalogError(f"{where}: {value!r} is not {meaning}")
    return value


def _range(value: Any, where: str) -> Range:
    expected = "three numbers from 0 up that do not fall, [low, likely, high], are expected"
    if not isinstance(value, list) or len(value) != 3:
        raise CatalogError(f"{where}: {value!r}: {expected}")
    low, likely, high = (float(_plain(float, one, where)) for one in value)
    if not 0 <= low <= likely <= high:
        raise CatalogError(f"{where}: {value!r}: {expected}")
    return Range(low=low, likely=likely, high=high)


def _items(item: Any, value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise CatalogError(f"{where}: a list is expected")
    return tuple(read(item, one, f"{where}[{place}]") for place, one in enumerate(value))


def table(cls: type[T], value: Any, where: str) -> T:
    """An instance of the dataclass from a TOML table; refuses unknown and missing keys. Raises CatalogError."""
    if not isinstance(value, Mapping):
        raise CatalogError(f"{where}: a table is expected")
    known = keys_of(cls)
    for name in value:
        if name not in known:
            raise CatalogError(f"{where}: unknown key {name!r}; known are {', '.join(known)}")
    for name, key in known.items():
        if key.required and name not in value:
            raise CatalogError(f"{where}: {name} is missing")
    made = {name: read(key.hint, value[name], f"{where}: {name}") for name, key in known.items() if name in value}
    try:
        return cls(**made)
    except ValueError as error:  # what a dataclass itself says of values that contradict each other
        raise CatalogError(f"{where}: {error}") from error
