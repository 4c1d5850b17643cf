"""Reads the sheets, and an organisation's overlay, into a catalogue; every problem names its file and key."""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from decisions.advisor.catalog import overlay as layers
from decisions.advisor.catalog.references import dangling
from decisions.advisor.catalog.shapes import CatalogError, table
from decisions.advisor.catalog.sheets import AddOnSheet, Catalog, Planning, Product
from decisions.advisor.recommendation import Approach

SHEETS = Path(__file__).parent
ROLLOUT = SHEETS.parent / "rollout"
"""Sheets with a reader of their own, whose words stand in every plan."""
OVERHEADS = "overheads.toml"
"""The table of overhead figures, which has a reader of its own."""
KINDS = ("product", "add-on", layers.PLANNING, "patch")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One file as TOML, without its kind; `file` is the one to name when a key of it is wrong."""

    id: str
    kind: str
    file: str
    table: Mapping[str, Any]


@cache
def load(overlay: Path | None = None) -> Catalog:
    """The catalogue, with an organisation's overlay directory laid over it.

    Raises CatalogError with every problem found. The version is the newest `checked` date and a hash over the bytes
    of all sheets, of those of the roll-out and of the overlay: with the same version a plan has the same words.
    """
    return assemble(SHEETS, overlay)


def open_folder(folder: Path) -> Catalog:
    """The catalogue in a folder: a whole one, which has overheads.toml, or else an overlay over the shipped one.

    Raises CatalogError.
    """
    return assemble(folder) if (folder / OVERHEADS).is_file() else load(folder)


def assemble(base: Path, overlay: Path | None = None) -> Catalog:
    """The catalogue of a folder of sheets with an overlay. Raises CatalogError with every problem found."""
    problems: list[str] = []
    ours = _files(base)
    theirs = _files(overlay) if overlay else {}
    projected = _projected(ours)
    digest = _digest(ours, theirs)
    ours.pop(OVERHEADS, None)
    if theirs.pop(OVERHEADS, None) is not None:
        problems.append(f"{OVERHEADS}: an overlay cannot hold it; say projected_as in the product's sheet instead")
    sheets = {one.id: one for one in _parsed(ours, problems)}
    laid_over: dict[str, str] = {}
    if theirs:
        sheets, laid_over = _lay(sheets, list(_parsed(theirs, problems)), problems)
    catalog = _catalog(sheets.values(), laid_over, digest, problems)
    if problems := problems or list(dangling(catalog, projected)):
        raise CatalogError(*problems)
    return catalog


@contextmanager
def _noting(problems: list[str]) -> Iterator[None]:
    """Goes on after a problem, so that one run names all of them."""
    try:
        yield
    except CatalogError as error:
        problems += error.problems


def _files(folder: Path) -> dict[str, bytes]:
    try:
        found = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix == ".toml"}
    except OSError as error:
        raise CatalogError(f"{folder}: {error.strerror}") from error
    if not found:
        raise CatalogError(f"{folder}: no sheets (*.toml) in this directory")
    return found


def _digest(ours: Mapping[str, bytes], theirs: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    rollout = ((f"rollout/{name}", data) for name, data in _files(ROLLOUT).items())
    for name, data in (*ours.items(), *rollout, *((f"overlay/{name}", data) for name, data in theirs.items())):
        digest.update(name.encode() + b"\0" + data + b"\0")
    return digest.hexdigest()[:12]


def _toml(name: str, data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogError(f"{name}: not TOML: {error}") from error


def _projected(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """The products that have overhead figures of their own."""
    return tuple(_toml(OVERHEADS, files[OVERHEADS]).get("products", {})) if OVERHEADS in files else ()


def _parsed(files: Mapping[str, bytes], problems: list[str]) -> Iterator[Sheet]:
    for name, data in files.items():
        with _noting(problems):
            yield _sheet(name, _toml(name, data))


def _sheet(name: str, content: dict[str, Any]) -> Sheet:
    kind = content.pop("kind", None)
    if kind not in KINDS:
        raise CatalogError(f"{name}: kind must be {', '.join(KINDS[:-1])} or {KINDS[-1]}, not {kind!r}")
    identity = {"patch": content.get("of"), layers.PLANNING: layers.PLANNING}.get(kind, content.get("id"))
    if not isinstance(identity, str):
        raise CatalogError(f"{name}: {'of' if kind == 'patch' else 'id'} is missing")
    if kind != "patch" and name != f"{identity}.toml":
        raise CatalogError(f"{name}: id: {identity!r} is not the file's name; call the file {identity}.toml")
    return Sheet(id=identity, kind=kind, file=name, table=content)


def _lay(sheets: dict[str, Sheet], layer: list[Sheet], problems: list[str]) -> tuple[dict[str, Sheet], dict[str, str]]:
    """The sheets with an overlay laid over them, and which file brought or changed which."""
    result, laid_over = dict(sheets), {}
    for one in layer:
        if one.kind != "patch":
            with _noting(problems):
                result[one.id] = _whole(one, sheets.get(one.id))
                laid_over[one.id] = one.file
    patches: dict[str, Sheet] = {}
    for one in (sheet for sheet in layer if sheet.kind == "patch"):
        other = patches.setdefault(one.id, one)
        if other is not one:
            problems += [f"{one.file}: of: {other.file} patches {one.id} already; put both into one file"]
    # Approaches first: what a patch of a product says counts more.
    for one in sorted(patches.values(), key=lambda patch: patch.id not in list(Approach)):
        with _noting(problems):
            for changed in _patched(one, result):
                result[changed.id] = changed
                before = laid_over.get(changed.id)
                laid_over[changed.id] = f"{before}, {one.file}" if before else one.file
    return result, laid_over


def _whole(one: Sheet, shipped: Sheet | None) -> Sheet:
    if shipped is not None and one.kind != shipped.kind:
        raise CatalogError(f"{one.file}: kind: {one.id} is of the kind {shipped.kind}, not {one.kind}")
    if shipped is not None and one.kind == layers.PLANNING:
        missing = [key for key in shipped.table if key not in one.table]
        if missing:
            raise CatalogError(f"{one.file}: missing {', '.join(missing)}; a patch may give some values alone")
        layers.planned(shipped.table, one.table, one.file)  # refuses unknown names and other units
    return one


def _patched(patch: Sheet, sheets: Mapping[str, Sheet]) -> Iterator[Sheet]:
    """The sheets a patch changes: one, or those of all products of an approach."""
    if patch.id in list(Approach):
        products = {key: one.table for key, one in sheets.items() if one.kind == "product"}
        changed = layers.banned(products, Approach(patch.id), patch.table, patch.file)
        yield from (replace(sheets[key], table=content) for key, content in changed.items())
        return
    if patch.id not in sheets:
        known = ", ".join((*sheets, *Approach))
        raise CatalogError(f"{patch.file}: of: {patch.id!r} is not one of {known}")
    sheet = sheets[patch.id]
    lay = layers.planned if sheet.kind == layers.PLANNING else layers.patched
    yield replace(sheet, file=patch.file, table=lay(sheet.table, patch.table, patch.file))


def _catalog(sheets: Iterable[Sheet], laid_over: Mapping[str, str], digest: str, problems: list[str]) -> Catalog:
    products: dict[str, Product] = {}
    add_ons: dict[str, AddOnSheet] = {}
    planning: dict[str, Planning] = {}
    for one in sorted(sheets, key=lambda sheet: sheet.id):
        with _noting(problems):
            if one.kind == "product":
                products[one.id] = table(Product, one.table, one.file)
            elif one.kind == "add-on":
                add_ons[one.id] = table(AddOnSheet, one.table, one.file)
            elif one.kind == layers.PLANNING:
                planning |= {key: table(Planning, value, f"{one.file}: {key}") for key, value in one.table.items()}
            else:
                problems.append(f"{one.file}: a patch belongs into an overlay, not into the catalogue itself")
    checked = [one.checked for one in products.values()] + [one.checked for one in add_ons.values()]
    newest = max(checked, default="none")
    return Catalog(
        version=f"{newest}+{digest}", products=products, add_ons=add_ons, planning=planning, laid_over=laid_over
    )
