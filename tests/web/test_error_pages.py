"""What somebody sees when the server itself fails: what is safe, what to do next, and the time to name."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from django.views.defaults import server_error

from decisions.models import User


def shown(language: str = "en") -> str:
    with translation.override(language):
        return server_error(RequestFactory().get("/nordlicht/DR-0001/step/2/")).content.decode()


def test_a_failed_page_says_what_is_safe_and_the_next_act() -> None:
    page = shown()
    assert "What was saved before is safe" in page
    assert 'href="">Open this page again' in page
    assert re.search(r"/app(\.\w+)?\.css", page)


def test_a_failed_page_names_the_time_by_which_the_log_is_searched() -> None:
    (moment,) = re.findall(r"<code>(.+?)</code>", shown())
    assert abs((datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()) < 60


def test_a_failed_page_speaks_the_readers_language() -> None:
    assert '<html lang="de">' in shown("de")
    assert "Was vorher gespeichert war, ist sicher" in shown("de")


@pytest.mark.django_db
def test_what_is_not_there_offers_a_stranger_to_sign_in_and_come_back(client: Client) -> None:
    page = client.get("/no-such-page/?of=one&so=on").content.decode()
    assert 'href="/sign-in/?next=/no-such-page/%3Fof%3Done%26so%3Don"' in page
    assert "member of" not in page
    client.force_login(User.objects.create_user("ada"))
    known = client.get("/no-such-page/").content.decode()
    assert "a team you are not a member of" in known
    assert "?next=" not in known


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["mfa_authenticator", "usersessions_usersession"])
def test_nobody_types_a_second_factor_or_a_session_into_the_administration(client: Client, kind: str) -> None:
    client.force_login(User.objects.create_superuser("root-of-all", "root@example.org"))
    assert client.get(reverse(f"admin:{kind}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:{kind}_add")).status_code == 403
