"""Files on their way: an upload waits here until a worker has read it, and is deleted then, whatever it held.

A directory of the instance that only its own user may read. Names are chance; what a file was called stays outside.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

CHUNK = 1 << 20
ORPHAN_AFTER = dt.timedelta(hours=1)
"""A file that nothing speaks of is being written for no longer than this."""


@dataclass(frozen=True, kw_only=True)
class Spooled:
    """One waiting file: its name in the spool, its size in bytes and its SHA-256 as hex."""

    key: str
    size: int
    sha256: str


def folder() -> Path:
    """Where they wait; made when it is not there."""
    found = Path(settings.DATA_DIR) / "spool"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def put(content: BinaryIO) -> Spooled:
    """Write a file into the spool, its digest taken while it is written. Raises OSError when there is no room."""
    key = secrets.token_hex(16)
    digest, size = hashlib.sha256(), 0
    content.seek(0)
    try:
        with (folder() / key).open("xb") as file:
            (folder() / key).chmod(0o600)
            while chunk := content.read(CHUNK):
                digest.update(chunk)
                size += file.write(chunk)
    except BaseException:
        drop([key])
        raise
    return Spooled(key=key, size=size, sha256=digest.hexdigest())


def opened(key: str) -> BinaryIO:
    """A waiting file, to be read from anywhere in it. Raises FileNotFoundError."""
    return (folder() / key).open("rb")


def drop(keys: Collection[str]) -> None:
    """Delete waiting files; one that has gone already is no error."""
    for key in keys:
        (folder() / key).unlink(missing_ok=True)


def sweep(wanted: Collection[str], now: dt.datetime) -> int:
    """Delete what is not wanted any more and not just being written; how many files that were."""
    gone = 0
    for path in folder().iterdir():
        if path.name not in wanted and now.timestamp() - path.stat().st_mtime > ORPHAN_AFTER.total_seconds():
            path.unlink(missing_ok=True)
            gone += 1
    return gone
