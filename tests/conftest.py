"""What every test may ask for: the site with its static files, a server, a browser and pages of people in it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.backends.postgresql.base import DatabaseOperations as PostgreSQLOperations
from django.db.backends.sqlite3.base import DatabaseOperations as SQLiteOperations
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as properties
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer
from whitenoise.base import WhiteNoise

from decisions.models import Decision
from tests import factories

# How long an example takes is the machine's business: a busy one finds no faults in the product.
properties.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("any machine")

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Playwright's synchronous interface keeps an event loop running in the test's thread; Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses a browser or the database, so that `-m database` is what runs again on PostgreSQL.

    Browser tests come last: from the first of them on, Playwright's event loop is running in this thread.
    """
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if names & {"browser", "page", "open_page"}:
            item.add_marker("browser")
        elif item.get_closest_marker("one_database"):
            continue
        elif item.get_closest_marker("django_db") or names & {"db", "transactional_db"}:
            item.add_marker("database")
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture
def draft(db: None) -> Decision:
    """A draft without an answer."""
    return factories.decision()


@pytest.fixture
def author(client: Client, draft: Decision) -> Client:
    """A client of who writes the draft."""
    client.force_login(draft.author)
    return client


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference material beside the checkout, for the tests that only run where it is present."""
    folder = settings.BASE_DIR.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no reference material beside this checkout")
    return folder


@pytest.fixture(scope="session")
def static_files() -> None:
    """Static files collected as in production: a template that names a missing one fails its test."""
    call_command("collectstatic", interactive=False, verbosity=0)
    WhiteNoise.update_files_dictionary = look_once(WhiteNoise.update_files_dictionary)


def look_once(look: Callable[[WhiteNoise, str, str], None]) -> Callable[[WhiteNoise, str, str], None]:
    """Each test client starts the application anew: the collected files are looked through for the first only."""
    found: dict[tuple[str, str], dict[str, Any]] = {}

    def look_or_recall(noise: WhiteNoise, root: str, prefix: str) -> None:
        if (root, prefix) not in found:
            look(noise, root, prefix)
            found[root, prefix] = dict(noise.files)
        noise.files.update(found[root, prefix])

    return look_or_recall


@pytest.fixture(scope="session")
def django_db_setup(static_files: None, django_db_setup: None) -> None:
    """Pages need both: the database and the static files."""
    SQLiteOperations.execute_sql_flush = flush_without_triggers
    PostgreSQLOperations.execute_sql_flush = truncate_without_triggers


def truncate_without_triggers(operations: PostgreSQLOperations, statements: list[str]) -> None:
    """Empty PostgreSQL's tables between tests that commit: whoever owns the server may ask triggers to look away."""
    with transaction.atomic(), operations.connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)


def flush_without_triggers(operations: SQLiteOperations, statements: list[str]) -> None:
    """Empty SQLite's tables between tests that commit: the triggers that forbid it step aside meanwhile."""
    with transaction.atomic(), operations.connection.cursor() as cursor:
        triggers = cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        for statement in (*statements, "DELETE FROM decisions_search"):
            cursor.execute(statement)
        for _, definition in triggers:
            cursor.execute(definition)


@pytest.fixture(scope="session")
def live_server(django_db_setup: None) -> Iterator[LiveServer]:
    """The site on a free loopback port, its static files served by the application itself as in production."""
    server = LiveServer("127.0.0.1", start=False)
    server.thread.static_handler = lambda application: application
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Callable[[], Browser]]:
    """`browser()` is one Chromium for the whole session, started anew should it have died.

    The test it died in is run once more (`--only-rerun` in pyproject.toml): a page that kills it fails all the same.
    """
    with sync_playwright() as playwright:
        started: list[Browser] = []

        def running() -> Browser:
            if not started or not started[-1].is_connected():
                started.append(playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS)))
            return started[-1]

        yield running
        for chromium in started:
            chromium.close()


@pytest.fixture
def open_page(browser: Callable[[], Browser], live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """`open_page(user=None, **context)` opens a page of its own, signed in as `user` without a password.

    `context` are Playwright's: viewport, color_scheme, java_script_enabled ... Relative addresses start at the live
    server. A script error or a violation of the content security policy on any of the pages fails the test at its end.
    """
    contexts = []
    faults: list[str] = []

    def open_one(user: Any = None, **options: Any) -> Page:
        context = browser().new_context(**({"base_url": live_server.url} | options))
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda said: faults.append(f"{page.url}: {said.text}") if "Content Security Policy" in said.text else None,
        )
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A page of somebody who is not signed in."""
    return open_page()
