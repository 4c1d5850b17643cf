"""Sentences made of a mould and values, recognised where they are shown and said in the person's language.

The advisor writes f"{product} needs {hours} hours." and the sentence is signed as it stands. Its mould,
"{product} needs {hours} hours.", is a msgid like any other. Here a sentence is held against the moulds; its values are
taken out, translated or written by locale in their turn, and put into the mould's translation.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext

from decisions.languages.numbers import localised

FIELD = re.compile(r"\{(\w+)\}")
DEPTH = 4
"""Sentences within sentences are looked into this deep."""
HEAD = 4
"""Moulds are kept by so many of their first letters: a sentence is held against a dozen and not against a thousand."""
KEPT = 8192
ENDS = re.compile(r"(?<=[.!?]) (?=[A-Z“])")
JOINTS = re.compile(r"(, | and | or |; )")


@dataclass(frozen=True, kw_only=True)
class Mould:
    """A sentence with places for values, and the same in another language."""

    pattern: re.Pattern[str]
    names: tuple[str, ...]
    said: str


def translated(text: str) -> str:
    """The text in the active language; as it stands when it is no sentence of ours."""
    language = get_language()
    if language in {None, settings.LANGUAGE_CODE} or not text.strip():
        return text
    return _translated(text, str(language), DEPTH)


shown = lazy(translated, str)
"""A text of ours that is translated when it is shown: for labels of choices, which are made before there is a reader."""


@lru_cache(maxsize=KEPT)
def _translated(text: str, language: str, depth: int) -> str:
    found = _whole(text, language, depth)
    if found is None:
        found = _in_parts(text, language, depth) if depth else None
    return localised(text) if found is None else found


def _whole(text: str, language: str, depth: int) -> str | None:
    plain = _plain(text)
    if plain is not None:
        return plain
    bare = text.strip()
    if bare and bare != text and (said := _whole(bare, language, depth)) is not None:
        return text.replace(bare, said)
    for mould in _candidates(text, moulds(language)):
        match = mould.pattern.fullmatch(text)
        if match and depth:
            values = {
                name: _translated(value, language, depth - 1)
                for name, value in zip(mould.names, match.groups(), strict=True)
            }
            return mould.said.format_map(values)
    return None


def _plain(text: str) -> str | None:
    # Halves of sentences are capitalised where they begin one.
    said = gettext(text)
    if said != text:
        return said
    lower = text[:1].lower() + text[1:]
    said = gettext(lower)
    return said[:1].upper() + said[1:] if said != lower else None


def _in_parts(text: str, language: str, depth: int) -> str | None:
    # Sentences one behind the other, then lists: each part must be known, or the whole stays as it is.
    sentences = ENDS.split(text)
    if len(sentences) > 1:
        said = [_whole(one, language, depth - 1) for one in sentences]
        if any(said):
            return " ".join(one or localised(raw) for one, raw in zip(said, sentences, strict=True))
        return None
    pieces = JOINTS.split(text)
    if len(pieces) < 3:
        return None
    said = [gettext(one) if place % 2 else _whole(one, language, 0) for place, one in enumerate(pieces)]
    if not any(said[::2]):
        return None
    return "".join(localised(raw) if one is None else one for one, raw in zip(said, pieces, strict=True))


def _candidates(text: str, known: Mapping[str, tuple[Mould, ...]]) -> tuple[Mould, ...]:
    return (*known.get(text[:HEAD], ()), *known.get("", ()))


@cache
def moulds(language: str) -> Mapping[str, tuple[Mould, ...]]:
    """The moulds of a language by their first letters, those with the most words of their own first."""
    file = Path(settings.LOCALE_PATHS[0]) / language / "moulds.json"
    if not file.is_file():
        return {}
    kept: dict[str, list[tuple[int, Mould]]] = {}
    for source, said in json.loads(file.read_text(encoding="utf-8")):
        parts = FIELD.split(source)
        head = parts[0][:HEAD] if len(parts[0]) >= HEAD else ""
        words = "".join(parts[::2])
        made = "".join("(.*?)" if place % 2 else re.escape(part) for place, part in enumerate(parts))
        mould = Mould(pattern=re.compile(made, re.DOTALL), names=tuple(parts[1::2]), said=said)
        kept.setdefault(head, []).append((len(words), mould))
    return {head: tuple(one for _, one in sorted(several, key=lambda pair: -pair[0])) for head, several in kept.items()}
