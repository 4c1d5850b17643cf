"""Work beside the pages: what is tried again, what an interrupted worker left behind, what is due regularly.

A task is a function under `django_tasks.task`, in the module of its trade. It is put in line inside the transaction
that asks for it: the row is in the same database, so the worker sees it when the transaction holds and never otherwise.
A worker can be killed at any moment and its task is begun anew, so every task can be done twice without harm.
"""

import datetime as dt
import os
import socket
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

WAITS = (10, 60, 300, 1800, 7200, 21600)
"""Seconds until the second, third, ... attempt of a task that depends on somebody else's server."""


@dataclass(frozen=True, kw_only=True)
class Regular:
    """A task without arguments that is due again and again."""

    path: str
    """Where it is: "decisions.module.task"."""
    every: dt.timedelta


REGULAR: tuple[Regular, ...] = (
    Regular(path="decisions.witness.send_checkpoint", every=dt.timedelta(days=1)),
    Regular(path="decisions.reassessment.look", every=dt.timedelta(hours=1)),
    Regular(path="decisions.due.remind", every=dt.timedelta(hours=12)),
    Regular(path="decisions.renewal.renew_all", every=dt.timedelta(hours=6)),
    Regular(path="decisions.api.forgetting.forget_answers", every=dt.timedelta(hours=6)),
    Regular(path="decisions.receiving.forget_uploads", every=dt.timedelta(hours=1)),
    Regular(path="decisions.branch.publish_all", every=dt.timedelta(minutes=10)),
)
"""What a worker puts in line by itself. Each is one line here."""


def try_again(task: Task, attempt: int, *arguments: object, waits: Sequence[int] = WAITS) -> bool:
    """Put a task in line once more with `attempt + 1` as its last argument; False when it was the last attempt.

    `attempt` counts from 1. Where tasks are done at once (in tests), nothing is put in line and the answer is False.
    """
    if attempt > len(waits) or not task.get_backend().supports_defer:
        return False
    later = timezone.now() + dt.timedelta(seconds=waits[attempt - 1])
    task.using(run_after=later).enqueue(*arguments, attempt + 1)
    return True


def worker_name() -> str:
    """A name that is never used twice and says where the worker lives: host, process, chance."""
    return f"{socket.gethostname()[:32]}/{os.getpid()}/{uuid.uuid4().hex[:12]}"


def take_back() -> int:
    """Put in line again what dead workers of this host were doing, and what was cut off by the end of its worker; how
    many tasks that were.
    """
    cut_off = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED, exception_class_path__in=CUT_OFF).update(
        status=TaskResultStatus.READY, started_at=None, finished_at=None, exception_class_path="", traceback=""
    )
    with transaction.atomic():
        running = DBTaskResult.objects.running().select_for_update()
        orphans = [one.pk for one in running if one.worker_ids and _is_dead(one.worker_ids[-1])]
        orphaned = DBTaskResult.objects.filter(pk__in=orphans, status=TaskResultStatus.RUNNING).update(
            status=TaskResultStatus.READY, started_at=None
        )
    return int(cut_off + orphaned)


CUT_OFF = ("builtins.KeyboardInterrupt", "builtins.SystemExit")
"""What a task fails with when its worker is told to stop a second time: nothing is wrong with the task."""


def _is_dead(worker: str) -> bool:
    host, _, rest = worker.partition("/")
    process = rest.partition("/")[0]
    if host != socket.gethostname()[:32] or not process.isdigit():
        return False
    return not Path(f"/proc/{process}").exists()


def put_due_in_line(now: dt.datetime, regular: Sequence[Regular] | None = None) -> list[str]:
    """Put in line the regular tasks whose time has come; their paths."""
    due = []
    for one in REGULAR if regular is None else regular:
        with transaction.atomic():
            if not DBTaskResult.objects.filter(task_path=one.path, enqueued_at__gt=now - one.every).exists():
                import_string(one.path).enqueue()
                due.append(one.path)
    return due


def forget_done(now: dt.datetime) -> int:
    """Forget tasks that ended two weeks ago; how many rows went. Longer than any regular task waits."""
    gone, _ = DBTaskResult.objects.finished().filter(finished_at__lt=now - dt.timedelta(days=14)).delete()
    return int(gone)
