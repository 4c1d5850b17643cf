"""No page shows a text in English for which there is German; what has none is a record, a fact or somebody's words."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from decisions.advisor.questionnaire import question_at
from decisions.models import Decision, Role, User
from tests import factories
from tests.languages.visible import visible
from tests.web import dossier

pytestmark = pytest.mark.django_db

DRAFT = ("tasks", "sign", "baseline", "prometheus", "lineage", "delete")
LASTING = ("decision", "plan", "pilot", "compare", "options")
PUBLIC = ("verify", "log", "method", "login", "forgotten", "styleguide")
OWN = ("home", "decisions", "board", "waiting", "account", "feeds", "signing_keys", "sessions", "mfa_index", "imports")
ORGANISATION = ("people", "organisation", "services", "hooks")
SAME = frozenset(("Status", "Team", "Name", "Link", "Version", "Start"))


@pytest.fixture(scope="module")
def english() -> frozenset[str]:
    """The texts that read differently in German."""
    with (Path(settings.MESSAGES_DIR) / "de/LC_MESSAGES/django.po").open("rb") as file:
        catalog = read_po(file, locale="de")
    return frozenset(one.id for one in catalog if isinstance(one.id, str) and len(one.id) > 2 and one.id != one.string)


@pytest.fixture
def decisions(monkeypatch: pytest.MonkeyPatch) -> tuple[Decision, Decision]:
    dossier.without_pages(monkeypatch)
    team = factories.team(name="Plattform")
    return dossier.draft(team, "Verkehr"), dossier.accepted(team, "Ausgang")


def untranslated(client: Client, address: str, english: frozenset[str]) -> list[tuple[str, str]]:
    answer = client.get(address, follow=True, headers={"Accept-Language": "de"})
    assert answer.status_code == 200, address
    return [(address, text) for _, text in visible(answer.content.decode()) if text in english and text not in SAME]


def test_what_strangers_read_is_german(client: Client, english: frozenset[str]) -> None:
    assert not [one for name in PUBLIC for one in untranslated(client, reverse(name), english)]


def test_what_an_author_reads_is_german(
    client: Client, decisions: tuple[Decision, Decision], english: frozenset[str]
) -> None:
    draft, _ = decisions
    client.force_login(draft.author)
    pages = [draft.address(name) for name in DRAFT] + [draft.address("step", place) for place in range(1, 6)]
    assert not [one for page in pages for one in untranslated(client, page, english)]


def test_what_an_administrator_reads_is_german(
    client: Client, decisions: tuple[Decision, Decision], english: frozenset[str]
) -> None:
    _, accepted = decisions
    boss = factories.member(accepted.organisation, Role.ADMINISTRATOR)
    client.force_login(boss)
    pages = [reverse(name) for name in OWN]
    pages += [reverse(name, args=[accepted.organisation.slug]) for name in ORGANISATION]
    pages += [accepted.address(name) for name in LASTING]
    assert not [one for page in pages for one in untranslated(client, page, english)]


def test_every_page_names_its_language_and_a_record_on_it_its_own(
    client: Client, decisions: tuple[Decision, Decision]
) -> None:
    _, accepted = decisions
    client.force_login(accepted.author)
    page = client.get(accepted.get_absolute_url(), headers={"Accept-Language": "de"}).content.decode()
    assert '<html lang="de">' in page
    assert page.index('<div lang="en">') < page.index('id="context"')
    assert "Der Text des Protokolls steht auf Englisch" in page
    assert "The text of the record is in English" not in client.get(accepted.get_absolute_url()).content.decode()


def test_what_is_wrong_with_a_form_is_said_in_german(client: Client, decisions: tuple[Decision, Decision]) -> None:
    draft, _ = decisions
    client.force_login(draft.author)
    question = question_at("baseline.pods")
    assert question is not None
    given = {"asked": question.id, "baseline.pods": "viele", "version": draft.version}
    page = client.post(draft.address("step", 2), given, headers={"Accept-Language": "de"}).content.decode()
    assert "„viele“ ist keine Zahl." in page


def test_mail_is_in_the_language_of_whoever_gets_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dossier.without_pages(monkeypatch)
    team = factories.team()
    approver = factories.member(team, Role.APPROVER, "Jonas Weber")
    User.objects.filter(pk=approver.pk).update(email="jonas@example.org", language="de")
    other = factories.member(team, Role.APPROVER, "Ann Other")
    User.objects.filter(pk=other.pk).update(email="ann@example.org")
    with translation.override("en"):
        dossier.proposed(team, "Ausgang")
    said = {one.to[0]: one.subject + one.body for one in mail.outbox}
    assert "bittet um Freigabe von „Ausgang“" in said["jonas@example.org"].replace("“Ausgang”", "„Ausgang“")
    assert "asks for approval of" in said["ann@example.org"]
