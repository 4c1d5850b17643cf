"""`meshadvisor confirm`: the verdict on a stage as an exit code."""

import json
from pathlib import Path

import pytest
from django.test import Client

from decisions.models import Decision
from meshadvisor import cli
from tests.web import dossier
from tests.web.test_measured import wrk
from tests.web.test_pilot import check, decided, keep_check, pilot

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision(client: Client, monkeypatch: pytest.MonkeyPatch) -> Decision:
    dossier.without_pages(monkeypatch)
    return decided(client)


def written(folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.write_bytes(data)
    return str(path)


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (pilot(30.5)[1], 0, "GO ON"),
        (pilot(36.0)[1], 1, "HOLD"),
        (pilot(60.0)[1], 1, "GO BACK"),
        (wrk(p99=31, requests=90000, seconds=60.0), 2, "NOT COMPARABLE"),
    ],
)
def test_the_exit_code_is_the_verdict(
    decision: Decision, tmp_path: Path, capfdbinary, data: bytes, code: int, said: str
) -> None:
    assert cli.main(["confirm", decision.number, written(tmp_path, "after.txt", data)]) == code
    assert capfdbinary.readouterr().out.decode().startswith(said)


def test_without_files_the_newest_kept_check_answers(client: Client, decision: Decision, capfdbinary) -> None:
    assert cli.main(["confirm", decision.number]) == 2
    assert b"no check" in capfdbinary.readouterr().err
    keep_check(client, decision, check(client, decision, pilot(60.0)))
    assert cli.main(["confirm", decision.number, "--format", "json"]) == 1
    found = json.loads(capfdbinary.readouterr().out)
    assert (found["schema"], found["judgement"]["verdict"]) == ("meshadvisor-outcome/1", "go back")


def test_a_record_in_a_file_needs_no_kept_decision(decision: Decision, tmp_path: Path, capfdbinary) -> None:
    record = written(tmp_path, "record.json", bytes(decision.newest_record().canonical))
    after = written(tmp_path, "after.txt", pilot(60.0)[1])
    assert cli.main(["confirm", record, after]) == 2
    assert b"--baseline" in capfdbinary.readouterr().err
    before = written(tmp_path, "before.txt", pilot(30.0)[1])
    assert cli.main(["confirm", record, after, "--baseline", before]) == 1
    broken = written(tmp_path, "broken.json", b'{"schema": "other"}')
    assert cli.main(["confirm", broken, after, "--baseline", before]) == 2


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["DR-9999"], "no decision DR-9999"),
        (["DR-0001", "FILE", "--stage", "99"], "the plan has no stage 99"),
        (["DR-0001", "/nowhere/after.txt"], "cannot read"),
        (["DR-0001", "JUNK"], "after.bin"),
    ],
)
def test_what_cannot_be_checked_is_refused_with_the_reason(
    decision: Decision, tmp_path: Path, capfdbinary, words: list[str], why: str
) -> None:
    files = {
        "DR-0001": decision.number,
        "FILE": written(tmp_path, "after.txt", pilot(31.0)[1]),
        "JUNK": written(tmp_path, "after.bin", b"\xff\xd8\xff no measurement"),
    }
    assert cli.main(["confirm", *(files.get(word, word) for word in words)]) == 2
    assert why in capfdbinary.readouterr().err.decode()
