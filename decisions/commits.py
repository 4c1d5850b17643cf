"""A commit with the files of a roll-out in a Git object store, whether its repository is here or elsewhere."""

import stat
import time
from typing import Protocol

from dulwich.object_store import BaseObjectStore
from dulwich.objects import Blob, Commit, ObjectID, ShaFile, Tree
from dulwich.refs import Ref, check_ref_format

from decisions.models import User


class RepositoryError(Exception):
    """The pack was not committed; the text says why and what to do."""


class Stored(Protocol):
    """A repository as far as a commit is made in it."""

    @property
    def object_store(self) -> BaseObjectStore:
        """Where objects are kept."""

    def __getitem__(self, name: ObjectID) -> ShaFile:
        """An object by its id."""


def reference_of(branch: str) -> Ref:
    """The reference of a branch. Raises RepositoryError for what is no name of one."""
    reference = Ref(b"refs/heads/" + branch.encode())
    if not branch or not check_ref_format(reference) or len(branch) > 100:
        message = f"{branch[:80]!r} is no name of a branch; letters, digits, hyphens and slashes make one."
        raise RepositoryError(message)
    return reference


def committed(
    repository: Stored, parent: ObjectID | None, number: str, user: User, files: dict[str, bytes]
) -> Commit | None:
    """A new commit on top of the parent with the files under rollout/<number>/; None where they are there already."""
    before = repository[parent] if parent else None
    base = before.tree if isinstance(before, Commit) else None
    tree = _grafted(repository, base, ("rollout", number), files)
    if base == tree:
        return None
    made = Commit()
    made.tree, made.parents = tree, [parent] if parent else []
    who = "".join(letter for letter in user.name if letter.isprintable() and letter not in "<>")
    made.author = made.committer = f"{who} <{user.username}@meshadvisor.invalid>".encode()
    made.author_time = made.commit_time = int(time.time())
    made.author_timezone = made.commit_timezone = 0
    made.encoding, made.message = b"UTF-8", f"Roll-out pack of {number}\n".encode()
    repository.object_store.add_object(made)
    return made


def _grafted(repository: Stored, base: ObjectID | None, path: tuple[str, ...], files: dict[str, bytes]) -> ObjectID:
    """A tree like `base` in which the folder at `path` holds exactly these files."""
    tree = repository[base].copy() if base else Tree()
    assert isinstance(tree, Tree)  # noqa: S101 - a commit's tree is one
    name, *rest = path
    key = name.encode()
    if rest:
        below = tree[key][1] if key in tree and stat.S_ISDIR(tree[key][0]) else None
        tree[key] = (stat.S_IFDIR, _grafted(repository, below, tuple(rest), files))
    else:
        tree[key] = (stat.S_IFDIR, _folder(repository, files))
    repository.object_store.add_object(tree)
    return tree.id


def _folder(repository: Stored, files: dict[str, bytes]) -> ObjectID:
    """The id of a new tree with these files in it."""
    tree = Tree()
    below: dict[str, dict[str, bytes]] = {}
    for path, content in files.items():
        first, _, rest = path.partition("/")
        if rest:
            below.setdefault(first, {})[rest] = content
        else:
            blob = Blob.from_string(content)
            repository.object_store.add_object(blob)
            tree.add(first.encode(), stat.S_IFREG | 0o644, blob.id)
    for first, inside in below.items():
        tree.add(first.encode(), stat.S_IFDIR, _folder(repository, inside))
    repository.object_store.add_object(tree)
    return tree.id
