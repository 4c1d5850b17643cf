"""Checkpoints in other people's hands."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from decisions import issue, journal
from decisions.models import Decision
from decisions.witness import WitnessError, read_witnesses, send_checkpoint
from tests.factories import NOW
from tests.web import dossier

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision(monkeypatch: pytest.MonkeyPatch) -> Decision:
    dossier.without_pages(monkeypatch)
    return dossier.accepted()


def test_a_directory_gets_the_newest_and_keeps_the_older_ones(
    decision: Decision, tmp_path: Path, settings: Any
) -> None:
    settings.WITNESSES = [f"dir:{tmp_path}"]
    assert send_checkpoint.call() == []
    issue.deprecate(decision, dossier.approver(decision), "By hand.", NOW)
    assert send_checkpoint.call() == []
    newest = journal.checkpoint()
    assert newest is not None
    assert (tmp_path / "checkpoint").read_text() == newest.note
    assert sorted(one.name for one in (tmp_path / "checkpoints").iterdir()) == ["000000005", "000000006"]


def test_a_repository_gets_a_commit_for_each_and_none_for_nothing_new(
    decision: Decision, tmp_path: Path, settings: Any
) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    settings.WITNESSES = [f"git:{tmp_path}"]
    assert send_checkpoint.call() == []
    assert send_checkpoint.call() == []
    log = subprocess.run(
        ["git", "-C", str(tmp_path), "log", "--format=%s", "--name-only"], check=True, capture_output=True, text=True
    )
    assert log.stdout.split("\n") == ["Checkpoint at 5 entries", "", "checkpoint", "checkpoints/000000005", ""]
    status = subprocess.run(["git", "-C", str(tmp_path), "status", "--porcelain"], capture_output=True, check=True)
    assert status.stdout == b""


def test_mail_carries_the_note_as_it_is(decision: Decision, settings: Any) -> None:
    settings.WITNESSES = ["mail:auditor@example.org"]
    assert send_checkpoint.call() == []
    (sent,) = mail.outbox
    newest = journal.checkpoint()
    assert newest is not None
    assert sent.to == ["auditor@example.org"]
    assert sent.body.startswith(newest.note)


def test_one_witness_that_is_away_keeps_no_other_waiting(decision: Decision, tmp_path: Path, settings: Any) -> None:
    settings.WITNESSES = [f"git:{tmp_path / 'nowhere'}", f"dir:{tmp_path / 'there'}"]
    (failure,) = send_checkpoint.call()
    assert failure.startswith(f"the checkpoint could not be given to git:{tmp_path / 'nowhere'}")
    assert (tmp_path / "there" / "checkpoint").is_file()


def test_what_names_no_witness_is_refused() -> None:
    with pytest.raises(WitnessError, match="'ftp:x' names no witness"):
        read_witnesses(["ftp:x"])
