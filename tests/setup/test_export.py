"""`meshadvisor export`: the kept bytes, and nothing else."""

import datetime as dt
import hashlib
from pathlib import Path

import pytest

from decisions.models import Decision, Organisation, Record, Rendering, System, Team, User
from meshadvisor import cli

NOW = dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def record(db: None) -> Record:
    """A record of DR-0007 at the organisation "acme", without files yet."""
    organisation = Organisation.objects.create(name="Acme", slug="acme")
    team = Team.objects.create(organisation=organisation, name="Platform")
    author = User.objects.create(username="noor")
    decision = Decision.objects.create(
        organisation=organisation,
        number="DR-0007",
        title="Encrypt between nodes",
        team=team,
        system=System.objects.create(organisation=organisation, team=team, name="Production"),
        author=author,
        created_at=NOW,
        changed_at=NOW,
    )
    return Record.objects.create(
        decision=decision, revision=1, inputs={}, canonical=b"{}", digest="0" * 64, created_at=NOW
    )


def keep(record: Record, kind: str, edition: str, content: bytes, *, sha256: str = "") -> None:
    """Keep a file of the record."""
    Rendering.objects.create(
        record=record,
        kind=kind,
        edition=edition,
        content=content,
        sha256=sha256 or hashlib.sha256(content).hexdigest(),
        created_at=NOW,
    )


def test_all_writes_the_newest_edition_of_each_record(record: Record, tmp_path: Path) -> None:
    keep(record, "pdf", "proposed", b"proposed")
    keep(record, "pdf", "accepted", b"accepted")
    keep(record, "md", "proposed", b"# text")

    assert cli.main(["export", "--all", "--format", "pdf", "-o", str(tmp_path / "out")]) == 0

    written = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert written == {"acme-DR-0007-r1.pdf": b"accepted"}


def test_a_number_writes_that_decision_in_the_format_asked_for(record: Record, tmp_path: Path) -> None:
    keep(record, "md", "proposed", b"# text")

    assert cli.main(["export", "DR-0007", "--format", "md", "-o", str(tmp_path)]) == 0
    assert (tmp_path / "acme-DR-0007-r1.md").read_bytes() == b"# text"


def test_a_number_without_a_record_is_refused(
    record: Record, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(record, "pdf", "proposed", b"proposed")

    assert cli.main(["export", "DR-0007", "DR-0008", "-o", str(tmp_path)]) == 2
    assert "DR-0008" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_bytes_that_were_altered_in_the_database_are_not_written(
    record: Record, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(record, "pdf", "proposed", b"altered", sha256=hashlib.sha256(b"original").hexdigest())

    assert cli.main(["export", "--all", "-o", str(tmp_path)]) == 1
    assert "altered" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_without_all_and_without_a_number_it_asks_which(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["export", "-o", str(tmp_path)])
    assert left.value.code == 2
