"""What the commands that need no database print, and with which exit code."""

import io
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from decisions.advisor.record import document
from decisions.management.demo.story import content
from decisions.rendering import pdf
from decisions.signing.seal import Seal, ensure_seal, seal_pdf
from decisions.signing.verify import MOST_BYTES
from meshadvisor import cli
from meshadvisor.commands import read_input
from tests.sample_record import sample

CASE = """
schema: meshadvisor-case/1
title: Encrypt between the nodes
requirements:
  encryption_between_nodes:
    need: must
    evidence: {kind: policy, who: security, reference: Network policy 4.2}
    simplest_fix: {outcome: not_tried}
context: {cni_can_encrypt: "yes", cloud_encryption_accepted: "no"}
baseline: {clusters: 1, nodes: 12, pods: 300, services: 40, peak_rps: 900, p99_ms: 80, slo_p99_ms: 200, cni: Cilium}
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A small case document."""
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    return path


def test_advise_answers_in_the_documented_json(case: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert cli.main(["advise", str(case), "--format", "json"]) == 0

    answer = json.loads(capsysbinary.readouterr().out)
    assert list(answer) == [
        *("recommended", "ranking", "demoted", "assumptions", "flips", "plan", "catalogue_version", "engine_version"),
    ]
    assert answer["recommended"]["approach"] == "cni-encryption"
    assert {one["approach"] for one in answer["ranking"]} == {
        *("no-mesh", "cni-encryption", "ebpf-mesh", "ambient-mesh", "sidecar-mesh"),
    }
    for one in answer["ranking"]:
        assert one["reasons"]
        assert one["hours_per_month"]["low"] <= one["hours_per_month"]["likely"] <= one["hours_per_month"]["high"]


@pytest.mark.parametrize(("form", "start"), [("text", "ENCRYPT BETWEEN THE NODES"), ("markdown", "---\n")])
def test_advise_answers_in_words(case: Path, form: str, start: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert cli.main(["advise", str(case), "--format", form]) == 0
    assert capsysbinary.readouterr().out.decode().startswith(start)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("schema: meshadvisor-case/1\ntitle: T\nbaseline: {nodes: -3}", "baseline.nodes"),
        ("schema: meshadvisor-case/1\ntitle: T\nbasline: {}", "did you mean baseline"),
        ("[1, 2", "YAML"),
        ("", "the document is empty"),
    ],
)
def test_a_case_that_cannot_be_used_is_refused_with_its_place(
    text: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")

    assert cli.main(["advise", str(path)]) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert message in said.err


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "case.yaml").write_bytes(b"\xff\xfe\x00\x80")

    assert cli.main(["advise", str(tmp_path / "missing.yaml")]) == 2
    assert "No such file" in capsys.readouterr().err
    assert cli.main(["advise", str(tmp_path / "case.yaml")]) == 2
    assert "not a text in UTF-8" in capsys.readouterr().err


def test_advise_needs_neither_django_nor_a_data_directory(case: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from meshadvisor import cli; code = cli.main(['advise', sys.argv[1], '--format', 'json']);"
        "print([one for one in ('django', 'weasyprint', 'pyhanko') if one in sys.modules], file=sys.stderr);"
        "sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(case)],
        cwd=tmp_path,
        env={"PATH": "/usr/bin", "PYTHONPATH": str(Path(__file__).parents[2]), "LC_ALL": "C"},
        check=True,
        capture_output=True,
    )

    assert done.stderr.decode().strip() == "[]"
    assert json.loads(done.stdout)["recommended"]["product"]
    assert [path.name for path in tmp_path.iterdir()] == ["case.yaml"]


def test_inspect_answers_for_every_file_also_for_one_it_cannot_read(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "k6.json").write_bytes(content("journey-search-k6.json"))
    (tmp_path / "letter.txt").write_text("Dear all, the cluster is slow.\n", encoding="utf-8")

    assert cli.main(["inspect", str(tmp_path / "k6.json"), str(tmp_path / "letter.txt")]) == 0

    first, second = json.loads(capsysbinary.readouterr().out)
    assert (first["tool"], first["requests"], first["latency_ms"]["p99"]) == ("k6", 1_080_000, 64.0)
    assert second["kind"] == "refused"
    assert second["advice"]


def test_inspect_fails_when_nothing_could_be_read_and_still_answers(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "letter.txt").write_text("Dear all, the cluster is slow.\n", encoding="utf-8")

    assert cli.main(["inspect", str(tmp_path / "letter.txt")]) == 2

    printed = capsysbinary.readouterr()
    (refused,) = json.loads(printed.out)
    assert refused["advice"] in printed.err.decode()


