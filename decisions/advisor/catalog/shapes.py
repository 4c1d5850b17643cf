"""Reads TOML as the dataclasses of the sheets, strictly: a field's type says what is allowed, and nothing else is."""

import math
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from decisions.advisor.catalog.marks import Day, Filled, Mark
from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import Source

T = TypeVar("T")


class CatalogError(Exception):
    """Sheets that cannot be trusted. The text says file, key and what is allowed, one line for each problem."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


SOURCE_MARKS: Mapping[str, Mark] = {"text": Filled(), "date": Day(coarse=True)}
"""A sheet names and dates each source, also where other parts of the advisor may leave that out."""
SOURCE_REQUIRED = frozenset({"text", "date"})


@dataclass(frozen=True, kw_only=True)
class Key:
    """A key of a table: the type of its value with its marks, and whether it may be left out."""

    hint: Any
    required: bool


@cache
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
    known = keys_of(cls)  # type: ignore[arg-type]  # a class can be hashed, of whatever type it is
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
