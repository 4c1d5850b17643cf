"""The decisions as a tree of documents, and as a git branch that only grows."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from dulwich.objects import Commit
from dulwich.refs import Ref
from dulwich.repo import Repo

from decisions import branch, tree
from decisions.advisor.record import canonical, digest, document
from decisions.intake.adr import Kind, files_at, read
from decisions.models import Decision, Organisation, Record, Status, Team
from decisions.models.succession import follow
from decisions.rendering.flavours import FLAVOURS
from meshadvisor import cli
from tests import factories
from tests.factories import NOW
from tests.sample_record import sample

pytestmark = pytest.mark.django_db
REF = Ref(b"refs/heads/decisions")


def filed(team: Team, title: str, status: Status = Status.ACCEPTED, *, days: int = 0) -> Decision:
    decision = factories.decision(of=team, title=title, status=status, decided_at=NOW + dt.timedelta(days=days))
    record = sample()
    about = replace(record.about, number=decision.number, title=title, supersedes=())
    data = canonical(document(replace(record, about=about)))
    Record.objects.create(decision=decision, revision=1, inputs={}, canonical=data, digest=digest(data), created_at=NOW)
    return decision


@pytest.fixture
def organisation() -> Organisation:
    """Two accepted decisions, one that was superseded by the second of them, and a draft."""
    team = factories.team(factories.organisation("Nordlicht & Söhne"))
    old = filed(team, "Old", Status.SUPERSEDED)
    new = filed(team, "New: `x` <b>", days=2)
    follow(new, old)
    filed(team, "Other", Status.REJECTED, days=1)
    factories.decision(of=team, title="Draft")
    return team.organisation


def bare(path: Path) -> Path:
    Repo.init_bare(str(path), mkdir=True).close()
    return path


def history(path: Path) -> list[Commit]:
    with Repo(str(path)) as repository:
        return [entry.commit for entry in repository.get_walker(include=[repository.refs[REF]], reverse=True)]


@pytest.mark.parametrize("flavour", [one.name for one in FLAVOURS])
def test_the_tree_reads_back_as_it_stands(organisation: Organisation, tmp_path: Path, flavour: str) -> None:
    tree.write(organisation, tree.flavour_of(flavour), tmp_path)
    entries = {one.decision.number: one for one in read(files_at(str(tmp_path / "docs" / "adr")))}
    assert {number: one.decision.status for number, one in entries.items()} == {
        1: "superseded",
        2: "accepted",
        3: "rejected",
    }
    assert all(one.decision.kind is Kind.ADR for one in entries.values())
    assert entries[1].superseded_by == ("0002-dr-0002.md",)


def test_the_tree_has_what_each_tool_looks_for(organisation: Organisation, tmp_path: Path) -> None:
    tree.write(organisation, tree.flavour_of("madr"), tmp_path)
    assert (tmp_path / ".adr-dir").read_text() == "docs/adr\n"
    assert yaml.safe_load((tmp_path / ".log4brains.yml").read_text())["project"]["adrFolder"] == "./docs/adr"
    assert yaml.safe_load((tmp_path / "mkdocs.yml").read_text())["docs_dir"] == "docs"
    component = yaml.safe_load((tmp_path / "catalog-info.yaml").read_text())
    assert component["metadata"]["annotations"]["backstage.io/adr-location"] == "docs/adr"
    assert "(adr/0002-dr-0002.md)" in (tmp_path / "docs" / "index.md").read_text()


def test_a_second_writing_touches_nothing_and_a_new_title_keeps_the_file(
    organisation: Organisation, tmp_path: Path
) -> None:
    flavour = tree.flavour_of("madr")
    before = tree.write(organisation, flavour, tmp_path)
    assert tree.write(organisation, flavour, tmp_path) == []
    Decision.objects.filter(number="DR-0003").update(status=Status.DEPRECATED)
    changed = {path.name for path in tree.write(organisation, flavour, tmp_path)}
    assert changed == {"0003-dr-0003.md", "index.md"}
    assert len(before) == 8


def test_the_branch_has_a_commit_for_each_decision_by_its_author(organisation: Organisation, tmp_path: Path) -> None:
    target = bare(tmp_path / "decisions.git")
    branch.publish(organisation, target, "decisions")
    commits = history(target)
    assert [commit.message.decode().strip() for commit in commits] == [
        "DR-0001 superseded: Old",
        "DR-0003 rejected: Other",
        "DR-0002 accepted: New: `x` <b>",
        "The list of decisions",
    ]
    author = Decision.objects.get(number="DR-0001").author
    assert commits[0].author.decode().startswith(f"{author.name} <")
    assert commits[0].author_time == int(NOW.timestamp())
    assert branch.publish(organisation, target, "decisions") == []
    assert history(target) == commits


def test_the_branch_grows_on_what_others_put_there(organisation: Organisation, tmp_path: Path) -> None:
    target = bare(tmp_path / "decisions.git")
    branch.publish(organisation, target, "decisions")
    with Repo(str(target)) as repository:
        tip = repository.refs[REF]
        other = Commit()
        other.tree, other.parents = repository[tip].tree, [tip]
        other.author = other.committer = b"Somebody <s@example.org>"
        other.author_time = other.commit_time = other.author_timezone = other.commit_timezone = 0
        other.message = b"Theirs"
        repository.object_store.add_object(other)
        repository.refs[REF] = other.id
    Decision.objects.filter(number="DR-0003").update(status=Status.DEPRECATED)
    assert branch.publish(organisation, target, "decisions") == ["DR-0003 deprecated: Other", "The list of decisions"]
    assert other.id in {commit.id for commit in history(target)}


def test_a_branch_that_moves_meanwhile_is_never_forced(
    organisation: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = bare(tmp_path / "decisions.git")
    branch.publish(organisation, target, "decisions")
    Decision.objects.filter(number="DR-0003").update(status=Status.DEPRECATED)
    first = history(target)[0].id
    commit = branch._commit

    def commit_while_somebody_moves_it(repository: Repo, *rest: object) -> object:
        repository.refs[REF] = first
        return commit(repository, *rest)

    monkeypatch.setattr(branch, "_commit", commit_while_somebody_moves_it)
    with pytest.raises(branch.BranchError, match="moved meanwhile"):
        branch.publish(organisation, target, "decisions")
    assert [one.id for one in history(target)] == [first]


def test_a_branch_that_is_checked_out_is_refused(organisation: Organisation, tmp_path: Path) -> None:
    with Repo.init(str(tmp_path)) as repository:
        repository.refs.set_symbolic_ref(Ref(b"HEAD"), REF)
    with pytest.raises(branch.BranchError, match="checked out"):
        branch.publish(organisation, tmp_path, "decisions")


def test_names_cannot_break_out_of_the_commit(organisation: Organisation, tmp_path: Path) -> None:
    author = Decision.objects.get(number="DR-0001").author
    author.first_name, author.last_name, author.email = "Eve\n", "<x@y>", "a@b>\nparent 0"
    author.save()
    target = bare(tmp_path / "decisions.git")
    branch.publish(organisation, target, "decisions")
    assert history(target)[0].author == b"Eve x@y <a@bparent 0>"


@pytest.mark.parametrize("word", ["nordlicht", "=/path#x", "nordlicht="])
def test_a_setting_that_names_no_branch_is_refused(word: str) -> None:
    with pytest.raises(branch.BranchError, match="names no branch"):
        branch.read_targets([word])


def test_the_regular_task_names_what_failed_and_does_the_rest(
    organisation: Organisation, tmp_path: Path, settings: object
) -> None:
    target = bare(tmp_path / "decisions.git")
    settings.EXPORT_BRANCHES = ["nobody=/x", f"{organisation.slug}={tmp_path}/none", f"{organisation.slug}={target}"]  # type: ignore[attr-defined]
    failures = branch.publish_all.func()
    assert failures[0] == "there is no organisation 'nobody'"
    assert len(failures) == 2
    assert len(history(target)) == 4


def test_the_command_writes_both(
    organisation: Organisation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["export", "--tree", "--organisation", organisation.slug, "-o", str(tmp_path / "site")]) == 0
    assert "0001-dr-0001.md" in capsys.readouterr().out
    target = bare(tmp_path / "decisions.git")
    arguments = ["export", "--branch", "decisions", "--organisation", organisation.slug, "-o", str(target)]
    assert cli.main(arguments) == 0
    capsys.readouterr()
    assert cli.main(arguments) == 0
    assert capsys.readouterr().out == "Nothing changed.\n"
    assert cli.main(["export", "--tree", "--organisation", "nobody", "-o", str(tmp_path)]) == 2
