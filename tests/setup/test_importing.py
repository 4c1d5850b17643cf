"""`meshadvisor import`: records of others from the command line, kept once and under somebody's name."""

import json
import zipfile
from pathlib import Path

import pytest
from dulwich import porcelain

from decisions.models import Event, ImportedRecord, Role, Team
from meshadvisor import cli
from tests import factories

pytestmark = pytest.mark.django_db
RECORD = b"# Use X\n\n* Status: accepted\n* Date: 2020-05-06\n\n## Context\n\nc\n\n## Decision\n\nd\n"


@pytest.fixture
def team() -> Team:
    """A team of an organisation with one administrator."""
    team = factories.team()
    factories.member(team.organisation, Role.ADMINISTRATOR)
    return team


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two decisions and a text that is none."""
    place = tmp_path / "adr"
    place.mkdir()
    (place / "0001-x.md").write_bytes(RECORD)
    (place / "0002-y.md").write_bytes(RECORD.replace(b"Use X", b"Use Y"))
    (place / "template.md").write_bytes(RECORD)
    return place


def bring(place: Path, team: Team, *more: str) -> int:
    return cli.main(["import", str(place), "--organisation", team.organisation.slug, *more])


def test_records_are_kept_as_claimed_by_their_source(folder: Path, team: Team) -> None:
    assert bring(folder, team) == 0
    first, second = ImportedRecord.objects.order_by("path")
    assert (first.path, first.title, first.claimed_status, first.claimed_date) == (
        "0001-x.md",
        "Use X",
        "accepted",
        "2020-05-06",
    )
    assert (bytes(first.content), first.source, first.team, second.path) == (RECORD, "adr", team, "0002-y.md")
    assert Event.objects.get(act="imported").detail == {"team": team.name, "source": "adr", "records": 2}


def test_running_it_again_writes_nothing(folder: Path, team: Team, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    bring(folder, team)
    before = list(ImportedRecord.objects.values_list("pk", "imported_at"))
    capsysbinary.readouterr()
    assert bring(folder, team) == 0
    assert capsysbinary.readouterr().out.endswith(b"0 taken in, 2 were here already.\n")
    assert list(ImportedRecord.objects.values_list("pk", "imported_at")) == before
    assert Event.objects.filter(act="imported").count() == 1


def test_a_file_that_changed_is_kept_beside_what_it_was(folder: Path, team: Team) -> None:
    bring(folder, team)
    (folder / "0001-x.md").write_bytes(RECORD.replace(b"accepted", b"deprecated"))
    bring(folder, team)
    kept = ImportedRecord.objects.filter(path="0001-x.md").order_by("pk")
    assert [one.claimed_status for one in kept] == ["accepted", "deprecated"]
    assert ImportedRecord.objects.count() == 3


def test_a_zip_and_a_repository_are_taken_in_too(folder: Path, team: Team, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "records.zip", "w") as archive:
        archive.writestr("0001-x.md", RECORD)
    assert bring(tmp_path / "records.zip", team) == 0
    porcelain.init(str(folder)).close()
    porcelain.add(str(folder), [str(folder / "0001-x.md"), str(folder / "0002-y.md")])
    porcelain.commit(str(folder), message=b"x", author=b"A <a@example.org>", committer=b"A <a@example.org>")
    assert bring(folder / ".git", team) == 0
    assert sorted(ImportedRecord.objects.values_list("path", "source")) == [
        ("0001-x.md", "records.zip"),
        ("0002-y.md", ".git"),
    ]


def test_looking_keeps_nothing(folder: Path, team: Team) -> None:
    assert cli.main(["import", str(folder), "--dry-run"]) == 0
    assert not ImportedRecord.objects.exists()


def test_json_says_how_many_were_new(folder: Path, team: Team, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    bring(folder, team, "--format", "json")
    said = json.loads(capsysbinary.readouterr().out)
    assert (said["new"], said["already_here"], len(said["files"])) == (2, 0, 3)


def test_whoever_may_not_write_there_cannot_be_named(
    folder: Path, team: Team, capsys: pytest.CaptureFixture[str]
) -> None:
    reader = factories.member(team, Role.VIEWER)
    assert bring(folder, team, "--by", reader.username) == 2
    assert bring(folder, team, "--by", "nobody-at-all") == 2
    assert "is no author, approver or administrator" in capsys.readouterr().err
    assert not ImportedRecord.objects.exists()


def test_what_cannot_be_told_is_asked_for(folder: Path, team: Team, capsys: pytest.CaptureFixture[str]) -> None:
    other = factories.team(team.organisation)
    assert bring(folder, team) == 2
    assert {team.name, other.name} == set(capsys.readouterr().err.strip().partition("--team: ")[2].split(", "))
    assert cli.main(["import", str(folder), "--organisation", "none-such"]) == 2
    assert "there is no organisation 'none-such'" in capsys.readouterr().err
    factories.member(team.organisation, Role.ADMINISTRATOR)
    assert bring(folder, team, "--team", team.name) == 2
    assert "--by" in capsys.readouterr().err
