"""The test harness itself: what the other tests lean on."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from decisions.models import Event, Organisation, User

NOW = dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("round_", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_tests_that_commit_start_with_empty_tables_and_with_the_triggers_in_place(round_: int) -> None:
    assert not Event.objects.exists()
    organisation = Organisation.objects.create(name="Acme", slug="acme")
    Event.objects.create(organisation=organisation, act="started", detail={"round": round_}, at=NOW)

    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute("UPDATE decisions_event SET act = 'rewritten'")


def test_a_page_is_signed_in_without_a_password(open_page: Callable[..., Page], transactional_db: None) -> None:
    user = User.objects.create(username="noor", first_name="Noor", last_name="Okafor")

    page = open_page(user)
    page.goto("/")

    assert "/sign-in/" not in page.url
    assert page.locator("body").inner_text()


def test_pages_carry_the_security_headers(client: Client, db: None) -> None:
    answer = client.get("/sign-in/")

    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_static_files_are_served_by_the_application_under_names_that_change_with_them(
    live_server: LiveServer, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto("/sign-in/")

    sheet = page.locator("link[rel=stylesheet]").first.get_attribute("href")
    assert sheet is not None
    answer = page.request.get(sheet)
    assert answer.status == 200
    assert "immutable" in answer.headers["cache-control"]
