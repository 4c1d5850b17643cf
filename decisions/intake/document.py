"""JSON read as a stream into small Python values: bounded in depth and size, and pruned while it is read.

Secrets and bulk never become Python values: a shape names what is kept, everything else is skipped by the parser.
"""

import codecs
import io
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice
from typing import BinaryIO

import ijson  # type: ignore[import-untyped]

from decisions.intake.reading import Unreadable

Event = tuple[str, object]
Events = Iterator[Event]

MAX_DEPTH = 64
MAX_NODES = 300_000
MEBIBYTE = 1 << 20
# What values may weigh in memory: twice the file, so that with what the parser needs it stays below three times.
SMALLEST_BUDGET = 8 * MEBIBYTE
TIMES_THE_FILE = 2.0
# Bytes of CPython 3.11 on 64 bits, a little above what sys.getsizeof says of small ones.
_MAP, _KEY, _LIST, _ELEMENT, _VALUE, _TEXT = 192, 40, 64, 8, 32, 56
MAX_EVENTS = 20_000_000
BUFFER = 1 << 18
MAX_TOKEN = 8 << 20
MAX_REPAIR = 4 << 20
MAX_LOG_LINES = 10_000

# Scripts, payloads, credentials and raw samples of load-test reports: never needed, often secret, sometimes huge.
DROPPED = frozenset(
    [
        "script",
        "setup_data",
        "details",
        "body",
        "headers",
        "Headers",
        "Payload",
        "UserCredentials",
        "Cert",
        "Key",
        "CACert",
        "env",
        "files",
        "samples",
    ]
)
_QUOTE = re.compile(rb'(?<!\\)"')
_NUMBERS = re.compile(rb"[\s\d.,eE+\[\]{}truefalsn-]*")
_NESTING = {"start_map": 1, "start_array": 1, "end_map": -1, "end_array": -1}
_LOG_LINE = {"level", "msg"}
_PRINTABLE = bytes(max(one, ord(" ")) for one in range(256))
_REPAIRS = re.compile(
    rb'"[^"\\]*(?:\\.[^"\\]*)*"|,(?=\s*[\]}])|-?\b(?:NaN|Infinity|nan|inf)\b|-?\d[\d.]{0,30}[eE]\+?\d{3,}', re.DOTALL
)


class Leaf(Enum):
    """How the value of a kept key is kept."""

    VALUE = "the value when it is a text, number or boolean"
    PRESENT = "only whether there is anything in it"
    ANY = "everything but DROPPED keys"


@dataclass(frozen=True)
class Shape:
    """Which keys of an object are kept, and how; a list passes the shape on to its elements."""

    fields: Mapping[str, "Shape | Leaf"]
    prefixes: Mapping[str, Leaf] = field(default_factory=dict)

    def child(self, key: str) -> "Shape | Leaf | None":
        """How to keep the value under `key`, or None to skip it."""
        found = self.fields.get(key)
        if found is None and self.prefixes:
            return next((leaf for prefix, leaf in self.prefixes.items() if key.startswith(prefix)), None)
        return found


def budget(length: int) -> int:
    """Bytes that the values of a file of `length` bytes may weigh in memory."""
    return max(SMALLEST_BUDGET, round(length * TIMES_THE_FILE))


@dataclass
class Builder:
    """Turns parser events into values within a budget of memory.

    Raises Unreadable when a document is nested deeper than MAX_DEPTH, has more than MAX_NODES kept values or would
    weigh more than `most` bytes.
    """

    events: Events
    most: int = SMALLEST_BUDGET
    nodes: int = 0
    weight: int = 0
    _keys: set[str] = field(default_factory=set)

    def value(self, event: Event, shape: "Shape | Leaf", depth: int = 0) -> object:
        """The value that begins with `event`."""
        name, value = event
        self.nodes += 1
        self.weight += _weight(name, value)
        if depth > MAX_DEPTH or self.nodes > MAX_NODES or self.weight > self.most:
            raise Unreadable(
                f"The JSON is nested deeper than {MAX_DEPTH} levels or has more values than a report of a load test. "
                "Upload the tool's summary."
            )
        if shape is Leaf.PRESENT:
            return self._holds_anything(event)
        if name == "start_map":
            return self._map(shape, depth)
        if name == "start_array":
            return self._list(shape, depth)
        return value

    def _map(self, shape: "Shape | Leaf", depth: int) -> dict[str, object]:
        result: dict[str, object] = {}
        for name, key in self.events:
            if name == "end_map":
                break
            text = str(key)
            child = _child(shape, text)
            event = next(self.events)
            if child is None:
                self.skip(event, depth + 1)
            else:
                result[self._known(text)] = self.value(event, child, depth + 1)
        return result

    def _known(self, key: str) -> str:
        """The key, one object for all that are equal."""
        text = sys.intern(key)
        self.weight += _KEY
        if text not in self._keys:
            self._keys.add(text)
            self.weight += 2 * (_TEXT + len(text))
        return text

    def _list(self, shape: "Shape | Leaf", depth: int) -> list[object]:
        result: list[object] = []
        for event in self.events:
            if event[0] == "end_array":
                break
            result.append(self.value(event, shape, depth + 1))
        return result

    def skip(self, event: Event, depth: int = 0) -> None:
        """Passes over a value: most of a cluster list is passed over, so this loop is kept lean."""
        open_ = _NESTING.get(event[0], 0)
        if not open_:
            return
        for name, _ in self.events:
            change = _NESTING.get(name)
            if change is None:
                continue
            open_ += change
            if not open_:
                return
            if depth + open_ > MAX_DEPTH * 4:
                raise Unreadable(f"The JSON is nested deeper than {MAX_DEPTH * 4} levels.")

    def _holds_anything(self, event: Event) -> bool:
        """Passes over a value; whether there was a text, number or boolean in it."""
        name, value = event
        if name not in _NESTING:
            return value is not None and value != ""
        open_, found = 1, False
        for part, _ in self.events:
            open_ += _NESTING.get(part, 0)
            if not open_:
                break
            found = found or (part not in _NESTING and part not in {"map_key", "null"})
        return found


