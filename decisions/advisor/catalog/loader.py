"""Reads the sheets strictly: every key known, every fact with a source; errors name file and key."""

import hashlib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from decisions.advisor.catalog.sheets import (
    CAPABILITIES,
    AddOnSheet,
    AdvisoryNote,
    Catalog,
    Constraints,
    Fact,
    Level,
    Operations,
    Planning,
    Product,
    Rollout,
)
from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import Approach, Source
from decisions.advisor.requirements import BY_ID

SHEETS = Path(__file__).parent
NOT_SHEETS = {"overheads.toml"}
"""Tables with a reader of their own."""

PLAIN: dict[type, tuple[type, ...]] = {str: (str,), float: (int, float), int: (int,), bool: (bool,)}
"""What TOML may give for a field of a plain type."""

T = TypeVar("T")


class CatalogError(Exception):
    """A sheet that cannot be trusted; the text says file, key and what is expected."""


@cache
def load(overlay: Path | None = None) -> Catalog:
    """The catalogue, with an organisation's overlay directory laid over it file by file.

    Raises CatalogError. The version is the newest `checked` date and a hash over the bytes of all sheets, so two
    catalogues with the same version hold the same words.
    """
    files = {path.name: path for path in SHEETS.glob("*.toml")}
    if overlay:
        files |= {path.name: path for path in overlay.glob("*.toml")}
    digest = hashlib.sha256()
    products: dict[str, Product] = {}
    add_ons: dict[str, AddOnSheet] = {}
    planning: dict[str, Planning] = {}
    for name in sorted(files):
        data = files[name].read_bytes()
        digest.update(name.encode() + b"\0" + data + b"\0")
        if name not in NOT_SHEETS:
            _read_sheet(name, data, products, add_ons, planning)
    checked = [one.checked for one in products.values()] + [one.checked for one in add_ons.values()]
    newest = max(checked, default="none")
    return Catalog(version=f"{newest}+{digest.hexdigest()[:12]}", products=products, add_ons=add_ons, planning=planning)


def _read_sheet(
    name: str,
    data: bytes,
    products: dict[str, Product],
    add_ons: dict[str, AddOnSheet],
    planning: dict[str, Planning],
) -> None:
    try:
        table = tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogError(f"{name}: not TOML: {error}") from error
    kind = table.pop("kind", None)
    if kind == "product":
        product = _product(table, name)
        products[product.id] = product
    elif kind == "add-on":
        add_on = _add_on(table, name)
        add_ons[add_on.id] = add_on
    elif kind == "planning":
        planning |= {key: _shape(Planning, value, f"{name}: {key}", {"value": _range}) for key, value in table.items()}
    else:
        raise CatalogError(f"{name}: kind must be product, add-on or planning, not {kind!r}")


def _product(table: dict[str, Any], where: str) -> Product:
    readers: dict[str, Callable[[Any, str], Any]] = {
        "approach": _approach,
        "checked": _date,
        "facts": _facts,
        "operations": lambda value, at: _shape(Operations, value, at, {"source": _source, "skills": _texts}),
        "constraints": lambda value, at: _shape(Constraints, value, at, {"source": _source, "cni": _texts}),
        "rollout": lambda value, at: _shape(Rollout, value, at, {"source": _source}),
        "advisories": _advisories,
        "beyond": _capabilities,
    }
    return _shape(Product, table, where, readers)


def _add_on(table: dict[str, Any], where: str) -> AddOnSheet:
    readers: dict[str, Callable[[Any, str], Any]] = {
        "meets": _requirements,
        "checked": _date,
        "hours_per_service": _range,
        "hours_per_month": _range,
        "source": _source,
        "defeated_by": _texts,
        "exclusive_to": _texts,
        "advisories": _advisories,
    }
    return _shape(AddOnSheet, table, where, readers)


