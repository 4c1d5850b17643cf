"""YAML as the same events as JSON, so that one builder with one allow-list reads both.

Anchors and aliases are refused: no tool writes them here, and they are how a small YAML grows without end.
"""

import re
from collections.abc import Iterator

import yaml

from decisions.intake.document import Event, Events, Leaf, Shape, first
from decisions.intake.reading import Unreadable
from decisions.intake.source import Source

_LOADER: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"[-+]?(?:0|[1-9]\d{0,17})(?:\.\d{1,17})?(?:[eE][-+]?\d{1,3})?")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


def events(source: Source) -> Events:
    """Events of every document in the file. Raises Unreadable for YAML that is damaged or uses anchors."""
    try:
        yield from _translated(yaml.parse(source.stream(), Loader=_LOADER))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Unreadable("The YAML is damaged or cut off. Upload the file as the tool wrote it.") from error


def document(source: Source, shape: Shape | Leaf = Leaf.ANY) -> object:
    """The first document. Raises Unreadable."""
    return first(events(source), shape)


def _translated(parsed: Iterator[yaml.Event]) -> Iterator[Event]:
    # For every open mapping whether the next scalar in it is a key; None for a sequence.
    expects_key: list[bool | None] = []
    for event in parsed:
        if getattr(event, "anchor", None) is not None:
            raise Unreadable("The YAML uses anchors or aliases, which kubectl and load-test tools do not: not read.")
        if isinstance(event, yaml.ScalarEvent):
            yield from _scalar(event, expects_key)
        elif isinstance(event, yaml.CollectionStartEvent):
            if expects_key and expects_key[-1] is True:
                raise Unreadable("The YAML has a mapping or a list as a key, which no tool writes: not read.")
            is_mapping = isinstance(event, yaml.MappingStartEvent)
            _value_done(expects_key)
            expects_key.append(True if is_mapping else None)
            yield ("start_map" if is_mapping else "start_array", None)
        elif isinstance(event, yaml.CollectionEndEvent):
            yield ("end_map" if expects_key.pop() is not None else "end_array", None)


def _value_done(expects_key: list[bool | None]) -> None:
    if expects_key and expects_key[-1] is False:
        expects_key[-1] = True


def _scalar(event: yaml.ScalarEvent, expects_key: list[bool | None]) -> Iterator[Event]:
    if expects_key and expects_key[-1] is True:
        expects_key[-1] = False
        yield ("map_key", event.value)
        return
    _value_done(expects_key)
    yield ("scalar", _value(event))


def _value(event: yaml.ScalarEvent) -> object:
    """Plain scalars as null, true, false and numbers; quoted ones stay text."""
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    return float(text) if _NUMBER.fullmatch(text) and ("." in text or len(text) < 16) else text
