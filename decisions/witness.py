"""Hands the newest checkpoint of the log to somebody else, so that the past cannot be rewritten without them.

Where to is in the settings: a directory (on a share that this instance can write to and others back up), a Git
repository (a commit for each checkpoint, on the branch that is checked out), or mail addresses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail
from django_tasks import task
from dulwich import porcelain
from dulwich.errors import NotGitRepository
from dulwich.repo import Repo

from decisions import journal

KINDS = ("dir", "git", "mail")


class WitnessError(Exception):
    """A checkpoint could not be handed over; the text says to whom and why."""


@dataclass(frozen=True, kw_only=True)
class Witness:
    """One place that keeps checkpoints: "dir:/path", "git:/path" or "mail:address"."""

    kind: str
    where: str


def read_witnesses(words: Sequence[str]) -> tuple[Witness, ...]:
    """The witnesses that a setting names. Raises WitnessError for one that is none."""
    found = []
    for word in words:
        kind, _, where = word.partition(":")
        if kind not in KINDS or not where:
            message = f"{word!r} names no witness; dir:/path, git:/path and mail:address do"
            raise WitnessError(message)
        found.append(Witness(kind=kind, where=where))
    return tuple(found)


def hand_over(note: str, size: int, witness: Witness) -> None:
    """Give one witness the checkpoint; giving it again changes nothing. Raises WitnessError."""
    try:
        if witness.kind == "mail":
            send_mail(f"Checkpoint of the decision log at {size} entries", note + EXPLAINED, None, [witness.where])
        else:
            changed = _write(note, size, Path(witness.where), must_exist=witness.kind == "git")
            if witness.kind == "git" and changed:
                _commit(Path(witness.where), changed, size)
    except (OSError, NotGitRepository) as error:
        message = f"the checkpoint could not be given to {witness.kind}:{witness.where}: {error}"
        raise WitnessError(message) from error


EXPLAINED = """
Keep this text as it is. On the page /log/ of the instance it shows whether the log was rewritten since;
`meshadvisor audit --checkpoint FILE` shows what was.
"""


def _write(note: str, size: int, folder: Path, *, must_exist: bool) -> list[Path]:
    """The files that are new or changed: the newest one, and one that is never written again."""
    if must_exist:
        Repo(str(folder)).close()
    (folder / "checkpoints").mkdir(parents=True, exist_ok=True)
    files = {folder / "checkpoint": note, folder / "checkpoints" / f"{size:09}": note}
    changed = [path for path in files if not path.exists() or path.read_text(encoding="utf-8") != note]
    for path in changed:
        path.write_text(note, encoding="utf-8")
    return changed


def _commit(folder: Path, changed: Sequence[Path], size: int) -> None:
    porcelain.add(str(folder), [str(path) for path in changed])
    author = b"MeshAdvisor <meshadvisor@localhost>"
    porcelain.commit(str(folder), message=f"Checkpoint at {size} entries".encode(), author=author, committer=author)


@task
def send_checkpoint() -> list[str]:
    """Hand the newest checkpoint to every witness; the failures in words. One that fails keeps no other waiting."""
    newest = journal.checkpoint()
    if newest is None:
        return []
    failures = []
    for witness in read_witnesses(settings.WITNESSES):
        try:
            hand_over(newest.note, newest.size, witness)
        except WitnessError as error:
            failures.append(str(error))
    return failures
