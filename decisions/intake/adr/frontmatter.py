"""The block of metadata on top of a Markdown file: YAML between rows of hyphens, or TOML between rows of plus signs.

Every value is kept as the text that stands there: 0012 is not ten, 2020-01-02 is no object, "no" is not false. Where
the block is no YAML, as a template left half filled is not, its plain `key: value` lines are read all the same.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from itertools import islice

import yaml

from decisions.intake.adr.outline import FrontMatter

MAX_BLOCK = 65_536
BLOCK = re.compile(r"\A\s*(---|\+\+\+)[ \t]*\n(.*?)^(?:\1|\.\.\.)[ \t]*$\n?", re.DOTALL | re.MULTILINE)
PLAIN = re.compile(r"^(\w[\w -]{0,40}?)[ \t]*:[ \t]*(.*)$", re.MULTILINE)
DEPTH = 4
MAX_VALUES = 200


def split(text: str) -> tuple[FrontMatter, str, tuple[str, ...]]:
    """The metadata, the text after it, and what is wrong with the metadata."""
    found = BLOCK.match(text)
    if not found or len(found[2]) > MAX_BLOCK:
        return {}, text, ()
    problem: tuple[str, ...] = ()
    try:
        values = tomllib.loads(found[2]) if found[1] == "+++" else yaml.load(found[2], yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        values = {key: value.strip().strip("\"'") for key, value in PLAIN.findall(found[2])}
        problem = (f"The front matter is not valid {_name(found[1])}: {_place(error)}; read line by line.",)
    if isinstance(values, str) and all(map(PLAIN.fullmatch, filter(str.strip, found[2].splitlines()))):
        values = {key: value.strip() for key, value in PLAIN.findall(found[2])}  # `key:value` is one word to YAML
    if not isinstance(values, Mapping) or (found[1] == "---" and not values and found[2].strip()):
        # A text between two rules is no metadata.
        return {}, text, ()
    front = {_key(key): tuple(islice(_flat(value, DEPTH), MAX_VALUES)) for key, value in values.items()}
    return front, text[found.end() :], problem


def _name(fence: str) -> str:
    return "TOML" if fence == "+++" else "YAML"


def _place(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 2}" if mark else "too deep or malformed"


def _key(key: object) -> str:
    return re.sub(r"[\s_]+", "-", str(key).strip().lower())


def _flat(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, Mapping) and depth:
        # {proposed}, a template's braces left around a word, is a mapping to YAML.
        for key, inner in value.items():
            yield from _flat(inner or key, depth - 1)
    elif isinstance(value, list | tuple) and depth:
        for inner in value:
            yield from _flat(inner, depth - 1)
    elif value not in (None, "") and not isinstance(value, Mapping | list | tuple):
        yield str(value).strip()
