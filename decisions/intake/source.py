"""An uploaded file made readable: limits, compression, encodings and terminal colours are dealt with here, once."""

import gzip
import hashlib
import html
import io
import re
import tempfile
import zlib
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import BinaryIO, cast

from decisions.intake.document import load
from decisions.intake.reading import Unreadable

Content = bytes | BinaryIO
Watch = Callable[[float], None]

MEBIBYTE = 1 << 20
MAX_SIZE = 128 * MEBIBYTE
MAX_COMPRESSED = 16 * MEBIBYTE
# JSON and CSV of load tests and clusters shrink 10 to 50 times; far more than that is a bomb, not a measurement.
MAX_RATIO = 200
FREE_OF_RATIO = 4 * MEBIBYTE
MAX_LINE = MEBIBYTE
MAX_LINES = 3_000_000
# The shortest record of any tool has a moment and a duration; millions of shorter lines are no measurement.
SHORTEST_LINE = 12
FREE_OF_LENGTH = 200_000
# Reports for people: what is longer is no report, and long lines make pattern matching slow.
MAX_TEXT = 4 * MEBIBYTE
MAX_TEXT_LINE = 2_000
HEAD = 64 * 1024
CHUNK = 256 * 1024
WATCHED = 4 * MEBIBYTE
"""So much is read between two reports of how far reading is."""

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]{0,512}(?:\x07|\x1b\\)|[@-Z\\-_])")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>|<![^<>]{0,2000}>")
_MARKUP = re.compile(
    r"\s*<(?:[^>]{0,300}>\s*<){0,6}(?:!doctype html|html|head|body|pre|span|div|title|meta)\b", re.IGNORECASE
)
_JSON_START = re.compile(r"^[ \t]*(\{(?=\s*[\"}])|\[(?=\s*[\[{\"\]]))", re.MULTILINE)
_JSON_STARTS = 8
_LONG_LINE = re.compile(rf"([^\n]{{{MAX_TEXT_LINE}}})[^\n]+")
_BLANK = frozenset({b"\n", b"\r\n", b"\r"})
_ENCODINGS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class Source:
    """One file: its name and hash as uploaded, and its content as clean UTF-8, read as a stream.

    `watch` is told how far reading is, as a share of the content, now and then; what it raises ends the reading.

    Raises Unreadable when the file is empty or beyond a limit.
    """

    def __init__(self, content: Content, name: str, watch: Watch | None = None) -> None:
        self.name = name
        self.notes: list[str] = []
        self.reencoded = False
        raw = io.BytesIO(content) if isinstance(content, bytes) else content
        self.size, self.sha256 = fingerprint(raw)
        if self.size == 0:
            raise Unreadable(
                "The file is empty. Tools print nothing here when the target refused the connection or the run was "
                "stopped: look at the error output of the run and save the report again."
            )
        if self.size > MAX_SIZE:
            raise Unreadable(
                f"The file has {self.size // MEBIBYTE} MiB, the limit is {MAX_SIZE // MEBIBYTE} MiB. Export a summary "
                "instead of raw samples, or slim a cluster list with the jq filter of the manual."
            )
        self._file = self._uncompressed(raw)
        self._file = self._in_utf8(self._file)
        self._markup = bool(_MARKUP.match(self._first(HEAD)))
        if watch:
            self._file = cast("BinaryIO", Watched(self._file, self.length, watch))

    def _uncompressed(self, raw: BinaryIO) -> BinaryIO:
        raw.seek(0)
        if raw.read(2) != b"\x1f\x8b":
            return raw
        if self.size > MAX_COMPRESSED:
            raise Unreadable(f"A gzip file may have up to {MAX_COMPRESSED // MEBIBYTE} MiB; this one is larger.")
        raw.seek(0)
        self.notes.append("gzip: read after unpacking")
        return unpacked(cast("BinaryIO", gzip.GzipFile(fileobj=raw, mode="rb")), self.size)

    def _in_utf8(self, file: BinaryIO) -> BinaryIO:
        """The same content without byte order mark, re-encoded when it was UTF-16 (what PowerShell's `>` writes)."""
        encoding, skip = _encoding(file)
        if encoding == "utf-8" and not skip:
            return file
        file.seek(skip)
        self.reencoded = encoding != "utf-8"
        self.notes.append("UTF-16: read as text" if self.reencoded else "byte order mark: removed")
        result = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=CHUNK * 16))  # noqa: SIM115 - it is kept
        reader = io.TextIOWrapper(io.BufferedReader(_Unclosed(file)), encoding=encoding, errors="replace", newline="")
        while chunk := reader.read(CHUNK):
            result.write(chunk.encode("utf-8", errors="replace"))
        return result

    @cached_property
    def length(self) -> int:
        """Bytes of the content after unpacking."""
        return self._file.seek(0, io.SEEK_END)

    def _first(self, size: int) -> str:
        self._file.seek(0)
        return self._file.read(size).decode("utf-8", errors="replace")

    @property
    def start(self) -> bytes:
        """The first bytes after unpacking, for formats that are not text."""
        self._file.seek(0)
        return self._file.read(512)

    @cached_property
    def head(self) -> str:
        """The first 64 KiB as clean text."""
        return self._clean(self._first(HEAD)).replace("\r\n", "\n").replace("\r", "\n")

    def stream(self, offset: int = 0) -> BinaryIO:
        """The content from `offset` on; one reader at a time."""
        self._file.seek(offset)
        return self._file

    def lines(self) -> Iterator[str]:
        """Clean lines that are not blank, without their ends; what goes beyond 1 MiB in one line is left out.

        Raises Unreadable beyond MAX_LINES.
        """
        self._file.seek(0)
        read = 0
        while raw := self._file.readline(MAX_LINE):
            read += 1
            if read > MAX_LINES:
                raise Unreadable(
                    f"The file has more than {MAX_LINES:,} lines: upload a summary instead of raw samples."
                )
            if read == FREE_OF_LENGTH and self._file.tell() < FREE_OF_LENGTH * SHORTEST_LINE:
                raise Unreadable("The file has hundreds of thousands of lines that are too short to be records.")
            if raw in _BLANK:
                continue
            while not raw.endswith(b"\n") and len(raw) >= MAX_LINE:
                rest = self._file.readline(MAX_LINE)
                if len(rest) < MAX_LINE or rest.endswith(b"\n"):
                    break
            yield from self._clean(raw.decode("utf-8", errors="replace").rstrip("\r\n")).split("\r")

    @cached_property
    def text(self) -> str:
        """The first 4 MiB as clean text with \\n line ends and long lines cut: reports of tools are far smaller."""
        return _LONG_LINE.sub(r"\1", self._clean(self._first(MAX_TEXT)).replace("\r\n", "\n").replace("\r", "\n"))

    def _clean(self, text: str) -> str:
        text = _ANSI.sub("", text).replace("\x00", "")
        return html.unescape(_TAG.sub("", _without_scripts(text))) if self._markup else text

    @cached_property
    def is_markup(self) -> bool:
        """Whether the content is an HTML page (perhaps coloured console output, perhaps a login page)."""
        return self._markup

    @cached_property
    def json_offset(self) -> int | None:
        """Where a JSON document may begin: at once, or on a line of its own after console text. None without one."""
        return next(iter(self._json_offsets), None)

    @cached_property
    def _json_offsets(self) -> tuple[int, ...]:
        head = self._first(HEAD)
        wanted = _JSON_STARTS if self.length <= MAX_TEXT else 1
        starts = (match.start(1) for match, _ in zip(_JSON_START.finditer(head), range(wanted), strict=False))
        return tuple(len(head[:start].encode("utf-8", errors="replace")) for start in starts)

    @cached_property
    def document(self) -> object:
        """The first JSON document without heavy and secret parts, or None when there is none.

        Raises Unreadable when the file begins as JSON and is cut off, nested too deeply or too large for a report.
        """
        for offset in self._json_offsets:
            try:
                return load(self.stream(offset), self.length)
            except Unreadable:
                if not self._first(offset).strip():
                    raise
        return None


