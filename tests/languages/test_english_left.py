"""On German pages no text is left in English, nor half of one: outside of names no word that only English texts have.

Our German is its own word list: a word of a msgid that stands in no msgstr is English, a noun as well as any other.
Not looked at: records and quotations (marked `lang="en"`), code, what people wrote, and names that hold such a word.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client
from django.urls import reverse

from decisions.advice import catalogue
from decisions.models import Decision, Role
from tests import factories
from tests.languages.visible import visible
from tests.web import dossier

pytestmark = pytest.mark.django_db

WORDS = re.compile(
    r"\b(the|and|of|with|is|are|to|for|not|than|each|from|by|that|this|it|be|or|at|as|has|have|which|can|your|you|its"
    r"|if|on|without|after|before|only|what|does|do|into|more|every|where|when|a)\b",
    re.IGNORECASE,
)
NAMES = re.compile(
    r"Proof of Concept|Consul on Kubernetes|\b[A-Z]\w+/[A-Z][\w ]+|\b[A-Z]{2}\b|^English$|\bDesign\b|internal-tools"
    r"|bring your own CNI|kubectl get [\w -]+|„[^“]*“|A/B|/[\w./-]+|\w+-\w+-[\w.-]+|\b[\w-]+(?:/[\w-]+)+\b|\w+_\w+"
    r"|\b[0-9a-f]{12,}\b"
)
"""What holds such a word and is no sentence: names of places and products, initials, quoted labels, paths, commands,
digests.
"""
PLACE = re.compile(r"\{[^{}]*\}|%\(\w+\)s|<[^>]+>")
LETTERS = re.compile(r"[A-Za-zÄÖÜäöüß]{2,}")
DRAFT = ("tasks", "sign", "baseline", "prometheus", "lineage", "delete", "options", "plan")
LASTING = ("decision", "plan", "pilot", "compare", "options")
PUBLIC = ("verify", "log", "method", "login", "forgotten")
OWN = ("home", "decisions", "board", "waiting", "account", "feeds", "signing_keys", "sessions", "mfa_index", "imports")
ORGANISATION = ("people", "organisation", "services", "hooks")
TABLES = ("decision", "record", "event", "baseline", "organisation", "team")
MORE = {
    "baseline.clusters": 2,
    "baseline.nodes": 18,
    "baseline.services": 40,
    "baseline.cni": "Calico",
    "baseline.kernel_version": "5.15",
    "baseline.kubernetes_version": "1.31",
    "baseline.slo_p99_ms": 60,
    "requirements.encryption_between_nodes.need": "must",
    "requirements.encryption_between_nodes.evidence.kind": "rule",
    "requirements.encryption_between_nodes.evidence.who": "Compliance, J. Falk",
    "requirements.egress_control.need": "nice",
    "operations.data_path_debuggers": "one",
}
"""Answers that bring most kinds of sentences into the panel: reasons, limits, upgrades, small measures."""


@pytest.fixture
def decisions(monkeypatch: pytest.MonkeyPatch) -> tuple[Decision, Decision]:
    dossier.without_pages(monkeypatch)
    team = factories.team(name="Plattform")
    draft = dossier.draft(team, "Verkehr")
    dossier.answer(draft, MORE)
    return draft, dossier.accepted(team, "Ausgang")


@cache
def english_only() -> frozenset[str]:
    """The words of our English texts that no German one has."""
    with (Path(settings.MESSAGES_DIR) / "de/LC_MESSAGES/django.po").open("rb") as file:
        known = [one for one in read_po(file, locale="de") if one.id]
    english, german = (
        {word for one in known for word in words(of(one))} for of in (lambda m: m.id, lambda m: m.string)
    )
    return frozenset(english - german)


def words(texts: str | tuple[str, ...]) -> Iterator[str]:
    for text in (texts,) if isinstance(texts, str) else texts:
        yield from (word.lower() for word in LETTERS.findall(PLACE.sub(" ", text)))


def is_english(text: str) -> bool:
    bare = PLACE.sub(" ", NAMES.sub(" ", text))
    return bool(WORDS.search(bare)) or any(word in english_only() for word in words(bare))


def english_in(client: Client, address: str) -> Iterator[tuple[str, str]]:
    answer = client.get(address, follow=True, headers={"Accept-Language": "de"})
    assert answer.status_code == 200, address
    for _, text in visible(answer.content.decode()):
        if len(text) > 1 and is_english(text):  # the letter of a part in a chart is no word
            yield address, text


def test_nothing_a_stranger_reads_is_english(client: Client) -> None:
    assert not [one for name in PUBLIC for one in english_in(client, reverse(name))]


def test_no_sheet_of_the_catalogue_is_english(client: Client) -> None:
    sheets = [*catalogue().products, *catalogue().add_ons]
    assert not [one for sheet in sheets for one in english_in(client, reverse("sheet", args=[sheet]))]


def test_nothing_an_author_reads_is_english(client: Client, decisions: tuple[Decision, Decision]) -> None:
    draft, _ = decisions
    client.force_login(draft.author)
    pages = [draft.address(name) for name in DRAFT] + [draft.address("step", place) for place in range(1, 6)]
    assert not [one for page in pages for one in english_in(client, page)]


def test_nothing_an_administrator_reads_is_english(client: Client, decisions: tuple[Decision, Decision]) -> None:
    _, accepted = decisions
    client.force_login(factories.member(accepted.organisation, Role.ADMINISTRATOR))
    pages = [reverse(name) for name in OWN]
    pages += [reverse(name, args=[accepted.organisation.slug]) for name in ORGANISATION]
    pages += [accepted.address(name) for name in LASTING]
    assert not [one for page in pages for one in english_in(client, page)]


def test_no_table_of_the_administration_is_english(client: Client, decisions: tuple[Decision, Decision]) -> None:
    root = factories.stranger("Rosa Ott")
    root.is_staff = root.is_superuser = True
    root.save()
    client.force_login(root)
    pages = [reverse("admin:index"), *(reverse(f"admin:decisions_{name}_changelist") for name in TABLES)]
    assert not [one for page in pages for one in english_in(client, page)]


def test_the_panel_marks_no_sentence_as_english(client: Client, decisions: tuple[Decision, Decision]) -> None:
    draft, _ = decisions
    client.force_login(draft.author)
    for place in range(1, 6):
        page = client.get(draft.address("step", place), headers={"Accept-Language": "de"}).content.decode()
        assert not [one for one in re.findall(r'<span lang="en">([^<]+)</span>', page) if WORDS.search(one)]
