"""Kubernetes objects of the stages: filled with names, laid over what earlier stages applied, and the way back."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from decisions.advisor.pack.names import Place
from decisions.advisor.present import ENROLMENT

Object = dict[str, Any]
PLACEHOLDER = re.compile(r"\{(namespace|service|caller|port|port_text|host|pod_cidr|mesh|network|cluster)\}")
KEPT = frozenset({("v1", "Namespace"), ("projectcalico.org/v3", "FelixConfiguration"), ("kuma.io/v1alpha1", "Mesh")})
"""Objects that are there before the roll-out: the way back takes our fields out of them and never deletes them."""


def fill(value: Any, place: Place) -> Any:
    """A value with its placeholders replaced. Only whole scalars change, so a name can never become structure."""
    if isinstance(value, dict):
        return {fill(key, place): fill(one, place) for key, one in value.items()}
    if isinstance(value, list):
        return [fill(one, place) for one in value]
    if not isinstance(value, str):
        return value
    if value == "{port}":
        return place.port
    return PLACEHOLDER.sub(lambda found: place.words[found.group(1)], value)


def parse(text: str, place: Place) -> Object:
    """A manifest of a sheet for one place."""
    made: Object = fill(structure(text), place)
    return made


@cache
def structure(text: str) -> Any:
    """A YAML text of a sheet as plain values, which nobody may change: `fill` makes new ones."""
    return yaml.safe_load(text)


def merge(below: Any, above: Any) -> Any:
    """`above` laid over `below`: mappings key by key, lists of equal length item by item, words as a union."""
    if isinstance(below, dict) and isinstance(above, dict):
        return {
            **below,
            **{key: merge(below[key], one) if key in below else one for key, one in above.items()},
        }
    if isinstance(below, list) and isinstance(above, list):
        if all(isinstance(one, dict) for one in (*below, *above)):
            if len(below) == len(above):
                return [merge(one, two) for one, two in zip(below, above, strict=True)]
            return _lengthened(below, above)
        return [*below, *(one for one in above if one not in below)]
    return above


def _lengthened(below: list[Any], above: list[Any]) -> list[Any]:
    """Lists of different length: the newer one counts, its first item keeps what only the older first item says."""
    return [merge(below[0], above[0]), *above[1:]] if below and above and _same_place(below, above) else above


def _same_place(below: list[Any], above: list[Any]) -> bool:
    return len(below) == 1 and "destination" in below[0] and "destination" in above[0]


def identity(one: Object) -> tuple[str, str, str, str]:
    """What makes an object the same object."""
    about = one["metadata"]
    return one["apiVersion"], one["kind"], about.get("namespace", ""), about["name"]


@dataclass
class State:
    """What the stages have applied so far; each stage is laid over it."""

    objects: dict[tuple[str, str, str, str], Object] = field(default_factory=dict)

    def apply(self, made: Iterable[Object]) -> "Step":
        """Lay the objects of a stage over the state, and say what to apply, to restore and to delete."""
        before = dict(self.objects)
        touched: dict[tuple[str, str, str, str], None] = {}
        for one in made:
            key = identity(one)
            touched[key] = None
            self.objects[key] = _left(merge(self.objects[key], one), one) if key in self.objects else one
        apply = tuple(self.objects[key] for key in touched)
        restore = tuple(before.get(key) or _bare(self.objects[key]) for key in touched if key in before or _kept(key))
        delete = tuple(self.objects[key] for key in touched if key not in before and not _kept(key))
        return Step(apply=apply, restore=restore, delete=delete)


def _left(merged: Object, one: Object) -> Object:
    """A namespace that joins a mesh leaves the one it was in: it carries the mark of one mesh at a time."""
    about = one["metadata"]
    if one["kind"] != "Namespace" or not {**about.get("labels", {}), **about.get("annotations", {})}.keys() & ENROLMENT:
        return merged
    kept = dict(merged["metadata"])
    for part in {"labels", "annotations"} & kept.keys():
        marks = {
            key: value for key, value in kept.pop(part).items() if key not in ENROLMENT or key in about.get(part, {})
        }
        kept |= {part: marks} if marks else {}
    return {**merged, "metadata": kept}


@dataclass(frozen=True, kw_only=True)
class Step:
    """What one stage does to the cluster: objects to apply, and for the way back those to restore and to delete."""

    apply: tuple[Object, ...]
    restore: tuple[Object, ...]
    delete: tuple[Object, ...]


def _kept(key: tuple[str, str, str, str]) -> bool:
    return key[:2] in KEPT


def _bare(one: Object) -> Object:
    """An object that was there before, without our fields: applying it takes them out again."""
    about: Mapping[str, Any] = one["metadata"]
    named = {key: about[key] for key in ("name", "namespace") if key in about}
    empty: Object = {"spec": {}} if "spec" in one else {}
    return {"apiVersion": one["apiVersion"], "kind": one["kind"], "metadata": named} | empty


def file_name(one: Object) -> str:
    """A file name for an object: kind, namespace and name."""
    about = one["metadata"]
    parts = (one["kind"].lower(), about.get("namespace", ""), about["name"])
    return "-".join(part for part in parts if part) + ".yaml"
