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
WORDS = 15
"""Letters of its own that make a mould a sentence; with fewer it fits too much."""
A_NAME, A_TITLE = 3, 8
FACTS = frozenset(("because", "says", "tried", "if_it_fails", "hindrance"))
"""Values that may be whole sentences of the catalogue, which are quoted as their sources have them."""
BEGINS, ENDS_HERE = "\ue000", "\ue001"
"""Private characters around such a quotation, until it is shown."""
VERSIONS = frozenset(("have", "need", "wanted", "version", "kubernetes_version", "chart", "digest", "origin", "file"))
"""Values that are no numbers although they look like some: version 1.30 is not 1,30."""
COUNTED = re.compile(r"(-?[\d,]*\d(?:\.\d+)?) ([a-z-]+)")
"""7 sources, 1,200 pods."""
NUMBER = re.compile(r"-?[\d,]*\d(?:\.\d+)?(?: ?%)?")
MEASURED = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?[\d,]*\d(?:\.\d+)? ?(?:%|[A-Za-z]\S{0,11}(?: a \S+)?)")
"""A number that cannot be a version: with a comma between thousands, or with a unit."""
ENDS = re.compile(r"(?<=[.!?]) (?=[A-Z“])")
JOINTS = re.compile(r"(, plus |, then | plus | with | and | or |; |, )")


@dataclass(frozen=True, kw_only=True)
class Mould:
    """A sentence with places for values, and the same in another language."""

    pattern: re.Pattern[str]
    names: tuple[str, ...]
    said: str
    longest: int
    """Words an unknown value may have. More of them are no value but a sentence that happens to fit."""


def translated(text: str) -> str:
    """The text in the active language; as it stands when it is no sentence of ours."""
    return "".join(one for one, _ in parts(text))


def parts(text: str) -> list[tuple[str, bool]]:
    """The same in parts, each with whether it is English still: a fact of the catalogue in a German sentence is."""
    language = get_language()
    if language in {None, settings.LANGUAGE_CODE} or not text.strip():
        return [(text, False)]
    said = _translated(text, str(language), DEPTH)
    if said == text:
        return [(text, " " in text)]
    return [(one, place % 2 == 1) for place, one in enumerate(re.split(f"[{BEGINS}{ENDS_HERE}]", said)) if one]


shown = lazy(translated, str)
"""A text of ours that is translated when it is shown: for labels of choices, made before there is a reader."""


@lru_cache(maxsize=KEPT)
def _translated(text: str, language: str, depth: int) -> str:
    found = _whole(text, language, depth)
    if found is None and depth:
        found = _in_parts(text, language, depth)
    if found is not None:
        return found
    if counted := COUNTED.fullmatch(text):
        return f"{localised(counted[1])} {gettext(counted[2])}"
    return localised(text) if MEASURED.fullmatch(text) else text


def _whole(text: str, language: str, depth: int) -> str | None:
    plain = _plain(text)
    if plain is not None:
        return plain
    bare = text.strip()
    if bare and bare != text and (said := _whole(bare, language, depth)) is not None:
        return text.replace(bare, said)
    for mould in _candidates(text, moulds(language)) if depth else ():
        if match := mould.pattern.fullmatch(text):
            said = _filled(mould, match.groups(), language, depth)
            if said is not None:
                return said
    return None


def _filled(mould: Mould, given: tuple[str, ...], language: str, depth: int) -> str | None:
    # A long value nobody knows is no value: some other sentence happens to fit.
    values: dict[str, str] = {}
    for name, value in zip(mould.names, given, strict=True):
        said = _translated(value, language, depth - 1)
        if said == value and len(value.split()) > mould.longest:
            if name not in FACTS:
                return None
            said = f"{BEGINS}{value}{ENDS_HERE}"
        is_number = said == value and name.rstrip("0123456789") not in VERSIONS
        values[name] = localised(value) if is_number and NUMBER.fullmatch(value) else said
    return mould.said.format_map(values)


def _plain(text: str) -> str | None:
    # Halves of sentences are capitalised where they begin one.
    said = gettext(text)
    if said != text:
        return said
    lower = text[:1].lower() + text[1:]
    said = gettext(lower)
    return said[:1].upper() + said[1:] if said != lower else None


def _in_parts(text: str, language: str, depth: int) -> str | None:
    # Sentences one behind the other; then lists, of which every part must be known or be short.
    sentences = ENDS.split(text)
    if len(sentences) > 1:
        said = [_whole(one, language, depth - 1) for one in sentences]
        quoted = (one or f"{BEGINS}{raw}{ENDS_HERE}" for one, raw in zip(said, sentences, strict=True))
        return " ".join(quoted) if any(said) else None
    pieces = JOINTS.split(text)
    if len(pieces) < 3:
        return None
    said = [_whole(one, language, depth - 1) for one in pieces[::2]]
    if not any(said) or any(
        one is None and len(raw.split()) > A_NAME for one, raw in zip(said, pieces[::2], strict=True)
    ):
        return None
    pieces[::2] = [raw if one is None else one for one, raw in zip(said, pieces[::2], strict=True)]
    pieces[1::2] = [gettext(one) for one in pieces[1::2]]
    return "".join(pieces)


def _candidates(text: str, known: Mapping[str, tuple[Mould, ...]]) -> tuple[Mould, ...]:
    return (*known.get(text[:HEAD], ()), *known.get("", ()))


@cache
def moulds(language: str) -> Mapping[str, tuple[Mould, ...]]:
    """The moulds of a language by their first letters, those with the most words of their own first."""
    file = Path(settings.LOCALE_PATHS[0]) / language / "moulds.json"
    if not file.is_file():
        return {}
    kept: dict[str, list[tuple[int, Mould]]] = {}
    known = json.loads(file.read_text(encoding="utf-8"))
    known += [(one.strip(), said.strip()) for one, said in known if one != one.strip()]
    for source, said in known:
        parts = FIELD.split(source)
        head = parts[0][:HEAD] if len(parts[0]) >= HEAD else ""
        words = "".join(parts[::2])
        made = "".join("(.*?)" if place % 2 else re.escape(part) for place, part in enumerate(parts))
        longest = A_NAME if len(words) < WORDS else A_TITLE
        mould = Mould(pattern=re.compile(made, re.DOTALL), names=tuple(parts[1::2]), said=said, longest=longest)
        kept.setdefault(head, []).append((len(words), mould))
    return {head: tuple(one for _, one in sorted(several, key=lambda pair: -pair[0])) for head, several in kept.items()}
