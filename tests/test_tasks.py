"""Work beside the pages, done by a real worker from a real line in the database."""

import datetime as dt
import os
import subprocess
import sys
from typing import Any

import pytest
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from decisions import sealing
from decisions.models import Edition, Record, Sealing
from decisions.signing.keystore import SealError
from decisions.tasks import WAITS, Regular, forget_done, put_due_in_line, take_back, worker_name
from tests.web import dossier
from tests.work import DONE, ask_a_server, note, work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def line(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks wait in the database, as in production; the worker keeps to the test's connection."""
    DONE.clear()
    settings.TASKS = {"default": settings.TASKS["line"]}
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)


def ended_process() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_task_waits_in_line_until_a_worker_does_it() -> None:
    note.enqueue("seal")
    assert DONE == []
    work()
    assert DONE == ["seal"]
    assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL


def test_what_a_killed_worker_was_doing_is_done_by_the_next() -> None:
    note.enqueue("seal")
    row = DBTaskResult.objects.get()
    row.claim(worker_name().replace(f"/{os.getpid()}/", f"/{ended_process()}/"))
    work()
    assert DONE == []

    assert take_back() == 1
    work()
    assert DONE == ["seal"]


def test_what_was_cut_off_by_the_end_of_its_worker_is_done_by_the_next_one() -> None:
    for name in ("cut off", "wrong"):
        note.enqueue(name)
    cut_off, wrong = DBTaskResult.objects.order_by("enqueued_at")
    cut_off.set_failed(SystemExit())
    wrong.set_failed(ValueError("not a number"))
    assert take_back() == 1
    work()
    assert DONE == ["cut off"]
    wrong.refresh_from_db()
    assert wrong.status == TaskResultStatus.FAILED


def test_what_a_living_worker_or_another_host_is_doing_is_left_alone() -> None:
    note.enqueue("here")
    note.enqueue("there")
    here, there = DBTaskResult.objects.order_by("enqueued_at")
    here.claim(worker_name())
    there.claim(f"elsewhere/{ended_process()}/abc")
    assert take_back() == 0


def test_a_task_that_failed_is_tried_again_later_and_not_for_ever() -> None:
    ask_a_server.enqueue("hook")
    work()
    first, second = DBTaskResult.objects.order_by("enqueued_at")
    assert first.return_value is True
    assert dt.timedelta(seconds=55) < second.run_after - timezone.now() <= dt.timedelta(seconds=60)

    for _ in range(2):
        DBTaskResult.objects.filter(status=TaskResultStatus.READY).update(run_after=timezone.now())
        work()
    assert DBTaskResult.objects.count() == 3
    assert DBTaskResult.objects.order_by("enqueued_at").last().return_value is False


def test_a_regular_task_is_put_in_line_once_in_its_time() -> None:
    regular = (Regular(path="tests.work.note", every=dt.timedelta(hours=1)),)
    now = timezone.now()
    assert put_due_in_line(now, regular) == ["tests.work.note"]
    assert put_due_in_line(now + dt.timedelta(minutes=59), regular) == []
    work()
    assert put_due_in_line(now + dt.timedelta(minutes=61), regular) == ["tests.work.note"]
    assert DONE == ["regular"]


def test_what_ended_two_weeks_ago_is_forgotten_and_what_waits_is_not() -> None:
    note.enqueue("old")
    work()
    note.enqueue("waits")
    now = timezone.now()
    assert forget_done(now + dt.timedelta(days=13)) == 0
    assert forget_done(now + dt.timedelta(days=15)) == 1
    assert DBTaskResult.objects.get().status == TaskResultStatus.READY


def test_a_pdf_is_sealed_by_the_worker_and_tried_again_until_the_key_can_be_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On the real line: nothing is sealed with the act, a failure is shown and waits, and the next attempt makes it."""
    fails = iter([SealError("the token is not there"), SealError("the token is not there"), None])

    def make(record: Record, edition: Edition, now: dt.datetime) -> sealing.Made:
        if problem := next(fails):
            raise problem
        return sealing.Made(pdf=b"%PDF-1.7")

    monkeypatch.setattr(sealing, "make", make)
    decision = dossier.proposed()
    record = decision.newest_record()
    assert record is not None
    assert Sealing.objects.get().state == "waiting"
    assert record.rendering("pdf") is None
    for attempt in (1, 2):
        work()
        row = Sealing.objects.get()
        assert (row.state, row.attempts, row.problem) == ("waiting", attempt, "the token is not there")
        line = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path="decisions.sealing.seal_record")
        assert line.get().run_after > timezone.now(), "it is not tried again at once"
        line.update(run_after=timezone.now())
    work()
    row = Sealing.objects.get()
    assert (row.state, row.attempts, row.problem) == ("done", 3, "")
    assert record.rendering("pdf") is not None


def test_a_pdf_that_cannot_be_sealed_is_given_up_after_six_attempts_and_can_be_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def make(*_: object) -> sealing.Made:
        message = "the token is not there"
        raise SealError(message)

    monkeypatch.setattr(sealing, "make", make)
    dossier.proposed()
    for _ in range(len(WAITS) + 2):
        work()
        DBTaskResult.objects.filter(status=TaskResultStatus.READY).update(run_after=timezone.now())
    row = Sealing.objects.get()
    assert (row.state, row.attempts) == ("failed", len(WAITS) + 1)
    monkeypatch.setattr(sealing, "make", lambda *_: sealing.Made(pdf=b"%PDF-1.7"))
    sealing.attempted(row)
    assert Sealing.objects.get().state == "done"
