"""Signing in and out: passwords, lock-out, second factors, sessions."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from decisions.models import User
from tests import factories

pytestmark = pytest.mark.django_db

WORD = "plover-sandbank-4"


@pytest.fixture(scope="module")
def hashed() -> str:
    """The password of every test here, hashed once: it takes a second."""
    return make_password(WORD)


@pytest.fixture(autouse=True)
def no_attempts_yet() -> None:
    cache.clear()


def person(hashed: str, name: str = "Ann Lee") -> User:
    user = factories.member(factories.team(), name=name)
    User.objects.filter(pk=user.pk).update(password=hashed, email="ann@example.org")
    return User.objects.get(pk=user.pk)


def sign_in(client: Client, login: str = "ann.lee", password: str = WORD, **more: str) -> object:
    return client.post(reverse("login"), {"login": login, "password": password, **more})


@pytest.mark.parametrize("login", ["ann.lee", "ann@example.org"])
def test_name_or_mail_address_and_password_open_the_page_that_was_asked_for(
    client: Client, hashed: str, login: str
) -> None:
    person(hashed)
    answer = sign_in(client, login, next="/decisions/")
    assert (answer.status_code, answer["Location"]) == (302, "/decisions/")
    assert client.get("/decisions/").status_code == 200


def test_a_wrong_password_says_so_and_keeps_the_name(client: Client, hashed: str) -> None:
    person(hashed)
    answer = sign_in(client, password="wrong")
    assert answer.status_code == 200
    assert 'value="ann.lee"' in answer.content.decode()
    assert "do not belong together" in answer.content.decode()


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one_and_nobody_elses(
    client: Client, hashed: str, settings: object
) -> None:
    person(hashed)
    for _ in range(5):
        sign_in(client, password="wrong")
    answer = sign_in(client)
    assert "Too many failed" in answer.content.decode()
    assert not answer.wsgi_request.user.is_authenticated
    other = person(hashed, "Ben Ode")
    assert sign_in(Client(), other.username).status_code == 302


def test_nobody_signs_up(client: Client) -> None:
    for method in (client.get, client.post):
        answer = method(reverse("account_signup"), {"username": "x", "password1": WORD, "password2": WORD})
        assert "by invitation" in answer.content.decode()
    assert not User.objects.exists()


def test_a_deactivated_account_stays_closed(client: Client, hashed: str) -> None:
    user = person(hashed)
    User.objects.filter(pk=user.pk).update(is_active=False)
    answer = client.post(reverse("login"), {"login": "ann.lee", "password": WORD}, follow=True)
    assert not answer.wsgi_request.user.is_authenticated


def test_a_code_is_asked_for_after_the_password_and_its_secret_is_not_kept_in_clear(
    client: Client, hashed: str
) -> None:
    user = person(hashed)
    sign_in(client)
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked["Location"].startswith(reverse("account_reauthenticate")), "not without proving who one is again"
    assert "&lt;a" not in client.get(asked["Location"]).content.decode(), "a hint is words, not markup to read"
    page = client.post(asked["Location"], {"password": WORD}, follow=True).content.decode()
    found = re.search(r'id="authenticator_secret" value="([A-Z2-7]+)"', page)
    assert found, page
    secret = found[1]
    code = totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    done = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    for one in Authenticator.objects.filter(user=user):
        assert secret not in str(one.data)
    recovery = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    one_of_them = re.search(r"\b\d{8}\b", recovery)[0]
    assert "10 of 10 are unused" in recovery
    assert re.search(r"Set up \d+ \w+ \d{4}", client.get(reverse("mfa_index")).content.decode())

    other = Client()
    answer = sign_in(other)
    assert answer["Location"] == reverse("mfa_authenticate")
    assert other.get("/decisions/").status_code == 302, "the password alone opens nothing"
    asked = other.get(reverse("mfa_authenticate")).content.decode()
    assert "Use a key" not in asked, "who has no key is offered none"
    assert "The code is not right" in other.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    assert other.post(reverse("mfa_authenticate"), {"code": one_of_them}).status_code == 302
    assert other.get("/decisions/").status_code == 200


def test_a_second_factor_is_changed_only_by_somebody_who_has_just_proven_who_they_are(client: Client) -> None:
    user = factories.member(factories.team())
    client.force_login(user)
    for name in ("mfa_activate_totp", "mfa_add_webauthn"):
        answer = client.get(reverse(name))
        assert answer.status_code in {302, 403}, name


def test_signing_out_everywhere_ends_every_session(client: Client, hashed: str) -> None:
    user = person(hashed)
    other = Client()
    for one in (client, other):
        sign_in(one)
    assert UserSession.objects.filter(user=user).count() == 2
    assert client.get(reverse("sessions")).content.decode().count("Since ") == 2
    client.post(reverse("sign-out-everywhere"))
    for one in (client, other):
        assert one.get("/decisions/").status_code == 302
    assert not UserSession.objects.filter(user=user).exists()


def test_the_rules_of_a_password_are_one_line_and_no_markup(client: Client) -> None:
    client.force_login(factories.stranger())
    page = client.get(reverse("password")).content.decode()
    assert "&lt;li&gt;" not in page
    assert 'helptext">At least 8 characters, no common word and nothing like the name</div>' in page


def test_a_forgotten_password_is_replaced_through_a_mailed_link_that_works_once(client: Client, hashed: str) -> None:
    person(hashed)
    assert client.post(reverse("forgotten"), {"email": "ann@example.org"}).status_code == 302
    link = re.search(r"https?://[^/]+(/sign-in/forgotten/\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True)
    page = form.content.decode()
    assert "The password again" in page
    assert "placeholder" not in page, "a label says it once"
    new = {"password1": "turnstone-9-reef", "password2": "turnstone-9-reef"}
    done = client.post(form.request["PATH_INFO"], new, follow=True)
    assert "Your password is changed" in done.content.decode()
    assert sign_in(Client(), password=WORD).status_code == 200, "the old one opens nothing"
    assert sign_in(Client(), password=new["password1"]).status_code == 302
    assert "This link opens nothing" in Client().get(link, follow=True).content.decode()


def test_changing_the_password_signs_out_the_other_sessions(client: Client, hashed: str) -> None:
    person(hashed)
    other = Client()
    for one in (client, other):
        sign_in(one)
    given = {"old_password": WORD, "new_password1": "turnstone-9-reef", "new_password2": "turnstone-9-reef"}
    assert client.post(reverse("password"), given).status_code == 302
    assert client.get("/decisions/").status_code == 200
    assert other.get("/decisions/").status_code == 302


@pytest.mark.parametrize("name", ["login", "logout", "account", "password", "sessions", "mfa_index", "account_signup"])
def test_the_pages_are_ours_and_none_looks_like_the_librarys(client: Client, name: str) -> None:
    if name not in {"login", "account_signup"}:
        client.force_login(factories.member(factories.team()))
    page = client.get(reverse(name)).content.decode()
    assert 'class="brand"' in page
    assert "Menu:" not in page
    assert not re.search(r"<(style|script(?![^>]*(src=|application/json)))|\son\w+=|\sstyle=", page)


def test_no_field_in_which_people_prove_who_they_are_repeats_its_label(client: Client, hashed: str) -> None:
    Authenticator.objects.create(user=person(hashed), type=Authenticator.Type.TOTP, data={"secret": "x"})
    sign_in(client)
    pages = [client.get(reverse("mfa_authenticate"))]
    client.force_login(User.objects.get())
    pages += [client.get(reverse(name)) for name in ("account_reauthenticate", "mfa_reauthenticate")]
    for page in pages:
        text = page.content.decode()
        assert re.search("<input [^>]*(name=.(code|password))", text), page.request["PATH_INFO"]
        assert "placeholder" not in text, page.request["PATH_INFO"]
