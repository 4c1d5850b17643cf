"""Go's gob encoding, as far as the binary results of vegeta need it: structs of plain fields, times, slices and maps.

Source: the package documentation of encoding/gob. Every message carries its length; types come before their values.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MAX_MESSAGE = 16 << 20
MAX_FIELDS = 100_000
MAX_RECORDS = 3_000_000
_BOOL, _INT, _UINT, _FLOAT, _BYTES, _STRING = 1, 2, 3, 4, 5, 6
_EPOCH = 62_135_596_800  # seconds from year 1, where Go counts from, to 1970


@dataclass
class _Type:
    """A defined type: struct fields in order, or the element (and key) of a slice or map; none of them for a time."""

    fields: list[tuple[str, int]]
    element: int | None = None
    key: int | None = None


class _Message:
    """A cursor over one message. Raises ValueError beyond its end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self.steps = 0

    def take(self, size: int) -> bytes:
        if size < 0 or self._at + size > len(self._data):
            message = "beyond the end of the message"
            raise ValueError(message)
        self._at += size
        return self._data[self._at - size : self._at]

    def unsigned(self) -> int:
        self.steps += 1
        if self.steps > MAX_FIELDS:
            message = "too many values in one message"
            raise ValueError(message)
        first = self.take(1)[0]
        if first < 128:
            return first
        size = 256 - first
        if size > 8:
            message = "not a number"
            raise ValueError(message)
        return int.from_bytes(self.take(size), "big")

    def signed(self) -> int:
        value = self.unsigned()
        return ~(value >> 1) if value & 1 else value >> 1

    def text(self) -> str:
        return self.take(self.unsigned()).decode("utf-8", errors="replace")


def records(stream: BinaryIO) -> Iterator[dict[str, object]]:
    """Every struct value in the stream, by field name; times as seconds since the epoch.

    Raises ValueError when the bytes are not gob or end in the middle.
    """
    types: dict[int, _Type] = {}
    for _ in range(MAX_RECORDS):
        data = _message(stream)
        if data is None:
            return
        message = _Message(data)
        identity = message.signed()
        if identity < 0:
            types[-identity] = _definition(message)
        elif identity in types and types[identity].fields:
            yield _struct(message, types[identity], types, 0)


def _message(stream: BinaryIO) -> bytes | None:
    first = stream.read(1)
    if not first:
        return None
    size = first[0]
    if size >= 128:
        width = 256 - size
        size = int.from_bytes(stream.read(width), "big") if width <= 8 else MAX_MESSAGE + 1
    data = stream.read(size) if size <= MAX_MESSAGE else b""
    if len(data) < size or size > MAX_MESSAGE:
        message = "cut off"
        raise ValueError(message)
    return data


def _definition(message: _Message) -> _Type:
    """A wireType: one of array, slice, struct, map, gob encoder; each begins with its common part (name, id)."""
    kind = message.unsigned() - 1
    result = _Type(fields=[])
    at = -1
    while delta := message.unsigned():
        at += delta
        if at == 0:
            _common(message)
        elif kind == 2:
            result.fields = [_field(message) for _ in range(_length(message))]
        else:
            number = message.signed()
            if kind == 3 and at == 1:
                result.key = number
            elif at == (2 if kind == 3 else 1):
                result.element = number
    return result


def _length(message: _Message) -> int:
    size = message.unsigned()
    if size > 1000:
        message_ = "too many fields"
        raise ValueError(message_)
    return size


def _common(message: _Message) -> None:
    at = -1
    while delta := message.unsigned():
        at += delta
        if at == 0:
            message.text()
        else:
            message.signed()


def _field(message: _Message) -> tuple[str, int]:
    name, identity, at = "", 0, -1
    while delta := message.unsigned():
        at += delta
        if at == 0:
            name = message.text()
        else:
            identity = message.signed()
    return name, identity


def _struct(message: _Message, kind: _Type, types: dict[int, _Type], depth: int) -> dict[str, object]:
    if depth > 8:
        too_deep = "nested too deeply"
        raise ValueError(too_deep)
    result: dict[str, object] = {}
    at = -1
    while delta := message.unsigned():
        at += delta
        if at >= len(kind.fields):
            unknown = "unknown field"
            raise ValueError(unknown)
        name, identity = kind.fields[at]
        result[name] = _value(message, identity, types, depth)
    return result


def _value(message: _Message, identity: int, types: dict[int, _Type], depth: int) -> object:
    if identity in {_BOOL, _UINT, _FLOAT}:
        return message.unsigned()
    if identity == _INT:
        return message.signed()
    if identity in {_BYTES, _STRING}:
        return message.text()
    kind = types.get(identity)
    if kind is None:
        undefined = "undefined type"
        raise ValueError(undefined)
    if kind.fields:
        return _struct(message, kind, types, depth + 1)
    if kind.element is None:
        return _time(message.take(message.unsigned()))
    for _ in range(message.unsigned()):
        if kind.key is not None:
            _value(message, kind.key, types, depth + 1)
        _value(message, kind.element, types, depth + 1)
    return None


def _time(data: bytes) -> float | None:
    """Go's binary form of a time: version, seconds since year 1, nanoseconds, zone."""
    if len(data) < 13 or data[0] not in {1, 2}:
        return None
    return int.from_bytes(data[1:9], "big", signed=True) - _EPOCH + int.from_bytes(data[9:13], "big") / 1e9
