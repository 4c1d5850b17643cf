"""What counts as an answer: one value read strictly against its field, with a text that says what is allowed."""

import difflib
import math
import re
import reprlib
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from decisions.advisor.questions.asking import NOT_SURE, Field, Kind


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong with a case document: where, and what is allowed there."""

    path: str
    text: str


class CaseError(Exception):
    """A case document that cannot be read. The text may be shown to a user: one line a problem, path first."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(f"{one.path}: {one.text}" if one.path else one.text for one in problems))

    @property
    def path(self) -> str:
        """The path of the first problem."""
        return self.problems[0].path


class Written(float):
    """A number with the way it was written, so that version 1.30 is not read as 1.3."""

    text: str

    def __new__(cls, text: str) -> "Written":
        """The number a YAML or JSON scalar stands for."""
        # YAML writes .inf and .nan with a dot, and 5. is 5.
        number = super().__new__(cls, re.sub(r"\.(?=[inIN])", "", text))
        number.text = text
        return number


def refuse(path: str, text: str) -> CaseError:
    """The error for one problem, to be raised."""
    return CaseError(Problem(path=path, text=text))


def answer(field: Field, value: object, path: str) -> Any:
    """The value as the case keeps it, or None when it is empty. Raises CaseError.

    The word not_sure is the caller's: it is allowed everywhere and has no type.
    """
    if value is None or value == "":
        return None
    return READERS[field.kind](field, value, path)


def nearest(word: object, known: Iterable[str]) -> str:
    """ " - did you mean x?" or nothing."""
    close = difflib.get_close_matches(str(word), list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def show(value: object) -> str:
    """A value as it may be quoted in an error: short, on one line."""
    # reprlib stops at a few levels and items, so that a hostile document cannot make the error expensive.
    text = value.text if isinstance(value, Written) else value if isinstance(value, str) else reprlib.repr(value)
    text = " ".join(text.split())
    shown = text if len(text) <= 60 else text[:57] + "..."
    return f'"{shown}"' if isinstance(value, str) else shown


def _text(field: Field, value: object, path: str) -> str | None:
    if isinstance(value, date):
        value = value.isoformat()
    if isinstance(value, Written) and "." not in value.text:
        # 1e3 is a number in YAML 1.2 and a word in YAML 1.1, whose writers leave it without quotes.
        value = value.text
    if not isinstance(value, str):
        raise refuse(path, f"{show(value)} is not a text; put it in quotes")
    return clean(value, path, field.max_length)


def clean(value: str, path: str, max_length: int) -> str | None:
    """The text without surrounding space, None when nothing is left; refuses control characters and overlong texts."""
    text = value.replace("\r\n", "\n").strip()
    if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\t" for sign in text):
        raise refuse(path, "the text holds control characters; plain text is expected")
    if len(text) > max_length:
        raise refuse(path, f"the text has {len(text):,} characters; at most {max_length:,} are kept")
    return text or None


def _version(field: Field, value: object, path: str) -> str | None:
    if isinstance(value, Written):
        value = value.text
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise refuse(
            path, f'{show(value)} is not a version; write it in quotes, like "1.30", or a zero at the end is lost'
        )
    return clean(value, path, field.max_length)


def _url(field: Field, value: object, path: str) -> str | None:
    text = _text(field, value, path)
    if text is not None and (not text.startswith(("https://", "http://")) or any(sign.isspace() for sign in text)):
        raise refuse(path, f"{show(text)} is not a web address; one that begins with https:// is expected")
    return text


def _number(field: Field, value: object, path: str) -> float:
    expected = _expected(field)
    if isinstance(value, bool) or not isinstance(value, int | float):
        hint = "; write a plain number without quotes" if isinstance(value, str) and _is_number(value) else ""
        raise refuse(path, f"{show(value)} is not a number; {expected}{hint}")
    if not math.isfinite(value) or not field.minimum <= value <= field.maximum:
        raise refuse(path, f"{show(value)} is not possible; {expected}")
    # A whole number reads better in a sentence: "42 ms", not "42.0 ms".
    return int(value) if float(value).is_integer() else float(value)


def _integer(field: Field, value: object, path: str) -> int:
    number = _number(field, value, path)
    if not isinstance(number, int):
        raise refuse(path, f"{show(value)} is not a whole number; {_expected(field)}")
    return number


def _expected(field: Field) -> str:
    low, high = f"{field.minimum:,g}", f"{field.maximum:,.0f}"
    if field.kind is Kind.SHARE:
        return "a share from 0 to 1 is expected, 0.85 for 85 %"
    if field.kind is Kind.PERCENT:
        return "a percentage from 0 to 100 is expected"
    noun = "whole number" if field.kind is Kind.INTEGER else "number"
    unit = f" ({field.unit})" if field.unit else ""
    return f"a {noun} from {low} to {high}{unit} is expected"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _choice(field: Field, value: object, path: str) -> str:
    return _pick(field, value, path, (NOT_SURE,))


def _pick(field: Field, value: object, path: str, besides: tuple[str, ...]) -> str:
    values = [one for one, _label in field.choices]
    # Unquoted yes and no are booleans for many YAML readers.
    if isinstance(value, bool) and {"yes", "no"} <= set(values):
        value = "yes" if value else "no"
    if not isinstance(value, str) or value not in values:
        allowed = ", ".join(dict.fromkeys([*values, *besides]))
        raise refuse(path, f"{show(value)} is not a choice; allowed are {allowed}{nearest(value, values)}")
    return field.of(value) if field.of else str(value)


def _choices(field: Field, value: object, path: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        allowed = ", ".join(one for one, _label in field.choices)
        raise refuse(path, f"{show(value)} is not a list; a list of {allowed} is expected, empty for none of them")
    picked = {_pick(field, one, f"{path}[{number}]", ()) for number, one in enumerate(value)}
    return tuple(one for one, _label in field.choices if one in picked)


def _date(_field: Field, value: object, path: str) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and not value.strip():
        return None
    try:
        return date.fromisoformat(value.strip() if isinstance(value, str) else "")
    except ValueError:
        raise refuse(path, f"{show(value)} is not a date; one like 2026-11-03 is expected") from None


def _boolean(_field: Field, value: object, path: str) -> bool:
    words = {"yes": True, "no": False, "true": True, "false": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in words:
        return words[value]
    raise refuse(path, f"{show(value)} is neither yes nor no; true, false or {NOT_SURE} is expected")


READERS: dict[Kind, Callable[[Field, object, str], Any]] = {
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.SHARE: _number,
    Kind.PERCENT: _number,
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.VERSION: _version,
    Kind.URL: _url,
    Kind.DATE: _date,
    Kind.BOOLEAN: _boolean,
}
