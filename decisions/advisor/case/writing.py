"""The writer: a case becomes a document in plain JSON types."""

from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from decisions.advisor.case.reading import SCHEMA
from decisions.advisor.case.values import Case, Found, Provenance, shape
from decisions.advisor.policy import write_policy
from decisions.advisor.questions import NOT_SURE, SECTIONS
from decisions.advisor.requirements import BY_ID


def write(case: Case) -> dict[str, Any]:
    """The document of a case in plain JSON types; read(write(case)) == case."""
    document: dict[str, Any] = {"schema": SCHEMA}
    if case.id:
        document["id"] = case.id
    document["title"] = case.title
    requirements = {
        one: _written(case.requirements[one], f"requirements.{one}", case.not_sure)
        for one in BY_ID
        if one in case.requirements
    }
    if requirements:
        document["requirements"] = requirements
    for name in SECTIONS:
        if section := _written(getattr(case, name), name, case.not_sure):
            document[name] = section
    if policy := write_policy(case.policy):
        document["policy"] = policy
    document |= _beside(case)
    if case.namespaces:
        document["namespaces"] = places(case.namespaces, case.marks)
    if case.stages:
        document["stages"] = {key: dict(one) for key, one in case.stages.items()}
    return document | {key: _plain(value) for key, value in case.notes.items()}


def at(document: Mapping[str, Any], path: str) -> Any:
    """The plain value at a path of a document, None when there is none."""
    value: Any = document
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def places(namespaces: Mapping[str, Mapping[str, int]], marks: Mapping[str, Mapping[str, str]]) -> list[dict[str, Any]]:
    """Names of namespaces and services as a list: mappings lose their order in databases and canonical JSON."""
    return [
        {"name": name, "services": [{"name": one, "port": port} for one, port in services.items()]}
        | ({"marks": dict(marks[name])} if marks.get(name) else {})
        for name, services in namespaces.items()
    ]


def _beside(case: Case) -> dict[str, Any]:
    """What stands beside answers, by their paths: comments, origins, and what files say otherwise."""
    parts: dict[str, dict[str, Any]] = {
        "comments": {path: case.comments[path] for path in sorted(case.comments)},
        "provenance": {path: _origin(case.provenance[path]) for path in sorted(case.provenance)},
        "found": {path: _found(case.found[path]) for path in sorted(case.found)},
    }
    return {name: part for name, part in parts.items() if part}


def _origin(one: Provenance) -> dict[str, str]:
    return {"source": one.source} | ({"date": one.day.isoformat()} if one.day else {})


def _found(one: Found) -> dict[str, Any]:
    dated = {"date": one.day.isoformat()} if one.day else {}
    return {"value": _plain(one.value), "source": one.source} | dated | ({"kept": True} if one.kept else {})


def _written(section: Any, path: str, not_sure: frozenset[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    cls: Any = type(section)
    for name in shape(cls):
        value = getattr(section, name)
        if not_sure and f"{path}.{name}" in not_sure:
            found[name] = NOT_SURE
        elif value is None:
            continue
        elif is_dataclass(value):
            if inner := _written(value, f"{path}.{name}", not_sure):
                found[name] = inner
        else:
            found[name] = _plain(value)
    return found


def _plain(value: object) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return value