def test_inspect_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content("ticket-purchase-k6.json"))))

    assert cli.main(["inspect", "-"]) == 0
    assert json.loads(capsysbinary.readouterr().out)[0]["achieved_rps"] == 1250.0


def test_project_answers_for_every_row(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (tmp_path / "rows.yaml").write_text("rows:\n- {id: r1, option: something-unknown, metric: latency_p99}\n")

    assert cli.main(["project", str(tmp_path / "rows.yaml")]) == 0

    (row,) = json.loads(capsysbinary.readouterr().out)
    assert row["id"] == "r1"
    assert row["unsupported"]


@pytest.mark.parametrize("text", ["rows: 3", "- 1\n- 2", "{", "just text"])
def test_rows_of_another_shape_are_refused(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "rows.yaml").write_text(text)

    assert cli.main(["project", str(tmp_path / "rows.yaml")]) == 2
    assert re.search("list of rows|neither YAML nor JSON", capsys.readouterr().err)


@pytest.fixture(scope="module")
def seal(tmp_path_factory: pytest.TempPathFactory) -> Seal:
    """The seal of an instance."""
    return ensure_seal(tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def record(seal: Seal) -> bytes:
    """A sealed record."""
    unsealed = pdf.render(document(sample()), sealed=True)
    return seal_pdf(unsealed, seal, "Decision record", datetime.now(UTC))


def test_verify_says_valid_not_valid_or_unreadable_with_its_exit_code(
    seal: Seal, record: bytes, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    file, trust = tmp_path / "DR-0042.pdf", tmp_path / "authority.pem"
    file.write_bytes(record)
    trust.write_bytes(seal.trust_pem)

    assert cli.main(["verify", str(file), "--trust", str(trust)]) == 0
    assert capsysbinary.readouterr().out.startswith(b"VALID")

    middle = len(record) // 2
    file.write_bytes(record[:middle] + bytes([record[middle] ^ 1]) + record[middle + 1 :])
    assert cli.main(["verify", str(file), "--trust", str(trust)]) == 1
    assert capsysbinary.readouterr().out.startswith(b"NOT VALID")

    file.write_bytes(b"Dear all")
    assert cli.main(["verify", str(file), "--trust", str(trust), "--format", "json"]) == 2
    assert json.loads(capsysbinary.readouterr().out)["verdict"] == "unreadable"


@pytest.mark.parametrize("content", [None, b"", b"%PDF-1.7\n", b"\x00" * (MOST_BYTES + 1), b'{"schema":"other/1"}'])
def test_verify_answers_two_where_there_is_nothing_to_check(content: bytes | None, tmp_path: Path) -> None:
    """A directory, nothing, half a PDF, too much, and something else: each with a sentence, none with a traceback."""
    file = tmp_path / "given"
    file.mkdir() if content is None else file.write_bytes(content)
    assert cli.main(["verify", str(file)]) == 2
    assert cli.main(["verify", str(tmp_path / "nowhere")]) == 2
    assert cli.main(["verify", str(file), "--known", "61bf"]) == 2


def test_verify_reads_no_more_of_a_file_than_a_record_may_have() -> None:
    assert len(read_input("/dev/zero", most=1000)) == 1001


def test_a_record_sealed_by_somebody_else_is_not_valid(record: bytes, tmp_path: Path) -> None:
    file, trust = tmp_path / "DR-0042.pdf", tmp_path / "authority.pem"
    file.write_bytes(record)
    trust.write_bytes(ensure_seal(tmp_path / "stranger").trust_pem)

    assert cli.main(["verify", str(file), "--trust", str(trust)]) == 1


def test_a_trust_file_without_a_certificate_is_refused(
    record: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, trust = tmp_path / "DR-0042.pdf", tmp_path / "authority.pem"
    file.write_bytes(record)
    trust.write_text("no certificate")

    assert cli.main(["verify", str(file), "--trust", str(trust)]) == 2
    assert "no certificate" in capsys.readouterr().err


def test_export_from_a_directory_without_an_instance_says_where_it_looked(tmp_path: Path) -> None:
    command = [
        sys.executable,
        str(Path(__file__).parents[2] / "manage.py"),
        "export",
        "--all",
        "-o",
        str(tmp_path / "out"),
    ]
    environment = {**os.environ, "DATA_DIR": str(tmp_path / "empty"), "DATABASE_URL": ""}
    environment["DJANGO_SETTINGS_MODULE"] = "meshadvisor.settings"
    ended = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert ended.returncode == 2
    assert str(tmp_path / "empty") in ended.stderr
    assert "Traceback" not in ended.stderr
