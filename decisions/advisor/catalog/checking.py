"""What `meshadvisor catalogue check` says of a catalogue that can be read: a line a sheet, and warnings."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from decisions.advisor.catalog.age import Aged, Stale, stale
from decisions.advisor.catalog.sheets import AddOnSheet, Catalog, Level, Product

MISTAKEN = frozenset({".yaml", ".yml", ".json"})
"""Endings of files in an overlay that look like sheets and are not read."""


def lines(catalog: Catalog) -> Iterator[str]:
    """One line for each sheet, and one for the catalogue."""
    width = max(map(len, (*catalog.products, *catalog.add_ons)), default=0)
    for product in catalog.products.values():
        yield f"{product.id:{width}}  product   {_product(product)}{_origin(catalog, product.id)}"
    for add_on in catalog.add_ons.values():
        yield f"{add_on.id:{width}}  add-on    {_add_on(add_on)}{_origin(catalog, add_on.id)}"
    yield f"{'planning':{width}}  planning  {len(catalog.planning)} values{_origin(catalog, 'planning')}"
    yield (
        f"Catalogue {catalog.version}: {len(catalog.products)} products, {len(catalog.add_ons)} add-ons, "
        f"{len(catalog.planning)} planning values."
    )


def _product(product: Product) -> str:
    unknown = sum(fact.value is Level.UNKNOWN for fact in product.facts.values())
    version = f", version {product.version}" if product.version else ""
    ending = f", not allowed: {product.not_allowed}" if product.not_allowed else ""
    facts = f"{len(product.facts)} facts, {unknown} unknown"
    return f"{product.approach.value}{version}, checked {product.checked}, {facts}{ending}"


def _add_on(add_on: AddOnSheet) -> str:
    ending = f", not allowed: {add_on.not_allowed}" if add_on.not_allowed else ""
    return f"for {', '.join(add_on.meets)}, checked {add_on.checked}{ending}"


def _origin(catalog: Catalog, sheet: str) -> str:
    file = catalog.laid_over.get(sheet)
    return f" [{file}]" if file else ""


def warnings(catalog: Catalog, on: date, overlay: Path | None = None, base: Catalog | None = None) -> Iterator[str]:
    """What deserves a look: statements out of date on that day, and an overlay that does less than it seems to."""
    by_sheet: dict[str, list[Stale]] = defaultdict(list)
    for one in stale(catalog, on):
        if one.kind is Aged.SUPPORT:
            yield f"{one.sheet}: {one.text}"
        else:
            by_sheet[one.sheet].append(one)
    for sheet, found in by_sheet.items():
        oldest = min(found, key=lambda one: one.since)
        statements = "1 statement has a source" if len(found) == 1 else f"{len(found)} statements have sources"
        yield f"{sheet}: {statements} older than a year, the oldest of {oldest.since} ({oldest.part})"
    if overlay:
        yield from _about_overlay(catalog, overlay, base)


def _about_overlay(catalog: Catalog, overlay: Path, base: Catalog | None) -> Iterator[str]:
    for path in sorted(overlay.iterdir()):
        if path.suffix in MISTAKEN:
            yield f"{path.name}: is not read; sheets are TOML files"
    for sheet, files in catalog.laid_over.items() if base else ():
        for kind in ("products", "add_ons"):
            before, after = getattr(base, kind).get(sheet), getattr(catalog, kind).get(sheet)
            if before is not None and before == after:
                yield f"{files}: changes nothing in {sheet}"
        if sheet == "planning" and base and base.planning == catalog.planning:
            yield f"{files}: changes nothing in the planning values"
