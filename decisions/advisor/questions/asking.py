"""How a question is written down: a dataclass field that carries its own manual."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from decisions.advisor.case import Case, RequirementAnswer

NOT_SURE = "not_sure"
"""The word for "asked, and not known"; allowed wherever an answer is."""

MOST = 1_000_000_000
"""No cluster has more of anything; larger numbers are slips of the keyboard."""


class Kind(StrEnum):
    """What sort of answer a field takes."""

    CHOICE = "choice"
    CHOICES = "choices"
    INTEGER = "integer"
    NUMBER = "number"
    SHARE = "share"
    PERCENT = "percent"
    TEXT = "text"
    LONG_TEXT = "long_text"
    VERSION = "version"
    URL = "url"
    DATE = "date"
    BOOLEAN = "boolean"


class Prefill(StrEnum):
    """Where an answer can come from without typing it."""

    NONE = ""
    INVENTORY = "inventory"
    METRICS = "metrics"
    PRIOR = "prior"
    GENERATED = "generated"


When = Callable[["Case"], bool]


def always(_case: "Case") -> bool:
    """The condition of most questions."""
    return True


@dataclass(frozen=True, kw_only=True)
class Field:
    """One answer: its place in the case document and everything a form, a reader and a manual need to know of it.

    An empty `label` means that the question's own text is the label. `choices` are (value, label) pairs without
    "not sure", which every field takes. `minimum` and `maximum` are inclusive. `needed`: counts towards "answered"
    (a question without needed fields is answered by any of them).
    `when` says from the answers so far whether the field applies, `row_when` the same from one requirement's row.
    `of` is the enumeration a choice is kept as.
    """

    kind: Kind
    path: str = ""
    label: str = ""
    help: str = ""
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    minimum: float = 0
    maximum: float = MOST
    max_length: int = 500
    placeholder: str = ""
    prefill: Prefill = Prefill.NONE
    needed: bool = False
    when: When = always
    of: type[StrEnum] | None = None
    row_when: Callable[["RequirementAnswer"], bool] | None = None

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What a question says above its fields. `seconds` is a planning figure for a prepared team, not measured."""

    step: str
    text: str
    help: str = ""
    why: str = ""
    moves: str = ""
    seconds: int = 10
    when: When = always


LENGTHS = {Kind.LONG_TEXT: 8000, Kind.URL: 2000, Kind.VERSION: 100}
CEILINGS = {Kind.SHARE: 1, Kind.PERCENT: 100}


def ask(
    step: str,
    text: str,
    kind: Kind,
    *,
    help: str = "",  # noqa: A002 - the word people know
    why: str = "",
    moves: str = "",
    seconds: int = 10,
    when: When = always,
    needed: bool = True,
    **rest: Any,
) -> Any:
    """A dataclass field that opens a question; `rest` are attributes of Field (label, unit, choices, minimum ...)."""
    opening = Opening(step=step, text=text, help=help, why=why, moves=moves, seconds=seconds, when=when)
    return field(default=None, metadata={"field": _field(kind, needed=needed, **rest), "opening": opening})


def also(kind: Kind, label: str, **rest: Any) -> Any:
    """A dataclass field that belongs to the question opened above it."""
    return field(default=None, metadata={"field": _field(kind, label=label, **rest)})


def ask_table(table: type, step: str, text: str, **words: Any) -> Any:
    """A question answered by a table: a dataclass whose fields are its rows."""
    return field(default_factory=table, metadata={"table": table, "opening": Opening(step=step, text=text, **words)})


def _field(kind: Kind, **rest: Any) -> Field:
    rest.setdefault("max_length", LENGTHS.get(kind, 500))
    rest.setdefault("maximum", CEILINGS.get(kind, MOST))
    return Field(kind=kind, **rest)
