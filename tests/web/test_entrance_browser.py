"""Passkeys in Chromium, with an authenticator that the browser plays."""

import re
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from decisions.models import User
from tests import factories
from tests.web.obstacles import obstacles

pytestmark = pytest.mark.django_db(transaction=True)

WORD = "plover-sandbank-4"


def past_sign_in(address: str) -> bool:
    """Whether the sign-in is over and its page left: a visit before that would be cut off by it."""
    return "/sign-in/" not in address


def with_authenticator(page: Page) -> None:
    """Give the browser a platform authenticator that agrees to everything."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_made_and_signs_in_without_a_password(
    open_page: Callable[..., Page], live_server: LiveServer
) -> None:
    user = factories.member(factories.team(), name="Ann Lee")
    User.objects.filter(pk=user.pk).update(password=make_password(WORD))
    # Browsers make passkeys for names, not for addresses of digits.
    page = open_page(base_url=live_server.url.replace("127.0.0.1", "localhost"))
    with_authenticator(page)
    page.goto("/sign-in/")
    page.fill("input[name=login]", "ann.lee")
    page.fill("input[name=password]", WORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(past_sign_in)
    page.goto("/account/second-factor/keys/add/")
    page.fill("input[name=password]", WORD)
    page.get_by_role("button", name="Confirm").click()
    page.fill("input[name=name]", "Laptop")
    page.get_by_label(re.compile("asskey|passwordless", re.IGNORECASE)).check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Recovery", re.IGNORECASE))
    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).count() == 1

    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(past_sign_in)
    page.goto("/account/second-factor/")
    assert obstacles(page) == []

    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.fill("input[name=login]", "ann.lee")
    page.fill("input[name=password]", WORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/second-factor/")
    page.get_by_role("button", name="Use a key").click()
    page.wait_for_url(past_sign_in)
    page.goto("/account/confirm/key/")
    page.get_by_role("button", name="Use a key").click()
    page.wait_for_url(lambda address: "/confirm/" not in address)