class Watched:
    """A file that tells how far it is read; several parsers begin anew, so the furthest place counts."""

    def __init__(self, file: BinaryIO, length: int, watch: Watch) -> None:
        self._file, self._length, self._watch = file, length, watch
        self._next = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        return self._told(self._file.read(size))

    def readline(self, size: int = -1) -> bytes:
        """The next line, or `size` bytes of it."""
        return self._told(self._file.readline(size))

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Goes on elsewhere."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Where it is."""
        return self._file.tell()

    def seekable(self) -> bool:
        """Always."""
        return True

    def _told(self, data: bytes) -> bytes:
        if self._next <= self._length and (place := self._file.tell()) >= self._next:
            self._next = place + WATCHED
            self._watch(min(1.0, place / max(1, self._length)))
        return data


class _Unclosed(io.RawIOBase):
    """Passes reads on and survives its wrapper, so that the upload stays open for others."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer))
        data = self._file.read(len(view))
        view[: len(data)] = data
        return len(data)


def _without_scripts(text: str) -> str:
    """Markup without its style sheets, scripts and comments; searched piece by piece, so that it takes linear time."""
    for opening, closing in (("<style", "</style>"), ("<script", "</script>"), ("<!--", "-->")):
        parts, at = [], 0
        while (start := text.find(opening, at)) >= 0:
            end = text.find(closing, start)
            parts.append(text[at:start])
            at = len(text) if end < 0 else end + len(closing)
        text = "".join(parts) + text[at:]
    return text


def unpacked(compressed: BinaryIO, size: int) -> BinaryIO:
    """What a compressed stream of `size` bytes holds, within limits; on disk when large, gone when closed."""
    result = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=CHUNK * 16))  # noqa: SIM115 - it is kept
    total = 0
    try:
        while chunk := compressed.read(CHUNK):
            total += len(chunk)
            if total > MAX_SIZE or total > max(FREE_OF_RATIO, size * MAX_RATIO):
                raise Unreadable(
                    f"The packed file grows beyond {MAX_SIZE // MEBIBYTE} MiB or {MAX_RATIO} times its size: "
                    "that is no measurement. Upload the plain file."
                )
            result.write(chunk)
    except (OSError, EOFError, zlib.error) as error:
        raise Unreadable("The gzip file is damaged or cut off: pack it again or upload the plain file.") from error
    return result


def fingerprint(file: BinaryIO) -> tuple[int, str]:
    """(bytes, SHA-256 as hex) of a file."""
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return size, digest.hexdigest()


def _encoding(file: BinaryIO) -> tuple[str, int]:
    file.seek(0)
    start = file.read(64)
    for mark, encoding in _ENCODINGS:
        if start.startswith(mark):
            return encoding, len(mark)
    # UTF-16 without a mark: ASCII text has a zero in every second byte.
    if len(start) >= 16 and start[1::2].count(0) > len(start) * 0.4 and 0 not in start[::2]:
        return "utf-16-le", 0
    if len(start) >= 16 and start[::2].count(0) > len(start) * 0.4 and 0 not in start[1::2]:
        return "utf-16-be", 0
    return "utf-8", 0
