"""Sentences made of a mould and values, recognised where they are shown and said in the person's language.

The advisor writes f"{product} needs {hours} hours." and the sentence is signed as it stands. Its mould,
"{product} needs {hours} hours.", is a msgid like any other. Here a sentence is held against the moulds; its values are
taken out, translated or written by locale in their turn, and put into the mould's translation.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext

from decisions.languages.dates import noted
from decisions.languages.numbers import localised
from decisions.languages.sheets import ENDS

FIELD = re.compile(r"\{(\w+)\}")
DEPTH = 8
"""Sentences within sentences are looked into this deep."""
HEAD = 4
"""Letters that tell how a sentence begins."""
WORD = re.compile(r"[A-Za-z][\w-]*")
KEPT = 8192
SHORT = 120
"""A longer text is no mould of next to no words, whose values are few and short."""
WORDS = 15
"""Letters of its own that make a mould a sentence; with fewer it fits too much."""
A_NAME, A_TITLE = 3, 8
FACTS = frozenset(("because", "error", "says", "tried", "if_it_fails", "hindrance"))
"""Values that may be whole sentences of the catalogue; those an organisation added have no translation."""
BEGINS, ENDS_HERE = "\ue000", "\ue001"
"""Private characters around such a quotation, until it is shown."""
THEIRS = frozenset(("cni", "current", "decider", "note", "owner", "reason", "reference", "scope", "title", "who"))
"""Values in somebody's own words."""
VERBATIM = frozenset(("current",))
"""Those of them that are never ours: "Istio 1.29" is no name with a number. Nor is a name before a version."""
ENGLISH_WORDS = frozenset(
    ("a", "and", "are", "as", "at", "be", "by", "each", "for", "from", "has", "have", "is", "it", "its", "no", "not")
) | frozenset(("of", "on", "only", "or", "than", "that", "the", "this", "to", "with", "without"))
"""A value that holds one of them is no name."""
VERSIONS = frozenset(("have", "need", "wanted", "version", "kubernetes_version", "chart", "digest", "origin", "file"))
"""Values that are no numbers although they look like some: version 1.30 is not 1,30."""
COUNTED = re.compile(r"([-+\u2212]?[\d,]*\d(?:\.\d+)?) ([a-z][a-zA-Z /-]{1,30})")
"""7 sources, 1,200 pods."""
NUMBER = re.compile(r"[-+\u2212]?[\d,]*\d(?:\.\d+)?(?: ?%)?")
MEASURED = re.compile(
    r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-+\u2212]?[\d,]*\d(?:\.\d+)? ?(?:%|[A-Za-z]\S{0,11}(?: a \S+)?)"
)
"""A number that cannot be a version: with a comma between thousands, or with a unit."""
JOINTS = tuple(re.compile(one) for one in (r"(; )", r"(, plus |, then |, )", r"( plus | with | and | or )"))
"""What stands between the parts of a list, the coarsest first: a part may be a list in its turn."""
_N = r"[-+\u2212]?\d[\d,]*(?:\.\d+)?"
RANGE = re.compile(
    rf"(?:(?P<name>[^;.,()]{{2,40}}?) )?(?P<low>{_N}) to (?P<high>{_N})"
    rf"(?:, likely (?P<likely>{_N}))?(?: (?P<unit>[A-Za-z%]\S{{0,20}}(?: a \S+)?))?"
)
"""2.3 to 8.7; CPU 4 to 9, likely 6 vCPU."""
OF = re.compile(rf"(?P<part>{_N}) of (?P<whole>{_N})")
"""1,012 of 1,125,000."""
DATED = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)(?:(?:,| at)? (?P<rest>\d\d:\d\d(?::\d\d)?(?: UTC)?))?")
"""2026-11-27; 2026-11-27 at 07:02 UTC."""
NAMED = re.compile(rf"(?P<name>[A-Za-z][^;.,()]{{2,40}}?) (?P<value>{_N})(?: (?P<unit>%|ms|vCPU|GiB))?")
"""Upgrades 9.7."""
NAME = re.compile(r"[A-Z\d\u2212+-]\S*(?: (?:ms|%|vCPU|GiB))?|\S*[./]\S*|ms|vCPU|%")
ALIKE = re.compile(r"[\w-]+\.[a-z]\w*:|p\d[\d.]*|\d+|ms|s|%|vCPU|GiB")
LETTERS = re.compile(r"[a-z]")
BRACKETED = re.compile(r"([^()]+) \((.+)\)")


