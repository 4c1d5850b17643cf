"""Lays patches of an organisation over the sheets: only what differs, each changed statement with its own source."""

from collections.abc import Mapping
from typing import Any

from decisions.advisor.catalog.shapes import CatalogError
from decisions.advisor.recommendation import Approach

Table = Mapping[str, Any]

PLANNING = "planning"
"""What a patch of planning values names as the sheet it is of."""
FIXED = frozenset({"id", "kind", "approach"})
"""What makes a sheet the sheet it is; other values of these belong into a sheet of one's own."""
SOURCED = frozenset({"operations", "constraints", "rollout"})
"""Tables of a product that rest on one source; who changes a key of one names the source for it."""


def changes(patch: Table, name: str) -> Table:
    """What a patch changes, without its head. Raises CatalogError when that is nothing."""
    found = {key: value for key, value in patch.items() if key not in {"kind", "of"}}
    if not found:
        raise CatalogError(f"{name}: the patch changes nothing")
    return found


def patched(sheet: Table, patch: Table, name: str) -> Table:
    """The table of a product or an add-on with a patch laid over it.

    A fact is replaced as a whole, so that its value, sentence and source stay together; of the tables operations,
    constraints and rollout the given keys are replaced; advisories are added; everything else is replaced.
    Raises CatalogError, which starts with `name`, the patch's file.
    """
    result = dict(sheet)
    for key, value in changes(patch, name).items():
        if key in FIXED:
            raise CatalogError(f"{name}: {key} cannot be patched; bring a sheet of your own instead")
        result[key] = _joined(key, sheet.get(key), value, name)
    return result


def _joined(key: str, old: Any, new: Any, name: str) -> Any:
    if key in {"facts", *SOURCED} and not isinstance(new, Mapping):
        raise CatalogError(f"{name}: {key}: a table is expected")
    if key == "facts":
        return {**(old or {}), **new}
    if key in SOURCED:
        if "source" not in new:
            raise CatalogError(f"{name}: {key}: source is missing; what is changed needs a source of its own")
        return {**(old or {}), **new}
    if key == "advisories" and isinstance(new, list):
        return [*(old or []), *new]
    return new


def planned(values: Table, patch: Table, name: str) -> Table:
    """The table of planning values with a patch laid over it: each changed value with its own reasoning.

    Raises CatalogError for a value the engine does not know, and for another unit, which it would not notice.
    """
    result = dict(values)
    for key, value in changes(patch, name).items():
        if key not in values:
            raise CatalogError(f"{name}: unknown key {key!r}; known are {', '.join(values)}")
        if not isinstance(value, Mapping):
            raise CatalogError(f"{name}: {key}: a table is expected")
        unit = values[key]["unit"]
        if value.get("unit", unit) != unit:
            raise CatalogError(f"{name}: {key}: unit: {value['unit']!r} is not {unit!r}, which the engine reckons in")
        result[key] = {"unit": unit, **value}
    return result


def banned(products: Mapping[str, Table], approach: Approach, patch: Table, name: str) -> Mapping[str, Table]:
    """The products of an approach that is not allowed, each with the reason.

    A product that says itself whether it is allowed keeps that. Raises CatalogError for any other change.
    """
    given = changes(patch, name)
    unknown = [key for key in given if key != "not_allowed"]
    if unknown:
        raise CatalogError(f"{name}: unknown key {unknown[0]!r}; a patch of an approach knows not_allowed alone")
    reason = given["not_allowed"]
    if not isinstance(reason, str) or not reason.strip():
        raise CatalogError(f"{name}: not_allowed: the reason is expected as a text")
    return {
        key: {"not_allowed": reason, **table} for key, table in products.items() if table.get("approach") == approach
    }
