"""Sealing with a time-stamp service: the level that is reached, what its outage costs, and stamping anew in time."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from decisions import renewal, sealing, stamps
from decisions.audit import audit
from decisions.models import Rendering, Sealing
from decisions.signing.verify import Trust, check
from meshadvisor import cli
from tests.timestamping import TimeStampService, running
from tests.web import dossier

pytestmark = pytest.mark.django_db


@pytest.fixture
def tsa(settings: Any, tmp_path: Path) -> Iterator[TimeStampService]:
    """A service that the settings name, which requests may go to."""
    with running(tmp_path / "tsa") as service:
        settings.TSA = service.address
        settings.TSA_ROOTS = tmp_path / "tsa" / "root.pem"
        settings.OUTBOUND_ALLOWED = [dossier.LOOPBACK]
        stamps._roots.cache_clear()
        yield service
    stamps._roots.cache_clear()


@pytest.fixture(autouse=True)
def a_short_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Laying out a whole record takes seconds and is not what this is about; it is sealed and stamped all the same."""
    dossier.with_short_pages(monkeypatch)


def timestamp(pdf: bytes) -> tuple[str, str]:
    trust = Trust(authorities=sealing.instance_seal().trusted, stamp_roots=stamps.roots())
    return next((one.state, one.said) for one in check(pdf, trust).layers if one.name == "timestamp")


def test_with_a_service_a_file_is_sealed_at_level_b_lta(client: Client, tsa: TimeStampService) -> None:
    decision = dossier.proposed()
    row = Sealing.objects.get()
    assert (row.state, row.level, row.problem) == ("done", "B-LTA", "")
    assert row.renew_by == tsa.certificate.not_valid_after_utc
    state, said = timestamp(bytes(Rendering.objects.get(kind="pdf").content))
    assert state == "passed"
    assert f"2 time stamps, by {tsa.name}" in said
    client.force_login(decision.author)
    page = client.get(decision.get_absolute_url()).content.decode()
    assert "Seal: PAdES B-LTA, its time by a time stamp" in page


def test_the_command_that_shows_the_seal_tries_the_service(
    tsa: TimeStampService, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["seal"]) == 0
    until = f"{tsa.certificate.not_valid_after_utc:%Y-%m-%d}"
    assert f"Time stamps: level B-LTA, to be renewed before {until}" in capsys.readouterr().out
    tsa.broken = "status"
    assert cli.main(["seal"]) == 0
    assert "B-B instead of B-LTA: 127.0.0.1 answered with status 503" in capsys.readouterr().out


@pytest.mark.parametrize("broken", ["status", "nonsense"])
def test_an_outage_costs_a_level_and_no_seal_and_is_said(client: Client, tsa: TimeStampService, broken: str) -> None:
    tsa.broken = broken
    decision = dossier.proposed()
    row = Sealing.objects.get()
    assert (row.state, row.level) == ("done", "B-B")
    assert "level B-B instead of B-LTA" in row.problem
    client.force_login(decision.author)
    page = client.get(decision.get_absolute_url()).content.decode()
    assert "Seal: PAdES B-B, its time by the word of this instance" in page
    assert "It is tried again by itself" in page


def test_the_service_may_fail_between_the_first_stamp_and_the_second(
    tsa: TimeStampService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> bytes:
        tsa.broken = "status"
        return genuine(*_)  # type: ignore[arg-type]

    genuine = stamps.over
    monkeypatch.setattr(stamps, "over", fails)
    dossier.proposed()
    row = Sealing.objects.get()
    assert row.level == "B-T"
    assert "level B-T instead of B-LTA" in row.problem
    assert timestamp(bytes(Rendering.objects.get(kind="pdf").content))[0] == "passed"


def test_what_lacks_a_stamp_is_stamped_as_soon_as_the_service_works_again(tsa: TimeStampService) -> None:
    tsa.broken = "status"
    dossier.proposed()
    before = bytes(Rendering.objects.get(kind="pdf").content)
    assert renewal.renew_all.call() == 0
    tsa.broken = ""
    assert renewal.renew_all.call() == 1
    row = Sealing.objects.get()
    assert (row.level, row.problem) == ("B-LTA", "")
    newest = row.record.rendering("pdf")
    assert newest is not None
    assert newest.edition == "renewed 1"
    assert bytes(newest.content).startswith(before)
    assert renewal.renew_all.call() == 0, "nothing is due any more"
    assert audit().holds


def test_a_file_is_stamped_anew_before_the_certificate_ends(
    tsa: TimeStampService, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier.accepted()
    _, accepted = Sealing.objects.order_by("pk")
    now = timezone.now()
    assert not renewal.due(now).exists()
    assert list(renewal.due(now + dt.timedelta(days=300))) == [accepted], "and the file that was only proposed stays"
    monkeypatch.setattr(renewal, "BEFORE", dt.timedelta(days=400))
    assert renewal.renew_all.call() == 1
    newest = accepted.record.rendering("pdf")
    assert newest is not None
    assert "3 time stamps" in timestamp(bytes(newest.content))[1]
    assert accepted.record.renderings.filter(kind="pdf").count() == 3, "what was sealed before is kept"
    assert audit().holds


def test_the_service_is_asked_through_the_guard(tsa: TimeStampService, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED = []
    dossier.proposed()
    row = Sealing.objects.get()
    assert row.level == "B-B"
    assert "this machine itself (loopback)" in row.problem
    assert tsa.asked == 0


def test_without_a_service_nothing_is_asked_and_nothing_is_missing() -> None:
    dossier.proposed()
    row = Sealing.objects.get()
    assert (row.level, row.problem, row.renew_by) == ("B-B", "", None)
    assert renewal.renew_all.call() == 0


def test_name_and_password_of_the_address_are_not_in_what_is_asked_for() -> None:
    address, credentials = stamps._credentials("https://ada:s%40crt@tsa.example:8443/stamp?a=b")
    assert address == "https://tsa.example:8443/stamp?a=b"
    assert (credentials.username, credentials.password) == ("ada", "s@crt")
