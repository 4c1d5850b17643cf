"""The tree of decisions as a git branch that only grows: a commit for each decision that changed, by its author.

The branch is never forced: commits are put on whatever stands at its end, and when somebody else was faster nothing is
written. Only local repositories; pushing is for whoever owns the remote.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django_tasks import task
from dulwich.errors import NotGitRepository
from dulwich.index import commit_tree
from dulwich.object_store import iter_tree_contents
from dulwich.objects import Blob, Commit, ObjectID
from dulwich.refs import Ref
from dulwich.repo import Repo

from decisions.models import Organisation
from decisions.tree import Leaf, around, flavour_of, leaves

FILE_MODE = 0o100644
COMMITTER = b"MeshAdvisor <meshadvisor@localhost>"


class BranchError(Exception):
    """Nothing was written; the text says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where an organisation's decisions go: "organisation=/path/to/repository.git#branch"."""

    organisation: str
    repository: Path
    branch: str


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a commit says beside its content; `moment` is in seconds since 1970."""

    summary: str
    author: bytes
    moment: int


def read_targets(words: Sequence[str]) -> tuple[Target, ...]:
    """The targets that a setting names. Raises BranchError for one that is none."""
    found = []
    for word in words:
        slug, _, place = word.partition("=")
        path, _, branch = place.partition("#")
        if not slug or not path:
            message = f"{word!r} names no branch; organisation=/path/to/repository.git#branch does"
            raise BranchError(message)
        found.append(Target(organisation=slug, repository=Path(path), branch=branch or "decisions"))
    return tuple(found)


def publish(organisation: Organisation, target: Path, branch: str, flavour: str = "madr") -> list[str]:
    """Bring the branch up to date; the summaries of the commits made. Raises BranchError."""
    found = list(leaves(organisation, flavour_of(flavour)))
    try:
        with Repo(str(target)) as repository:
            return _grown(repository, Ref(f"refs/heads/{branch}".encode()), found, around(organisation, found))
    except (NotGitRepository, OSError) as error:
        message = f"{target} is no git repository that can be written to. Make one: git init --bare {target}"
        raise BranchError(message) from error


def _grown(repository: Repo, ref: Ref, found: Sequence[Leaf], files: Mapping[str, bytes]) -> list[str]:
    if not repository.bare and repository.refs.get_symrefs().get(Ref(b"HEAD")) == ref:
        message = f"{ref.decode()} is checked out there: its files would fall behind. Use another branch or a bare one."
        raise BranchError(message)
    before = repository.refs.read_ref(ref) if ref in repository.refs else None
    tip = ObjectID(before) if before else None
    content = _content(repository, tip)
    summaries = []
    for leaf in sorted(found, key=lambda leaf: (leaf.changed_at, leaf.path)):
        if _put(repository, content, {leaf.path: leaf.data}):
            tip = _commit(repository, content, tip, _said(leaf))
            summaries.append(leaf.summary)
    if _put(repository, content, files):
        latest = max((leaf.changed_at for leaf in found), default=None)
        moment = int(latest.timestamp()) if latest else 0
        tip = _commit(repository, content, tip, Said(summary="The list of decisions", author=COMMITTER, moment=moment))
        summaries.append("The list of decisions")
    if tip and tip != before and not _moved(repository, ref, before, tip):
        message = f"{ref.decode()} moved meanwhile; nothing was written. Try again."
        raise BranchError(message)
    return summaries


def _moved(repository: Repo, ref: Ref, before: bytes | None, tip: ObjectID) -> bool:
    if before is None:
        return repository.refs.add_if_new(ref, tip)
    return repository.refs.set_if_equals(ref, ObjectID(before), tip)


def _content(repository: Repo, tip: ObjectID | None) -> dict[bytes, tuple[ObjectID, int]]:
    commit = repository[tip] if tip else None
    if not isinstance(commit, Commit):
        return {}
    entries = iter_tree_contents(repository.object_store, commit.tree)
    return {one.path: (one.sha, one.mode) for one in entries if one.path and one.sha and one.mode}


def _put(repository: Repo, content: dict[bytes, tuple[ObjectID, int]], files: Mapping[str, bytes]) -> bool:
    """Put files into the content; whether any of them is new or other than before."""
    changed = False
    for name, data in files.items():
        blob, path = Blob.from_string(data), name.encode()
        if content.get(path, (b"", 0))[0] != blob.id:
            repository.object_store.add_object(blob)
            content[path] = (blob.id, FILE_MODE)
            changed = True
    return changed


def _commit(
    repository: Repo,
    content: Mapping[bytes, tuple[ObjectID, int]],
    parent: ObjectID | None,
    said: Said,
) -> ObjectID:
    commit = Commit()
    commit.tree = commit_tree(repository.object_store, [(path, sha, mode) for path, (sha, mode) in content.items()])
    commit.parents = [parent] if parent else []
    commit.author, commit.committer = said.author, COMMITTER
    # The moment of the decision for both: the same decisions give the same commits, whoever runs this and when.
    commit.author_time = commit.commit_time = said.moment
    commit.author_timezone = commit.commit_timezone = 0
    commit.encoding = b"UTF-8"
    commit.message = said.summary.encode() + b"\n"
    repository.object_store.add_object(commit)
    return commit.id


def _said(leaf: Leaf) -> Said:
    """The author as git names people; signs that would end a name or an address are taken out."""
    name, email = (
        "".join(sign for sign in text if sign.isprintable() and sign not in "<>").strip() or "unknown"
        for text in (leaf.author, leaf.email)
    )
    summary = " ".join(leaf.summary.split())
    return Said(summary=summary, author=f"{name} <{email}>".encode(), moment=int(leaf.changed_at.timestamp()))


@task
def publish_all() -> list[str]:
    """Bring every branch that the settings name up to date; the failures in words."""
    failures = []
    for target in read_targets(settings.EXPORT_BRANCHES):
        try:
            organisation = Organisation.objects.get(slug=target.organisation)
            publish(organisation, target.repository, target.branch)
        except Organisation.DoesNotExist:
            failures.append(f"there is no organisation {target.organisation!r}")
        except BranchError as error:
            failures.append(str(error))
    return failures
