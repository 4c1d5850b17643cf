"""The demo organisation."""

import re

import pytest

from decisions.management import demo
from decisions.management.demo import people
from decisions.models import Comment, Decision, Organisation, Outcome, Record, User
from meshadvisor import cli
from tests.web import dossier

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_the_demo_tells_of_two_teams_with_decisions_in_every_state(monkeypatch: pytest.MonkeyPatch) -> None:
    dossier.without_pages(monkeypatch)
    heard: list[str] = []

    organisation = demo.fill("a password", heard.append)

    decisions = Decision.objects.order_by("number")
    assert [(one.number, one.status, one.approach) for one in decisions] == [
        ("DR-0001", "deprecated", "ebpf-mesh"),
        ("DR-0002", "superseded", "cni-encryption"),
        ("DR-0003", "accepted", "no-mesh"),
        ("DR-0004", "rejected", "no-mesh"),
        ("DR-0005", "accepted", "cni-encryption"),
        ("DR-0006", "proposed", "ambient-mesh"),
        ("DR-0007", "draft", "ambient-mesh"),
    ]
    assert {one.team.name for one in decisions} == {"Ticketing", "Depots"}
    assert Record.objects.count() == 6
    assert Comment.objects.filter(record__decision__number="DR-0006").count() == 2
    check = Outcome.objects.get()
    assert (check.record.decision.number, check.stage, check.verdict) == ("DR-0005", 4, "go on")
    assert len(heard) == 7
    assert demo.is_here()
    with pytest.raises(demo.DemoError, match="organisation already"):
        demo.fill("another", heard.append)
    assert organisation.decisions.count() == 7


def test_a_second_start_gives_the_people_of_the_demo_a_password_and_nobody_else(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("meshadvisor.prepare.prepare_storage", lambda *_: None)
    people.settle("the first")
    own = User.objects.create(username="olga", email="olga@example.org", password="kept")

    assert cli.main(["demo"]) == 0

    (password,) = re.findall(r"with the password +(\S+)", capsys.readouterr().out)
    assert password != "the first"
    assert all(User.objects.get(username=one.username).check_password(password) for one in people.PEOPLE)
    own.refresh_from_db()
    assert own.password == "kept"


def test_the_demo_does_not_mix_with_an_organisation_of_ones_own() -> None:
    Organisation.objects.create(name="Acme", slug="acme")

    with pytest.raises(demo.DemoError, match="choose an empty directory"):
        demo.fill("a password", lambda line: None)
    assert Organisation.objects.count() == 1
