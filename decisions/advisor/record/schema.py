"""The JSON Schema of the canonical record, derived from the dataclasses it is made of, so that the two cannot part."""

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any

from decisions.advisor.record.plain import BLOCKS
from decisions.advisor.record.value import SCHEMA, Record

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PLAIN: Mapping[type, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}


def schema() -> dict[str, object]:
    """The schema of `meshadvisor-record/1` in draft 2020-12."""
    definitions: dict[str, dict[str, object]] = {}
    root = _object(Record, definitions)
    root["properties"]["schema"] = {"const": SCHEMA}
    root["required"] = sorted({*root["required"], "schema"})
    return {
        "$schema": DIALECT,
        "title": "Decision record",
        "description": "The canonical record: RFC 8785 gives its bytes, SHA-256 over them its name.",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def _object(kind: type, definitions: dict[str, dict[str, object]]) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    fields = dataclasses.fields(kind)
    needed = [
        one.name for one in fields if one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING
    ]
    properties = {one.name: _value(hints[one.name], definitions) for one in fields}
    name = next((name for name, block in BLOCKS.items() if block is kind), "")
    if name:
        properties["kind"] = {"const": name}
        needed.append("kind")
    return {"type": "object", "properties": properties, "required": sorted(needed), "additionalProperties": False}


def _value(hint: Any, definitions: dict[str, dict[str, object]]) -> dict[str, object]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple and arguments[-1] is Ellipsis:
        return {"type": "array", "items": _value(arguments[0], definitions)}
    if origin is tuple:
        items = [_value(one, definitions) for one in arguments]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
    if origin in {types.UnionType, typing.Union}:
        return {"anyOf": [_value(one, definitions) for one in arguments]}
    if dataclasses.is_dataclass(hint):
        return _reference(typing.cast("type", hint), definitions)
    if hint is type(None):
        return {"type": "null"}
    return {"type": PLAIN[hint]} if hint in PLAIN else {"type": "object"}


def _reference(kind: type, definitions: dict[str, dict[str, object]]) -> dict[str, object]:
    if kind.__name__ not in definitions:
        definitions[kind.__name__] = {}  # a section holds sections
        definitions[kind.__name__] = _object(kind, definitions)
    return {"$ref": f"#/$defs/{kind.__name__}"}