def _weight(name: str, value: object) -> int:
    if name == "start_map":
        return _MAP
    if name == "start_array":
        return _LIST
    return _ELEMENT + (_TEXT + len(value) if isinstance(value, str) else _VALUE)


def _child(shape: "Shape | Leaf", key: str) -> "Shape | Leaf | None":
    if isinstance(shape, Shape):
        return shape.child(_go_name(key))
    if shape is Leaf.ANY:
        return None if key in DROPPED else shape
    return None


def _go_name(key: str) -> str:
    """Old `kubectl cluster-info dump` writes Go field names (`Items`, `Spec`); labels keep their spelling."""
    return key if not key or key[0].islower() else key[0].lower() + key[1:]


class _Guarded:
    """Stops at a text or number over MAX_TOKEN: the parser scans it again from its beginning for every buffer."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._inside = 0

    def read(self, size: int) -> bytes:
        """The next bytes. Raises Unreadable."""
        chunk = self._stream.read(size)
        ends = len(chunk) < BUFFER or _QUOTE.search(chunk) or (b"," in chunk and _NUMBERS.fullmatch(chunk))
        self._inside = 0 if ends else self._inside + len(chunk)
        if self._inside > MAX_TOKEN:
            raise Unreadable(f"The JSON has a text of more than {MAX_TOKEN >> 20} MiB: that is no measurement.")
        return chunk


def parsed(stream: BinaryIO) -> Events:
    """Parser events of every JSON document in the stream, one after the other.

    Raises Unreadable when the text is not JSON or ends in the middle.
    """
    try:
        events = ijson.basic_parse(_Guarded(stream), use_float=True, multiple_values=True, buf_size=BUFFER)
        yield from islice(events, MAX_EVENTS)
        if next(events, None) is not None:
            raise Unreadable(f"The JSON has more than {MAX_EVENTS:,} parts: that is no measurement.")
    except ijson.JSONError as error:
        cut_off = "premature EOF" in str(error)
        raise Unreadable(
            "The JSON ends in the middle: the file is cut off. Save the whole report again."
            if cut_off
            else "The file begins like JSON but is not valid JSON. Upload the file as the tool wrote it."
        ) from error
    except (UnicodeDecodeError, ValueError) as error:
        raise Unreadable("The file begins like JSON but is not valid JSON.") from error


def load(stream: BinaryIO, length: int, shape: "Shape | Leaf" = Leaf.ANY) -> object:
    """The first JSON document of a report, without DROPPED keys; log lines in JSON before it are passed over.

    `length` is that of the file in bytes: what is kept of it may weigh no more than its budget.
    Trailing commas and NaN, which some tools write, are repaired in files up to 4 MiB. Raises Unreadable.
    """
    start = stream.tell()
    try:
        return first(parsed(stream), shape, budget(length))
    except Unreadable:
        stream.seek(start)
        if length - start > MAX_REPAIR:
            raise
        repaired = _repaired(stream)
        return first(parsed(repaired), shape, budget(length))


def first(events: Events, shape: "Shape | Leaf" = Leaf.ANY, most: int = SMALLEST_BUDGET) -> object:
    """The first value of a stream of events that is not a log line; None when there is none. Raises Unreadable."""
    value: object = None
    for _, event in zip(range(MAX_LOG_LINES), events, strict=False):
        value = Builder(events, most).value(event, shape)
        if not (isinstance(value, dict) and value.keys() >= _LOG_LINE):
            break
    return value


def at(value: object, *path: str) -> object:
    """The value at a path of keys, or None."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def mappings(value: object) -> list[dict[str, object]]:
    """The mappings in a list; none when it is not a list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _repaired(stream: BinaryIO) -> BinaryIO:
    """The rest of a file in valid UTF-8, without trailing commas, numbers that are none, and control characters."""

    def replacement(match: re.Match[bytes]) -> bytes:
        found = match.group()
        if found.startswith(b'"'):
            return found.translate(_PRINTABLE)
        return b"" if found == b"," else b"null"

    chunks = codecs.iterdecode(iter(lambda: stream.read(BUFFER), b""), "utf-8", errors="replace")
    text = b"".join(chunk.encode() for chunk in chunks)
    return io.BytesIO(_REPAIRS.sub(replacement, text))