ONE = re.compile(r"1(?: \D*)?")
"""1 Job; not 1 Job and 2 CronJobs."""
CHOICE = re.compile(r"\{\w+:[^|{}]*\|([^{}]*)\}")
"""{jobs:endet|enden} in a translation: the word for one, and the word for any other count."""


class Value(str):
    """A value in its place; asked with two words it gives the one that agrees with its count."""

    __slots__ = ()

    def __format__(self, asked: str) -> str:
        one, choice, other = asked.partition("|")
        if not choice:
            return str(self)
        return one if ONE.fullmatch(self) else other


@dataclass(frozen=True, kw_only=True)
class Mould:
    """A sentence with places for values, and the same in another language."""

    pattern: re.Pattern[str]
    names: tuple[str, ...]
    said: str
    words: tuple[str, ...]
    """Its own parts: a text that lacks one of them is held against it no further."""
    rank: tuple[bool, int]
    """Those that begin with words of their own come first, and those with many of them."""
    loose: bool
    """Whether it has next to no words of its own, so that its values have to be known or names."""
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
        return [(text, " " in text and not MEASURED.fullmatch(text))]
    return [(one, place % 2 == 1) for place, one in enumerate(re.split(f"[{BEGINS}{ENDS_HERE}]", said)) if one]


shown = lazy(translated, str)
"""A text of ours that is translated when it is shown: for labels of choices, made before there is a reader."""


@lru_cache(maxsize=KEPT)
def _translated(text: str, language: str, depth: int) -> str:
    bare = text.strip()
    said = _plain(text) if bare else text
    if said is None and bare != text:
        return text.replace(bare, _translated(bare, language, depth))
    if said is None and text not in _same(language):
        said = _composed(text, language, depth)
    return text if said is None else said


def _composed(text: str, language: str, depth: int) -> str | None:
    for way in (_sentences, _whole, _range, _named, _labelled, _in_parts) if depth else ():
        if (said := way(text, language, depth)) is not None:
            return said
    if depth and text.endswith(".") and (said := _translated(text[:-1], language, depth)) != text[:-1]:
        return f"{said}."
    if of := OF.fullmatch(text):
        return gettext("%(part)s of %(whole)s") % {"part": localised(of["part"]), "whole": localised(of["whole"])}
    if counted := COUNTED.fullmatch(text):
        unit = gettext(counted[2])
        return f"{localised(counted[1])} {unit}" if unit != counted[2] or " " not in unit else None
    if dated := DATED.fullmatch(text):
        return f"{noted(dated['day'])}, {dated['rest']}" if dated["rest"] else noted(dated["day"])
    return localised(text) if MEASURED.fullmatch(text) else None


def _sentences(text: str, language: str, depth: int) -> str | None:
    # Whole sentences one behind the other, or clauses: no mould may reach from one of them into the next.
    for raw, between in ((ENDS.split(text), " "), (_apart(JOINTS[0], text)[::2], "; ")):
        said = [_translated(one, language, depth - 1) for one in raw] if len(raw) > 1 else []
        if said and not any(_is_unknown(one, two, language) for one, two in zip(raw, said, strict=True)):
            return between.join(said)
    return None


def _whole(text: str, language: str, depth: int) -> str | None:
    # Where a sentence stands within another one, its full stop is the other's.
    for asked in _forms(text):
        for mould in _candidates(asked, moulds(language)):
            # A full stop that was only lent makes a name of any word.
            if (mould.loose and (len(text) > SHORT or asked != text)) or any(one not in asked for one in mould.words):
                continue
            if match := mould.pattern.fullmatch(asked):
                said = _filled(mould, match.groups(), language, depth)
                if said is not None:
                    return said if asked.endswith(".") == text.endswith(".") else said.removesuffix(".")
    return None


