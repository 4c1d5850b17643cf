"""Archives: support bundles, dumps and result folders as tar or zip. Every member is read by its content."""

import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from decisions.intake.reading import Unreadable
from decisions.intake.source import MAX_SIZE, MEBIBYTE, Source

MAX_MEMBERS = 20_000
MAX_MEMBER = 32 * MEBIBYTE
# Logs fill support bundles: text that is not JSON, YAML or XML is looked at only when it is short.
MAX_LOG = 256 * 1024
_DAMAGED = "The archive is damaged or cut off: pack it again, or upload the files in it."
_TOO_MANY = f"The archive holds more than {MAX_MEMBERS:,} files or more than {MAX_SIZE // MEBIBYTE} MiB: upload a part."
_STRUCTURED = (b"{", b"[", b"<", b"apiVersion:", b"kind:", b"items:", b"---")


def holds_members(source: Source) -> bool:
    """Whether the content is a tar or zip archive."""
    start = source.start
    return start[257:262] == b"ustar" or start.startswith(b"PK\x03\x04")


def members(source: Source) -> Iterator[tuple[str, bytes]]:
    """(path, content) of every file that may hold a measurement; links and devices are passed over.

    Raises Unreadable when the archive is damaged or holds too much.
    """
    total = 0
    for place, (name, size, file) in enumerate(_files(source)):
        total += size
        if place >= MAX_MEMBERS or total > MAX_SIZE:
            raise Unreadable(_TOO_MANY)
        if not 0 < size <= MAX_MEMBER:
            continue
        content = file.read(size)
        if len(content) <= MAX_LOG or content.lstrip()[:12].startswith(_STRUCTURED):
            yield name, content


def _files(source: Source) -> Iterator[tuple[str, int, BinaryIO]]:
    if source.start.startswith(b"PK"):
        yield from _zipped(source.stream())
    else:
        yield from _taped(source.stream())


def _taped(stream: BinaryIO) -> Iterator[tuple[str, int, BinaryIO]]:
    try:
        with tarfile.open(fileobj=stream, mode="r:") as archive:
            for member in archive:
                file = archive.extractfile(member) if member.isreg() else None
                if file is not None:
                    yield member.name[:500], member.size, cast("BinaryIO", file)
    except (tarfile.TarError, OSError, EOFError, ValueError, OverflowError) as error:
        raise Unreadable(_DAMAGED) from error


def _zipped(stream: BinaryIO) -> Iterator[tuple[str, int, BinaryIO]]:
    try:
        with zipfile.ZipFile(stream) as archive:
            for member in archive.infolist():
                if member.is_dir() or member.flag_bits & 0x1:
                    continue
                # The size in the directory is the packer's word; reading stops one byte after it.
                content = archive.open(member).read(min(member.file_size, MAX_MEMBER) + 1)
                if len(content) <= member.file_size:
                    yield member.filename[:500], len(content), io.BytesIO(content)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as error:
        raise Unreadable(_DAMAGED) from error
