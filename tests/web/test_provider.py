"""Signing in with an OpenID provider, a real one that the tests run."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client
from django.urls import reverse
from oidc_provider_mock import User as Claims
from oidc_provider_mock import run_server_in_thread

from decisions.models import User
from tests import factories

pytestmark = pytest.mark.django_db

ANN = Claims(sub="ann-1", claims={"name": "Ann Lee", "email": "ann@example.org", "email_verified": True})


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with run_server_in_thread(user_claims=[ANN]) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def provider(issuer: str, settings: object) -> None:
    app = {
        "provider_id": "sso",
        "name": "Example login",
        "client_id": "meshadvisor",
        "secret": "quiet",
        "settings": {"server_url": issuer},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


def through(client: Client, subject: str = "ann-1") -> object:
    """Go to the provider, sign in there as `subject`, and come back."""
    start = client.post(reverse("openid_connect_login", args=["sso"]))
    address = start["Location"]
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=10)
    back = urlsplit(answer.headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def test_whoever_the_provider_lets_in_has_an_account_and_belongs_nowhere(client: Client) -> None:
    assert "Example login" in client.get(reverse("login")).content.decode()
    assert through(client)["Location"] == "/"
    user = User.objects.get()
    assert (user.name, user.email, user.has_usable_password()) == ("Ann Lee", "ann@example.org", False)
    assert client.get("/").wsgi_request.user == user
    assert not user.memberships.exists()


def test_the_second_time_it_is_the_same_account(client: Client) -> None:
    through(client)
    through(Client())
    assert User.objects.count() == 1


def test_a_verified_mail_address_that_is_known_is_the_same_person(client: Client) -> None:
    known = factories.member(factories.team())
    User.objects.filter(pk=known.pk).update(email="ann@example.org")
    through(client)
    assert client.get("/").wsgi_request.user == known


def test_a_deactivated_account_is_not_opened_by_the_provider_either(client: Client) -> None:
    through(client)
    User.objects.update(is_active=False)
    other = Client()
    through(other)
    assert not other.get(reverse("login")).wsgi_request.user.is_authenticated


def test_an_answer_nobody_asked_for_is_refused(client: Client) -> None:
    answer = client.get(reverse("openid_connect_callback", args=["sso"]) + "?code=x&state=y")
    assert not answer.wsgi_request.user.is_authenticated
    assert "could not sign you in" in answer.content.decode()


def test_the_policy_lets_the_form_lead_to_the_provider(tmp_path: object) -> None:
    from tests.setup.test_settings import read

    environment = {"MESHADVISOR_OIDC_ISSUER": "https://login.example.org/realms/a", "MESHADVISOR_OIDC_CLIENT_ID": "m"}
    found = read(tmp_path, "CONTENT_SECURITY_POLICY", **environment)
    assert found["CONTENT_SECURITY_POLICY"]["form-action"] == "'self' https://login.example.org"
