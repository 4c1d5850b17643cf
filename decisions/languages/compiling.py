"""Makes what runs from what people write: locale/*/LC_MESSAGES/django.po becomes .mo files under DATA_DIR.

Babel reads and writes both, so that no gettext program is needed. Done when the application starts and the .po file has
changed since; the files in the checkout stay as they are.
"""

import json
import os
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

MOULD = "python-brace-format"
"""The flag of a msgid with places for values in braces."""


def compile_stale(sources: Path, target: Path) -> None:
    """Compile each language whose .po is newer than what was compiled from it. Raises OSError, ValueError."""
    for source in sorted(sources.glob("*/LC_MESSAGES/django.po")):
        folder = target / source.parent.parent.name
        stamp, state = folder / "compiled", f"{source.stat().st_mtime_ns} {source.stat().st_size}"
        if stamp.is_file() and stamp.read_text(encoding="ascii") == state:
            continue
        compile_one(source, folder)
        _write(stamp, state.encode())


def compile_one(source: Path, folder: Path) -> None:
    """Write LC_MESSAGES/django.mo and moulds.json of one language."""
    with source.open("rb") as file:
        catalog = read_po(file, locale=source.parent.parent.name)
    (folder / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile() as made:
        write_mo(made, catalog)
        made.seek(0)
        _write(folder / "LC_MESSAGES" / "django.mo", made.read())
    known = {"moulds": moulds(catalog), "same": same(catalog)}
    _write(folder / "moulds.json", json.dumps(known, ensure_ascii=False).encode())


def moulds(catalog: Catalog) -> list[tuple[str, str]]:
    """(mould, its translation) of every translated sentence with places for values."""
    return [(str(one.id), str(one.string)) for one in catalog if is_mould(one) and one.string]


def same(catalog: Catalog) -> list[str]:
    """The texts that read alike in both languages: gettext does not tell them from those it does not know."""
    return [str(one.id) for one in catalog if isinstance(one.id, str) and one.id and one.id == one.string]


def is_mould(message: Message) -> bool:
    """Whether values in braces are put into it."""
    return MOULD in message.flags and isinstance(message.id, str) and bool(message.id)


def _write(place: Path, content: bytes) -> None:
    # Several processes may start at once: each file appears whole or not at all.
    handle, name = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).chmod(0o644)
    Path(name).replace(place)
