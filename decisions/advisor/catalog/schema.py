"""The JSON Schema of the sheets, made from the dataclasses that the loader reads them as."""

import inspect
import json
from collections.abc import Mapping
from dataclasses import is_dataclass
from enum import StrEnum
from typing import Any, get_args, get_origin

from decisions.advisor.catalog.overlay import FIXED, PLANNING, SOURCED
from decisions.advisor.catalog.shapes import keys_of, unmarked
from decisions.advisor.catalog.sheets import AddOnSheet, Fact, Level, Operations, Planning, Product
from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import Approach

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DESCRIPTION = (
    "A sheet is a TOML file. What JSON Schema cannot say is checked by `meshadvisor catalogue check`: numbers of a "
    "range do not fall, days exist, placeholders and names of other sheets are known."
)

PLAIN: Mapping[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}

AGREEMENTS: Mapping[type, Mapping[str, Any]] = {
    Fact: {
        "if": {"properties": {"value": {"const": Level.NEEDS_EXTRA.value}}},
        "then": {"required": ["extra"], "properties": {"extra": {"minLength": 1}}},
        "else": {"properties": {"extra": {"const": ""}}},
    },
    Operations: {
        "if": {"required": ["end_of_support"], "properties": {"end_of_support": {"minLength": 1}}},
        "then": {"required": ["end_of_support_says"], "properties": {"end_of_support_says": {"pattern": r"\S"}}},
        "else": {"properties": {"end_of_support_says": {"pattern": r"^\s*$"}}},
    },
}
"""What the dataclasses check in __post_init__, in the words of JSON Schema."""


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of product, add-on and planning sheets and of patches of them."""
    return {
        "$schema": DIALECT,
        "title": "A sheet of MeshAdvisor's catalogue, or a patch of one",
        "description": DESCRIPTION,
        "oneOf": [
            {"$ref": "#/$defs/product"},
            {"$ref": "#/$defs/add-on"},
            {"$ref": "#/$defs/planning"},
            {"$ref": "#/$defs/patch"},
        ],
        "$defs": {
            "product": _whole(Product, "product"),
            "add-on": _whole(AddOnSheet, "add-on"),
            "planning": {
                "description": "Planning values by name; the engine knows those of the shipped sheet and no others.",
                "type": "object",
                "properties": {"kind": {"const": PLANNING}},
                "additionalProperties": {"$ref": "#/$defs/Planning"},
                "required": ["kind"],
            },
            "patch": _patch(),
            "Range": {
                "description": "[low, likely, high] of a 90 % interval; the numbers do not fall.",
                "type": "array",
                "items": {"type": "number", "minimum": 0},
                "minItems": 3,
                "maxItems": 3,
            },
        }
        | {cls.__name__: _table(cls) for cls in _tables(Product, AddOnSheet, Planning)},
    }


def text() -> str:
    """The schema as the published file has it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _tables(*classes: type) -> list[type]:
    """Every dataclass that these are made of, without themselves where they are sheets."""
    found: dict[str, type] = {}

    def walk(hint: Any) -> None:
        hint, _ = unmarked(hint)
        for part in get_args(hint):
            walk(part)
        if is_dataclass(hint) and isinstance(hint, type) and hint is not Range and hint.__name__ not in found:
            found[hint.__name__] = hint
            for key in keys_of(hint).values():
                walk(key.hint)

    for one in classes:
        walk(one)
    return [found[name] for name in sorted(found) if found[name] not in {Product, AddOnSheet}]


def _whole(cls: type, kind: str) -> dict[str, Any]:
    made = _table(cls)
    made["properties"] = {"kind": {"const": kind}, **made["properties"]}
    made["required"] = ["kind", *made["required"]]
    return made


def _table(cls: type) -> dict[str, Any]:
    keys = keys_of(cls)
    return {
        "description": " ".join((inspect.getdoc(cls) or "").split()),
        "type": "object",
        "properties": {name: _schema_of(key.hint) for name, key in keys.items()},
        "required": [name for name, key in keys.items() if key.required],
        "additionalProperties": False,
        **AGREEMENTS.get(cls, {}),
    }


def _schema_of(hint: Any) -> dict[str, Any]:
    plain, marks = unmarked(hint)
    made = _plain(plain)
    for mark in marks:
        made |= mark.schema()
    return made


def _plain(hint: Any) -> dict[str, Any]:
    if hint in PLAIN:
        return {"type": PLAIN[hint]}
    if is_dataclass(hint) and isinstance(hint, type):
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"enum": [one.value for one in hint]}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _schema_of(get_args(hint)[0])}
    return {"type": "object", "additionalProperties": _schema_of(get_args(hint)[1])}


def _patch() -> dict[str, Any]:
    """A patch says of which sheet it is, and then only what differs."""
    approaches = [one.value for one in Approach]
    sheets = {"type": "string", "not": {"enum": [PLANNING, *approaches]}}
    reason = {"type": "string", "pattern": r"\S"}
    return {
        "description": (
            "Only the keys that differ from the sheet named by `of`: a product, an add-on, `planning`, or an approach "
            "whose products are all not allowed. A changed fact is given whole; what is changed in operations, "
            "constraints or rollout has a source of its own; advisories are added."
        ),
        "anyOf": [
            _head(sheets, _partial(Product)),
            _head(sheets, _partial(AddOnSheet)),
            _head({"enum": approaches}, {"not_allowed": reason}),
            _head({"const": PLANNING}, {}) | {"additionalProperties": _partial_planning()},
        ],
    }


def _head(of: Mapping[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"kind": {"const": "patch"}, "of": of, **properties},
        "required": ["kind", "of"],
        "minProperties": 3,
        "additionalProperties": False,
    }


def _partial(cls: type) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, key in keys_of(cls).items():
        if name == "facts":
            made[name] = {one: rule for one, rule in _schema_of(key.hint).items() if one != "required"}
        elif name in SOURCED:
            table = _table(unmarked(key.hint)[0])
            made[name] = {**table, "required": ["source"]}
        elif name not in FIXED:
            made[name] = _schema_of(key.hint)
    return made


def _partial_planning() -> dict[str, Any]:
    return {**_table(Planning), "required": ["value", "says"]}
