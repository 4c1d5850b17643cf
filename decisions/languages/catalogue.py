"""Brings locale/*/LC_MESSAGES/django.po up to date with what there is to translate."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from decisions.languages.compiling import MOULD
from decisions.languages.extraction import Found

BEGUN = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
"""A date in the header that moved with each run would be a change in each commit."""
HEADER = """\
# MeshAdvisor in other languages. `meshadvisor messages` finds what is new; docs/translating.md says how to write it.
"""


def update(file: Path, found: Iterable[Found]) -> tuple[int, int]:
    """Write the .po file anew: what is there keeps its translation, what is gone goes. (texts, those without one)."""
    kept = read(file)
    catalog = Catalog(
        locale=kept.locale,
        project="MeshAdvisor",
        version="0.1.0",
        header_comment=HEADER,
        creation_date=BEGUN,
        revision_date=BEGUN,
        last_translator="MeshAdvisor",
        language_team="MeshAdvisor",
        charset="utf-8",
        fuzzy=False,
    )
    for one in found:
        message = catalog.add(
            (one.text, one.plural) if one.plural else one.text,
            locations=[(one.place, 0)],
            context=one.context or None,
            flags=[MOULD] if one.mould else [],
        )
        old = kept.get(one.text, one.context or None)
        if old is not None and old.string and isinstance(old.id, tuple) == bool(one.plural):
            message.string = old.string
    with file.open("wb") as target:
        write_po(target, catalog, width=120, omit_header=False, sort_by_file=False)
    return len(catalog), sum(1 for one in catalog if one.id and not said(one.string))


def read(file: Path) -> Catalog:
    """The .po file, or an empty catalogue of its language when there is none."""
    language = file.parent.parent.name
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        return Catalog(locale=language)
    with file.open("rb") as source:
        return read_po(source, locale=language)


def said(string: str | Iterable[str] | None) -> bool:
    """Whether a translation is there, in every plural."""
    return bool(string) and (isinstance(string, str) or all(string or ()))
