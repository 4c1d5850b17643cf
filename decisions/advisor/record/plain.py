"""The record in plain JSON types and back, its canonical bytes and their digest."""

import dataclasses
import hashlib
import math
import types
import typing
from collections.abc import Hashable, Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Any, TypeVar

import rfc8785

from decisions.advisor.recommendation import Recommendation
from decisions.advisor.record.value import SCHEMA, Bars, Bullets, Callout, Chart, Facts, Paragraph, Record, Table

BLOCKS: Mapping[str, type] = {
    "paragraph": Paragraph,
    "bullets": Bullets,
    "callout": Callout,
    "table": Table,
    "facts": Facts,
    "chart": Chart,
    "bars": Bars,
}

SIGNIFICANT_DIGITS = 6

BLANK = ("", (), None, False)
"""Defaults that say nothing and are left out of the document."""

T = TypeVar("T")


class RecordError(ValueError):
    """The document is no decision record; the text says where it departs from one."""


def document(record: Record) -> dict[str, object]:
    """The record in plain JSON types. Fields left blank are left out; `read` puts them back."""
    result = plain(record)
    result["inputs"]["case"] = record.inputs.case  # as it was given: a rounded input would not replay
    return result  # type: ignore[no-any-return]


def plain(value: object) -> Any:
    """Dataclasses, enums and tuples as JSON types; computed floats to six significant digits.

    Six digits are more than any of the ranges bear, and few enough that the last bit of a sum does not show.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _fields(value)
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    return rounded(value) if isinstance(value, float) else value


def _fields(value: Any) -> dict[str, object]:
    found = {one.name: (one.default, getattr(value, one.name)) for one in dataclasses.fields(value)}
    return {name: plain(given) for name, (default, given) in found.items() if given != default or given not in BLANK}


def rounded(number: float) -> float:
    """The number to six significant digits; RecordError for infinities, which no record may hold."""
    if not math.isfinite(number):
        message = f"a record cannot hold the number {number}"
        raise RecordError(message)
    return float(f"{number:.{SIGNIFICANT_DIGITS}g}") + 0.0


def canonical(plain_document: Mapping[str, object]) -> bytes:
    """The one sequence of bytes for this document: JSON after RFC 8785. RecordError when it has no such form."""
    try:
        return rfc8785.dumps(typing.cast("dict[str, Any]", plain_document))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        message = f"the record has no canonical form: {error}"
        raise RecordError(message) from error


def digest(data: bytes) -> str:
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def inputs_digest(case_sha256: str, catalogue_version: str, engine_version: str) -> str:
    """One digest over what the answer depends on: the case, the catalogue and the engine."""
    return digest(
        canonical(
            {
                "case_sha256": case_sha256,
                "catalogue_version": catalogue_version,
                "engine_version": engine_version,
            }
        )
    )


def read(plain_document: Mapping[str, object]) -> Record:
    """The record a document holds. RecordError, with the path, for anything this version does not write."""
    schema = plain_document.get("schema") if isinstance(plain_document, Mapping) else None
    if schema != SCHEMA:
        message = f"schema is {schema!r}, this version reads {SCHEMA}"
        raise RecordError(message)
    return _build(Record, plain_document, "record")


def recommendation_of(record: Record) -> Recommendation:
    """The engine's answer that a record holds, as values. RecordError when another version wrote it in another form."""
    return _build(Recommendation, record.recommendation, "recommendation")


@cache
def _hints(kind: Hashable) -> Mapping[str, Any]:
    return typing.get_type_hints(typing.cast("type", kind))


def _build(kind: type[T], value: object, path: str) -> T:
    if not isinstance(value, Mapping):
        raise _refusal(path, "a mapping", value)
    known = {one.name: one for one in dataclasses.fields(kind)}  # type: ignore[arg-type]
    for key in value:
        if key not in known:
            message = f"{path}.{key} is not known"
            raise RecordError(message)
    needed = [name for name, one in known.items() if one.default is dataclasses.MISSING and name not in value]
    if needed:
        message = f"{path}.{needed[0]} is missing"
        raise RecordError(message)
    hints = _hints(typing.cast("Hashable", kind))
    try:
        return kind(**{str(key): _read(hints[key], item, f"{path}.{key}") for key, item in value.items()})
    except ValueError as error:
        raise error if isinstance(error, RecordError) else RecordError(f"{path}: {error}") from error


def _read(hint: Any, value: object, path: str) -> object:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return _read_tuple(arguments, value, path)
    if origin in {types.UnionType, typing.Union}:
        return _read_choice(arguments, value, path)
    if origin is not None:  # Mapping[str, object]: kept as it is
        if not isinstance(value, Mapping):
            raise _refusal(path, "a mapping", value)
        return value
    if dataclasses.is_dataclass(hint):
        return _build(typing.cast("type", hint), value, path)
    return _read_value(hint, value, path)


def _read_value(hint: type, value: object, path: str) -> object:
    if issubclass(hint, Enum):
        return _choice(hint, value, path)
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if hint is not object and type(value) is not hint:
        raise _refusal(path, f"of type {hint.__name__}", value)
    return value


def _read_tuple(arguments: tuple[Any, ...], value: object, path: str) -> tuple[object, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise _refusal(path, "a list", value)
    if arguments[-1] is not Ellipsis and len(value) != len(arguments):
        raise _refusal(path, f"a list of {len(arguments)}", value)
    hints = [arguments[0]] * len(value) if arguments[-1] is Ellipsis else arguments
    return tuple(_read(hint, item, f"{path}.{i}") for i, (hint, item) in enumerate(zip(hints, value, strict=True)))


def _choice(kind: type[Enum], value: object, path: str) -> Enum:
    try:
        return kind(value)
    except ValueError as error:
        raise _refusal(path, f"one of {', '.join(str(one.value) for one in kind)}", value) from error


def _read_choice(arguments: tuple[Any, ...], value: object, path: str) -> object:
    if type(None) in arguments:
        return None if value is None else _read(arguments[0], value, path)
    kind = value.get("kind") if isinstance(value, Mapping) else None
    if not isinstance(kind, str) or kind not in BLOCKS:
        raise _refusal(f"{path}.kind", f"one of {', '.join(BLOCKS)}", kind)
    return _build(BLOCKS[kind], value, path)


def _refusal(path: str, wanted: str, got: object) -> RecordError:
    return RecordError(f"{path} must be {wanted}, not {str(got)[:40]!r}")