def _shape(cls: type[T], table: Any, where: str, readers: Mapping[str, Callable[[Any, str], Any]]) -> T:
    """An instance of the dataclass from a TOML table; refuses unknown and missing keys and wrong plain types."""
    if not isinstance(table, dict):
        raise CatalogError(f"{where}: a table is expected")
    known = {field.name: field for field in fields(cls)}  # type: ignore[arg-type]
    for key in table:
        if key not in known:
            raise CatalogError(f"{where}: unknown key {key!r}; known are {', '.join(known)}")
    values: dict[str, Any] = {}
    for key, field in known.items():
        at = f"{where}: {key}"
        if key not in table:
            if field.default is MISSING and field.default_factory is MISSING:
                raise CatalogError(f"{at} is missing")
            continue
        value = table[key]
        plain = PLAIN.get(field.type) if isinstance(field.type, type) else None
        if plain and (not isinstance(value, plain) or (isinstance(value, bool) and field.type is not bool)):
            raise CatalogError(f"{at}: {value!r} is not of the expected type")
        values[key] = readers[key](value, at) if key in readers else value
    return cls(**values)


def _source(value: Any, where: str) -> Source:
    source = _shape(Source, value, where, {})
    if not source.text.strip():
        raise CatalogError(f"{where}: a source needs a text")
    return source


def _fact(value: Any, where: str) -> Fact:
    fact = _shape(Fact, value, where, {"value": _level, "source": _source})
    if fact.maturity not in {"stable", "beta", "alpha", "deprecated"}:
        raise CatalogError(f"{where}: maturity {fact.maturity!r} is not stable, beta, alpha or deprecated")
    extras = {"application", "component", "vendor", "raw-config"}
    if (fact.value is Level.NEEDS_EXTRA) != (fact.extra in extras):
        raise CatalogError(f"{where}: needs-extra and only needs-extra says which of {', '.join(sorted(extras))}")
    return fact


def _facts(value: Any, where: str) -> dict[str, Fact]:
    missing = [name for name in CAPABILITIES if name not in value]
    unknown = [name for name in value if name not in CAPABILITIES]
    if missing or unknown:
        raise CatalogError(f"{where}: missing {missing}, unknown {unknown}")
    return {name: _fact(value[name], f"{where}: {name}") for name in CAPABILITIES}


def _advisories(value: Any, where: str) -> tuple[AdvisoryNote, ...]:
    return tuple(_shape(AdvisoryNote, one, f"{where}[{n}]", {"source": _source}) for n, one in enumerate(value))


def _level(value: Any, where: str) -> Level:
    try:
        return Level(value)
    except ValueError as error:
        raise CatalogError(f"{where}: {value!r} is not one of {', '.join(Level)}") from error


def _approach(value: Any, where: str) -> Approach:
    try:
        return Approach(value)
    except ValueError as error:
        raise CatalogError(f"{where}: {value!r} is not one of {', '.join(Approach)}") from error


def _range(value: Any, where: str) -> Range:
    try:
        low, likely, high = (float(part) for part in value)
        return Range(low=low, likely=likely, high=high)
    except (TypeError, ValueError) as error:
        raise CatalogError(f"{where}: three rising numbers [low, likely, high] are expected: {error}") from error


def _date(value: Any, where: str) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise CatalogError(f"{where}: {value!r} is not a date like 2026-11-23") from error


def _texts(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise CatalogError(f"{where}: a list of texts is expected")
    return tuple(value)


def _capabilities(value: Any, where: str) -> tuple[str, ...]:
    return _known(_texts(value, where), CAPABILITIES, where)


def _requirements(value: Any, where: str) -> tuple[str, ...]:
    return _known(_texts(value, where), BY_ID, where)


def _known(values: tuple[str, ...], allowed: Any, where: str) -> tuple[str, ...]:
    for one in values:
        if one not in allowed:
            raise CatalogError(f"{where}: {one!r} is not known; known are {', '.join(allowed)}")
    return values
