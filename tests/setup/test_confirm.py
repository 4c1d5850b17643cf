"""`meshadvisor confirm`: the verdict on a stage as an exit code."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
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


def pipelines() -> list[dict[str, Any]]:
    text = (Path(__file__).parents[2] / "docs" / "confirming.md").read_text()
    return [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)]


def lines_of(value: object) -> Iterator[str]:
    """Every text of a pipeline, line by line."""
    if isinstance(value, dict):
        for one in value.values():
            yield from lines_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from lines_of(one)
    elif isinstance(value, str):
        yield from value.splitlines()


def test_the_pipelines_of_the_manual_use_no_action_or_image_of_others() -> None:
    made = pipelines()
    assert len(made) == 2
    for one in made:
        assert not {"uses", "image"} & set(keys_of(one))
        typed = [line for line in lines_of(one) if "pip install" in line and "-r" in line]
        assert all("--require-hashes" in line for line in typed)
        runs = [line for line in lines_of(one) if "meshadvisor confirm" in line]
        # A shell without pipefail takes the exit code of the last command of a pipe.
        assert all("|" not in line and "${{" not in line for line in runs)


def keys_of(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield str(key)
            yield from keys_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from keys_of(one)


@pytest.mark.parametrize(("p99", "code"), [(30.5, 0), (60.0, 1)])
@pytest.mark.parametrize("number", [0, 1])
def test_the_command_of_each_pipeline_ends_with_the_verdict(
    decision: Decision, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary, number: int, p99: float, code: int
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rollout").mkdir()
    written(tmp_path, "rollout/record.json", bytes(decision.newest_record().canonical))
    written(tmp_path, "rollout/before.json", pilot(30.0)[1])
    written(tmp_path, "after.json", pilot(p99)[1])
    (line,) = [one for one in lines_of(pipelines()[number]) if "meshadvisor confirm" in one]
    program, *words = shlex.split(line.replace('"$STAGE"', "0"))
    assert program == "venv/bin/meshadvisor"
    assert cli.main(words) == code
    assert capfdbinary.readouterr().out
