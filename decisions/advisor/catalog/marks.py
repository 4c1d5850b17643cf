"""Marks: rules on the value of a sheet's field, each with its check and with its words in JSON Schema."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from string import Formatter
from typing import Any, Protocol

MANY = 60
"""Above so many allowed names an error shows the nearest instead of all."""


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
