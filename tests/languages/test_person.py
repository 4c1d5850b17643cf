"""Pages follow the person's language and clock; programs and records do not."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from decisions.advisor.record import canonical, digest, document
from decisions.languages.dates import with_utc
from decisions.models import User
from decisions.rendering import html, markdown
from tests import factories
from tests.sample_record import sample
from tests.web import dossier

GERMAN = {"Accept-Language": "de-DE,de;q=0.9,en;q=0.8"}
pytestmark = pytest.mark.django_db


def language_of(client: Client, **headers: str) -> str:
    answer = client.get(reverse("verify"), headers=headers)
    page = answer.content.decode()
    said = page.partition('<html lang="')[2][:2]
    assert answer.headers["Content-Language"] == said
    assert "Accept-Language" in answer.headers["Vary"]
    return said


def test_a_stranger_reads_the_language_of_the_browser(client: Client) -> None:
    assert language_of(client) == "en"
    assert language_of(client, **GERMAN) == "de"
    assert language_of(client, **{"Accept-Language": "fr"}) == "en"


def test_the_switch_at_the_foot_counts_more_than_the_browser_and_needs_no_script(client: Client) -> None:
    page = client.get(reverse("verify"), headers=GERMAN).content.decode()
    assert '<button class="link" name="language" value="en" lang="en">English</button>' in page
    answer = client.post(reverse("language"), {"language": "en", "next": reverse("verify")})
    assert answer.headers["Location"] == reverse("verify")
    assert language_of(client, **GERMAN) == "en"


def test_the_switch_on_a_refused_page_leads_back_to_where_the_form_stood(client: Client) -> None:
    client.force_login(factories.member(factories.team()))
    page = f"http://testserver{reverse('account')}"
    refused = client.post(reverse("account"), {"time_zone": "Nowhere/At_all"}, headers={"Referer": page})
    assert refused.status_code == 422
    assert f'name="next" value="{page}"' in refused.content.decode()
    answer = client.post(reverse("language"), {"language": "de", "next": page})
    assert answer.headers["Location"] == page


@pytest.mark.parametrize("onward", ["https://elsewhere.example/", "//elsewhere.example/", ""])
def test_the_switch_leads_nowhere_else(client: Client, onward: str) -> None:
    answer = client.post(reverse("language"), {"language": "de", "next": onward})
    assert answer.headers["Location"] == "/"


def test_a_language_nobody_speaks_changes_nothing(client: Client) -> None:
    answer = client.post(reverse("language"), {"language": "xx", "next": "/"})
    assert not answer.cookies
    assert language_of(client) == "en"


def test_the_language_is_kept_with_the_account(client: Client) -> None:
    user = factories.member(factories.team())
    client.force_login(user)
    client.post(reverse("language"), {"language": "de", "next": "/"})
    assert User.objects.get(pk=user.pk).language == "de"
    other = Client()
    other.force_login(user)
    assert language_of(other) == "de"


def test_language_and_time_zone_are_chosen_on_the_page_of_the_account(client: Client) -> None:
    user = factories.member(factories.team(), name="Ada Lovelace")
    client.force_login(user)
    given = {"first_name": "Ada", "last_name": "Lovelace", "language": "de", "time_zone": "Europe/Berlin"}
    assert client.post(reverse("account"), given).status_code == 302
    user.refresh_from_db()
    assert (user.language, user.time_zone) == ("de", "Europe/Berlin")
    assert client.post(reverse("account"), given | {"time_zone": "Europe/Atlantis"}).status_code == 422


def test_times_are_shown_in_the_persons_zone_and_signatures_say_utc_beside_it(client: Client) -> None:
    decision = dossier.draft()
    User.objects.filter(pk=decision.author.pk).update(time_zone="Europe/Berlin", language="de")
    client.force_login(decision.author)
    page = client.get(decision.address("tasks")).content.decode()
    assert "15:02 CET" in page
    moment = dt.datetime(2026, 7, 3, 22, 30, tzinfo=dt.UTC)
    with timezone.override("Europe/Berlin"), translation.override("de"):
        assert with_utc(moment) == "4. Juli 2026, 00:30 CEST (3. Juli 2026, 22:30 UTC)"
    with timezone.override("UTC"), translation.override("en"):
        assert with_utc(moment) == "3 Jul 2026, 22:30 UTC"


def test_programs_are_answered_in_english(client: Client) -> None:
    plain = client.get("/api/v1/decisions").json()
    assert client.get("/api/v1/decisions", headers=GERMAN).json() == plain


def test_a_record_is_the_same_whatever_the_reader_speaks() -> None:
    made = document(sample())
    english = digest(canonical(made)), html.render(made), markdown.render(made)
    with translation.override("de"), timezone.override("Asia/Tokyo"):
        again = document(sample())
        assert (digest(canonical(again)), html.render(again), markdown.render(again)) == english


def test_a_decision_proposed_by_somebody_who_reads_german_freezes_to_the_same_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dossier.without_pages(monkeypatch)
    team = factories.team()
    before = dossier.proposed(team).newest_record()
    with translation.override("de"), timezone.override("Asia/Tokyo"):
        after = dossier.proposed(team).newest_record()
    assert before is not None
    assert after is not None
    numbers = before.decision.number, after.decision.number
    assert bytes(before.canonical).replace(numbers[0].encode(), numbers[1].encode()) == bytes(after.canonical)
