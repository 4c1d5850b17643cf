"""Where files come from: a folder, a zip or a local git repository. Only texts that may be decisions are taken.

Nothing is written and nothing outside is read: links are passed over, names that climb out of their folder are refused,
and what unpacks to more than a folder of texts is refused before it is unpacked.
"""

import io
import os
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from decisions.intake.adr.naming import EXTENSIONS

MAX_FILES = 20_000
MAX_FILE = 4 * 1024 * 1024
MAX_ALL = 128 * 1024 * 1024
PASSED_OVER = frozenset({".git", "node_modules", "vendor", ".venv", "__MACOSX"})


class OriginError(ValueError):
    """Why nothing could be taken from there; the text is for the person who asked."""


@dataclass(frozen=True, kw_only=True)
class File:
    """A file with its path relative to what is imported, in POSIX form."""

    path: str
    data: bytes


def files_at(place: str) -> tuple[File, ...]:
    """The texts of a folder, a zip file, or the last commit of a bare git repository on this machine."""
    path = Path(place).expanduser()
    if not path.exists():
        message = f"{place}: there is no such file or folder."
        raise OriginError(message)
    if path.is_file():
        if path.stat().st_size > MAX_ALL:
            message = f"{place} is larger than {_mebibytes(MAX_ALL)}: import a part of it."
            raise OriginError(message)
        return files_in_zip(path.read_bytes())
    if (path / "HEAD").is_file() and (path / "objects").is_dir():
        return files_in_repository(path)
    return files_in_folder(path)


def files_in_folder(folder: Path) -> tuple[File, ...]:
    """The texts under a folder; symbolic links, and what a repository keeps for itself, are passed over."""
    return tuple(_limited(_walked(folder)))


def _walked(folder: Path) -> Iterator[tuple[str, int, Path]]:
    for parent, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(one for one in folders if one not in PASSED_OVER)
        for name in sorted(names):
            path = Path(parent) / name
            if _is_wanted(name) and not path.is_symlink() and path.is_file():
                yield path.relative_to(folder).as_posix(), path.stat().st_size, path


def _limited(found: Iterator[tuple[str, int, Path]]) -> Iterator[File]:
    total = 0
    for count, (name, size, path) in enumerate(found):
        total += min(size, MAX_FILE)
        _check(count, total)
        try:
            with path.open("rb") as opened:
                yield File(path=name, data=opened.read(MAX_FILE + 1))
        except OSError:
            # A file that may not be read is listed as one without text; the rest goes on.
            yield File(path=name, data=b"\x00")


def files_in_zip(data: bytes) -> tuple[File, ...]:
    """The texts of a zip file. OriginError when it is damaged, encrypted, too large or names a path outside itself."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return tuple(_unpacked(archive))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError) as error:
        message = "This is no zip file that can be read: it is damaged, encrypted or packed in an unusual way."
        raise OriginError(message) from error


def _unpacked(archive: zipfile.ZipFile) -> Iterator[File]:
    total = 0
    members = archive.infolist()
    for count, member in enumerate(members):
        _check(count, 0)
        name = _safe(member.filename)
        is_link = (member.external_attr >> 16) & 0o170000 == 0o120000
        if member.is_dir() or is_link or not _is_wanted(name) or PASSED_OVER & set(name.split("/")):
            continue
        # The size in the directory is the packer's word: reading stops by what really comes out.
        with archive.open(member) as opened:
            content = opened.read(MAX_FILE + 1)
        total += len(content)
        _check(count, total)
        yield File(path=name, data=content)


def _safe(name: str) -> str:
    """The member's name when it stays inside. OriginError when it is absolute, climbs out or has control characters."""
    path = name.replace("\\", "/")
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or ":" in parts[0] or any(ord(sign) < 32 for sign in path):
        message = f"The zip file names {name[:80]!r}, which lies outside it. Pack it again from inside its folder."
        raise OriginError(message)
    return posixpath.normpath(path)


def files_in_repository(place: Path) -> tuple[File, ...]:
    """The texts of the last commit of a git repository on this machine, without a checkout."""
    from dulwich.errors import NotGitRepository  # noqa: PLC0415 - a second to load, and rarely asked for
    from dulwich.object_store import iter_tree_contents  # noqa: PLC0415
    from dulwich.objects import Blob, Commit  # noqa: PLC0415
    from dulwich.repo import Repo  # noqa: PLC0415

    found: list[File] = []
    total = 0
    try:
        with Repo(str(place)) as repository:
            commit = repository[repository.head()]
            for entry in iter_tree_contents(
                repository.object_store, commit.tree if isinstance(commit, Commit) else None
            ):
                name = (entry.path or b"").decode("utf-8", errors="replace")
                blob = repository[entry.sha] if entry.sha and _is_text(entry.mode or 0, name) else None
                if isinstance(blob, Blob):
                    total += len(blob.data)
                    _check(len(found), total)
                    found.append(File(path=name, data=blob.data[: MAX_FILE + 1]))
    except (NotGitRepository, KeyError, OSError) as error:
        message = f"{place} is no git repository with a commit."
        raise OriginError(message) from error
    return tuple(found)


def _is_text(mode: int, name: str) -> bool:
    is_file = mode & 0o170000 == 0o100000
    return is_file and _is_wanted(name) and not PASSED_OVER & set(name.split("/"))


def _is_wanted(name: str) -> bool:
    return name.lower().endswith(EXTENSIONS)


def _check(count: int, total: int) -> None:
    if count >= MAX_FILES or total > MAX_ALL:
        message = f"More than {MAX_FILES:,} files or {_mebibytes(MAX_ALL)} of text: import a part of it."
        raise OriginError(message)


def _mebibytes(size: int) -> str:
    return f"{size // 1024 // 1024} MiB"
