"""An organisation that asks everybody for a second factor, and a password that was forgotten."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.core.cache import cache
from django.test import Client

from decisions.models import Organisation, Role, User
from tests import factories

pytestmark = pytest.mark.django_db
WORD = "turnstone-9-reef"


@pytest.fixture(autouse=True)
def quick(settings: object) -> None:
    """Signing in with a password is what these are about; hashing one slowly is not."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


def person(role: Role = Role.AUTHOR, **organisation: object) -> User:
    user = factories.member(factories.team(factories.organisation(**organisation)), role, "Ana Ruiz")
    User.objects.filter(pk=user.pk).update(password=make_password(WORD, hasher="md5"), email="ana@example.org")
    user.refresh_from_db()
    return user


def sign_in(client: Client, user: User, password: str = WORD) -> object:
    return client.post("/sign-in/", {"login": user.username, "password": password}, follow=True)


def test_who_has_no_second_factor_reaches_its_set_up_and_nothing_else(client: Client) -> None:
    user = person(require_second_factor=True)
    page = sign_in(client, user)
    assert page.redirect_chain[-1][0] == "/account/second-factor-first/"
    said = page.content.decode()
    assert f"{user.memberships.get().organisation} asks everybody for a second factor" in said
    assert 'href="/account/second-factor/app/"' in said
    for address in ("/", "/decisions/", "/account/", "/waiting/", "/admin/"):
        assert client.get(address)["Location"] == "/account/second-factor-first/", address
    assert client.post("/new/", {})["Location"] == "/account/second-factor-first/"
    set_up = client.get("/account/second-factor/app/", follow=True)
    assert set_up.request["PATH_INFO"] in {"/account/second-factor/app/", "/account/confirm/"}
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    assert client.get("/decisions/").status_code == 200
    Authenticator.objects.all().delete()
    assert client.get("/decisions/").status_code == 200  # asked for at the door


def test_it_is_asked_for_only_where_the_organisation_says_so(client: Client) -> None:
    assert sign_in(client, person()).redirect_chain[-1][0] in {"/", "/decisions/"}


def test_asking_for_it_signs_out_who_has_none(client: Client) -> None:
    user = person()
    sign_in(client, user)
    client.get("/decisions/")
    assert UserSession.objects.filter(user=user).exists()
    organisation = Organisation.objects.get()
    boss = Client()
    boss.force_login(factories.member(organisation, Role.ADMINISTRATOR))
    address = f"/organisation/{organisation.slug}/settings/"
    form = boss.get(address).context["form"]
    given = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False, "")}
    assert boss.post(address, given | {"require_second_factor": "on"}).status_code == 302
    organisation.refresh_from_db()
    assert organisation.require_second_factor
    assert not UserSession.objects.filter(user=user).exists()
    assert client.get("/decisions/")["Location"].startswith("/sign-in/")


def test_a_forgotten_password_is_chosen_anew_once(client: Client) -> None:
    user = person()
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    sent = client.post("/sign-in/forgotten/", {"email": "ana@example.org"}, follow=True)
    assert "If an account has this address" in sent.content.decode()
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["ana@example.org"], "MeshAdvisor: Choose a new password")
    link = re.search(r"https?://[^/]+(/sign-in/forgotten/\S+)", letter.body)[1]
    page = client.get(link, follow=True)
    assert "Choose a new password" in page.content.decode()
    address = page.redirect_chain[-1][0]
    weak = client.post(address, {"password1": "short", "password2": "short"})
    assert "too short" in weak.content.decode()
    done = client.post(address, {"password1": "stilt-4-mudflat", "password2": "stilt-4-mudflat"}, follow=True)
    assert "Your password is changed" in done.content.decode()
    user.refresh_from_db()
    assert not user.must_change_password
    assert sign_in(Client(), user, "stilt-4-mudflat").redirect_chain
    assert "This link opens nothing" in Client().get(link, follow=True).content.decode()


def without_token(page: bytes) -> bytes:
    """The page without what is another one in every form."""
    return re.sub(rb'(?<=name="csrfmiddlewaretoken" value=")\w+', b"", page)


def test_nobody_learns_who_has_an_account(client: Client) -> None:
    user = person()
    known = client.post("/sign-in/forgotten/", {"email": user.email}, follow=True)
    unknown = client.post("/sign-in/forgotten/", {"email": "nobody@example.org"}, follow=True)
    assert without_token(known.content) == without_token(unknown.content)
    assert [one.to for one in mail.outbox] == [[user.email]]


def test_links_are_mailed_a_few_times_and_then_not(client: Client) -> None:
    person()
    answers = [client.post("/sign-in/forgotten/", {"email": "ana@example.org"}).status_code for _ in range(5)]
    assert len(mail.outbox) == 3
    assert answers[-1] == 429


def test_without_a_mail_server_the_page_says_whom_to_ask(client: Client, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    asked = client.post("/sign-in/forgotten/", {"email": "a@example.org"})
    for page in (client.get("/sign-in/forgotten/"), asked, client.get("/sign-in/forgotten/sent/")):
        assert "on its way" not in page.content.decode()
        assert "Ask an administrator of your organisation" in page.content.decode()
        assert '<input type="email"' not in page.content.decode()
    client.force_login(person())
    account = client.get("/account/").content.decode()
    assert "This instance sends no mail" in account
    assert "Mail goes to" not in account


def test_the_field_of_the_sign_in_says_what_to_type(client: Client) -> None:
    assert "Username or e-mail</label>" in client.get("/sign-in/").content.decode()


def test_whom_nobody_asks_is_told_about_second_factors_in_general(client: Client) -> None:
    client.force_login(factories.member(factories.team()))
    assert client.get("/account/second-factor-first/")["Location"] == "/account/second-factor/"
