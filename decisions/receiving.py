"""Large uploads, read beside the pages: spooled to disk, read by a worker, to be followed and to be called off.

The files are deleted when they are read, when the upload is called off, and when reading fails; what a crash leaves is
swept away within hours. A reading that was interrupted begins anew, once.
"""

import datetime as dt
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from decisions import spool
from decisions.intake import read_together
from decisions.measuring import packed
from decisions.models import Decision, Progress, System, Upload, User
from decisions.models.prometheus import OPEN

AT_ONCE = 2 << 20
"""So many bytes are read while the person waits; more are spooled."""
GROWTH = 50
"""What packed files are taken to grow: a small one can hold a large list."""
PACKED = (b"\x1f\x8b", b"PK\x03\x04")
ATTEMPTS = 2
KEPT_FOR = dt.timedelta(hours=24)
"""What was read and not looked at is forgotten after this."""
INTERRUPTED = (
    "Reading was interrupted twice, perhaps because the server has too little memory for it. Upload a summary instead "
    "of raw samples, or slim the cluster list with the command below."
)
MISSING = (
    "The worker does not find the uploaded file. It must share DATA_DIR with the web server; upload the file again "
    "when it does."
)
FAILED = "Reading failed because of a fault of this program, which is in its log now. The file was deleted."


class Ended(Exception):  # noqa: N818 - it is what the upload is
    """The upload was called off, or somebody else ended it."""


def takes_long(files: Sequence[tuple[str, BinaryIO]]) -> bool:
    """Whether reading these takes longer than a person should wait for a page."""
    return sum(_weight(file) for _, file in files) > AT_ONCE


def _weight(file: BinaryIO) -> int:
    file.seek(0)
    is_packed = file.read(4).startswith(PACKED)
    size = file.seek(0, 2)
    file.seek(0)
    return size * GROWTH if is_packed else size


def receive(about: Decision | System, user: User, files: Sequence[tuple[str, BinaryIO]]) -> Upload:
    """Spool the files and put their reading in line. Raises OSError when the disk is full."""
    kept: list[dict[str, Any]] = []
    try:
        for name, file in files:
            one = spool.put(file)
            kept.append({"name": name, "key": one.key, "size": one.size, "sha256": one.sha256})
        with transaction.atomic():
            upload = Upload.objects.create(
                decision=about if isinstance(about, Decision) else None,
                system=about if isinstance(about, System) else None,
                sent_by=user,
                sent_at=timezone.now(),
                files=kept,
                total=sum(one["size"] for one in kept),
            )
            read_upload.enqueue(upload.pk)
    except BaseException:
        spool.drop([one["key"] for one in kept])
        raise
    return upload


def keep_read(decision: Decision, user: User, found: list[dict[str, Any]]) -> Upload:
    """Hold what was read at once until it is kept or left out, like an upload that was read beside the pages.

    One for each person and draft: what they read before and did not keep goes.
    """
    with transaction.atomic():
        Upload.objects.filter(decision=decision, sent_by=user, status=Progress.DONE, total=0).delete()
        return Upload.objects.create(
            decision=decision,
            sent_by=user,
            sent_at=timezone.now(),
            files=[{"name": one["file"], "key": "", "size": one["size"], "sha256": one["sha256"]} for one in found],
            status=Progress.DONE,
            packed=found,
        )


def call_off(upload: Upload) -> bool:
    """End an upload that was not read yet and delete its files; whether it was in time."""
    was_open = Upload.objects.move(upload.pk, OPEN, status=Progress.CANCELLED, now="")
    spool.drop(upload.keys)
    return was_open


@task
def read_upload(key: int) -> None:
    """Read the files and keep what they gave with the upload; the files go, whatever happens."""
    upload = Upload.objects.filter(pk=key).first()
    if upload is None:
        return
    attempt = upload.attempts + 1
    if attempt > ATTEMPTS:
        _end(upload, Progress.FAILED, problem=INTERRUPTED)
        return
    if not Upload.objects.move(key, OPEN, status=Progress.RUNNING, attempts=attempt, done=0):
        spool.drop(upload.keys)
        return
    try:
        found = _read(upload)
    except Ended:
        spool.drop(upload.keys)
    except FileNotFoundError:
        _end(upload, Progress.FAILED, problem=MISSING)
    except Exception:
        _end(upload, Progress.FAILED, problem=FAILED)
        raise
    else:
        _end(upload, Progress.DONE, packed=found, done=upload.total)


def _end(upload: Upload, status: Progress, **changes: object) -> None:
    Upload.objects.move(upload.pk, OPEN, status=status, now="", **changes)
    spool.drop(upload.keys)


def _read(upload: Upload) -> list[dict[str, Any]]:
    sizes = [int(one["size"]) for one in upload.files]

    def tell(place: int, share: float) -> None:
        """Note how far reading is; called every few megabytes. Raises Ended."""
        done = sum(sizes[:place]) + round(sizes[place] * share)
        name = str(upload.files[place]["name"])
        if not Upload.objects.move(upload.pk, (Progress.RUNNING,), done=done, now=name):
            raise Ended

    with ExitStack() as stack:
        files = [(one["name"], stack.enter_context(spool.opened(one["key"]))) for one in upload.files]
        return [packed(one) for one in read_together(files, tell)]


@task
def forget_uploads() -> int:
    """Forget uploads that are older than a day and sweep the spool; how many files were left in it."""
    now = timezone.now()
    for old in Upload.objects.filter(sent_at__lt=now - KEPT_FOR):
        spool.drop(old.keys)
        old.delete()
    wanted = {key for one in Upload.objects.filter(status__in=OPEN) for key in one.keys}
    return spool.sweep(wanted, now)