def _forms(text: str) -> Iterator[str]:
    yield text
    whole = text if text.endswith((".", ":", "?")) else f"{text}."
    if whole != text:
        yield whole
    if text[0].islower() and text.count(" ") > A_NAME:
        yield f"{text[0].upper()}{text[1:]}"


def _filled(mould: Mould, given: tuple[str, ...], language: str, depth: int) -> str | None:
    # A long value nobody knows is no value: some other sentence happens to fit.
    values: dict[str, str] = {}
    for name, value in zip(mould.names, given, strict=True):
        verbatim = name in VERBATIM or (name.rpartition("_")[2] in VERSIONS and NAMED.fullmatch(value))
        said = value if verbatim else _translated(value, language, depth - 1)
        if mould.loose and _is_unknown(value, said, language) and not NAME.fullmatch(value):
            return None
        if mould.longest < A_TITLE and BEGINS in said and name not in FACTS:
            return None
        if said == value and (len(value.split()) > mould.longest or _is_english(value)):
            if name in FACTS:
                said = f"{BEGINS}{value}{ENDS_HERE}"
            elif name not in THEIRS or mould.longest < A_TITLE:
                return None
        is_number = said == value and name.rstrip("0123456789") not in VERSIONS | VERBATIM
        values[name] = Value(localised(value) if is_number and NUMBER.fullmatch(value) else said)
    return mould.said.format_map(values)


def _is_unknown(raw: str, said: str, language: str) -> bool:
    return bool(raw) and raw == said and raw not in _same(language) and not _is_alike(raw)


def _is_alike(text: str) -> bool:
    # Nothing but names of files, percentiles, whole numbers and units: nothing in it reads differently.
    return all(ALIKE.fullmatch(one.strip(",;")) for one in text.split())


def _is_english(text: str) -> bool:
    return not ENGLISH_WORDS.isdisjoint(WORD.findall(text))


def _range(text: str, language: str, depth: int) -> str | None:
    found = RANGE.fullmatch(text) if " to " in text else None
    if not found:
        return None
    said = f"{localised(found['low'])} {gettext('to')} {localised(found['high'])}"
    if found["likely"]:
        said = f"{said}, {gettext('likely')} {localised(found['likely'])}"
    if found["unit"]:
        said = f"{said} {_translated(found['unit'], language, depth - 1)}"
    return f"{_translated(found['name'], language, depth - 1)} {said}" if found["name"] else said


def _named(text: str, language: str, depth: int) -> str | None:
    found = NAMED.fullmatch(text)
    if not found:
        return None
    name = _translated(found["name"], language, depth - 1)
    if _is_unknown(found["name"], name, language) and (_is_english(name) or len(name.split()) > A_NAME - 1):
        return None
    tail = f" {found['unit']}" if found["unit"] else ""
    return f"{name} {localised(found['value'])}{tail}"


def _labelled(text: str, language: str, depth: int) -> str | None:
    # A label known to us, and what it says.
    label, colon, rest = text.partition(": ")
    if not colon:
        return None
    known = _translated(label, language, depth - 1)
    if BEGINS in known or (_is_unknown(label, known, language) and not _is_alike(f"{label}:")):
        return None
    said = _translated(rest, language, depth - 1)
    return f"{known}: {BEGINS}{rest}{ENDS_HERE}" if said == rest and _is_english(rest) else f"{known}: {said}"


def _plain(text: str) -> str | None:
    # A sentence may stand within another one, without its full stop, or begin one, with a capital letter.
    for asked in (text, text[:-1] if text.endswith(".") else f"{text}."):
        said = gettext(asked)
        if said == asked and (turned := f"{asked[:1].swapcase()}{asked[1:]}") != asked:
            said = gettext(turned)
            if said == turned:
                continue
            said = f"{said[:1].upper()}{said[1:]}" if asked[:1].isupper() else said
        if said != asked:
            said = CHOICE.sub(r"\1", said)
            return said if asked == text else f"{said}." if text.endswith(".") else said.removesuffix(".")
    return None


def _in_parts(text: str, language: str, depth: int) -> str | None:
    # Sentences one behind the other; a thing with what stands in brackets behind it; lists.
    sentences = ENDS.split(text)
    if len(sentences) > 1:
        said = [_translated(one, language, depth - 1) for one in sentences]
        if said == sentences:
            return None
        quoted = (f"{BEGINS}{raw}{ENDS_HERE}" if one == raw else one for one, raw in zip(said, sentences, strict=True))
        return " ".join(quoted)
    for joint in JOINTS:
        pieces = _apart(joint, text)
        if len(pieces) > 1:
            return _list(pieces, language, depth)
    if text[0] == "(" and text[-1] == ")":
        return f"({_translated(text[1:-1], language, depth - 1)})"
    if bracketed := BRACKETED.fullmatch(text):
        return _list([bracketed[1], " (", bracketed[2]], language, depth, ")")
    return None


def _apart(joint: re.Pattern[str], text: str) -> list[str]:
    # The parts of a list with what joins them; what stands in brackets is one part.
    pieces, begin = [], 0
    for found in joint.finditer(text):
        if text.count("(", begin, found.start()) == text.count(")", begin, found.start()):
            pieces += [text[begin : found.start()], found[0]]
            begin = found.end()
    return [*pieces, text[begin:]]


def _list(pieces: list[str], language: str, depth: int, end: str = "") -> str | None:
    parts = pieces[::2]
    said = [_translated(one, language, depth - 1) for one in parts]
    if said == parts or any(
        one == raw and (len(raw.split()) > A_NAME or _is_english(raw)) and not _is_alike(raw)
        for one, raw in zip(said, parts, strict=True)
    ):
        return None
    joints = [*(gettext(one) for one in pieces[1::2]), end]
    return "".join(f"{one}{joint}" for one, joint in zip(said, joints, strict=True))


def _candidates(text: str, known: Mapping[str, tuple[Mould, ...]]) -> list[Mould]:
    found = [*known.get("", ())]
    for word in set(WORD.findall(text)):
        found += known.get(word, ())
    return sorted(found, key=lambda mould: mould.rank)


@cache
def _compiled(language: str) -> Mapping[str, Any]:
    file = Path(settings.LOCALE_PATHS[0]) / language / "moulds.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {"moulds": [], "same": []}


@cache
def _same(language: str) -> frozenset[str]:
    return frozenset(_compiled(language)["same"])


def _side_by_side(source: str, said: str) -> tuple[str, str]:
    # Where one value ends and the next begins cannot be told: they are one, if they are together in both languages.
    for both in re.findall(r"\{\w+\}(?: \{\w+\})+", source):
        if both in said:
            name = both.replace("} {", "_")
            source, said = source.replace(both, name), said.replace(both, name)
    return source, said


@cache
def moulds(language: str) -> Mapping[str, tuple[Mould, ...]]:
    """The moulds of a language by the rarest of their words: a sentence is held against a dozen and not a thousand."""
    known = [_side_by_side(one, said) for one, said in _compiled(language)["moulds"]]
    known += [(one.strip(), said.strip()) for one, said in known if one != one.strip()]
    common = Counter(word for source, _ in known for word in _own_words(source))
    kept: dict[str, list[Mould]] = {}
    for source, said in known:
        rarest = min(_own_words(source), key=lambda word: common[word], default="")
        kept.setdefault(rarest, []).append(_mould(source, said))
    return {word: tuple(several) for word, several in kept.items()}


def _own_words(source: str) -> list[str]:
    # Those that no value touches.
    return re.findall(r"(?<![\w\0-])[A-Za-z][\w-]*(?![\w\0-])", FIELD.sub("\0", source))


def _fixed(part: str) -> str:
    # A full stop within a number ends no sentence.
    return re.escape(part) + (r"(?!\d)" if part.endswith(".") else "")


def _mould(source: str, said: str) -> Mould:
    parts = FIELD.split(source)
    words = "".join(parts[::2])
    made = "".join("(.*?)" if place % 2 else _fixed(part) for place, part in enumerate(parts))
    return Mould(
        pattern=re.compile(made, re.DOTALL),
        names=tuple(parts[1::2]),
        said=said,
        words=tuple(sorted({part for part in parts[::2] if part}, key=len, reverse=True)),
        rank=(len(parts[0]) < HEAD, -len(words)),
        loose=len(LETTERS.findall(words)) < A_TITLE,
        longest=A_NAME if len(words) < WORDS else A_TITLE,
    )
