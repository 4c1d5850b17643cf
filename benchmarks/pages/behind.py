"""Pages that no link of the demo organisation leads to: unlinked ones, those of a mailed link, of a second factor."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from playwright.sync_api import Page

ANYBODY = ["/styleguide/"]
STRANGER = [
    "/sign-in/closed/",
    "/sign-in/by-invitation/",
    "/sign-in/forgotten/sent/",
    "/sign-in/forgotten/done/",
    "/sign-in/cancelled/",
    "/sign-in/failed/",
    "/sign-in/refused/",
]
PERSON = [
    "/account/second-factor-first/",
    "/account/confirm/",
]
WITH_SECOND_FACTOR = [
    "/account/second-factor/",
    "/account/second-factor/recovery/",
    "/account/second-factor/recovery/new/",
    "/account/second-factor/app/remove/",
    "/account/second-factor/keys/",
    "/account/second-factor/keys/add/",
    "/account/confirm/code/",
]


def prepare(directory: Path) -> dict[str, list[str]]:
    """Bring in records from elsewhere, an invitation and a forgotten password; by person what they lead to."""
    program = [sys.executable, "-m", "benchmarks.pages.prepare"]
    environment = os.environ | {"DATA_DIR": str(directory)}
    told = subprocess.run(program, env=environment, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(told.splitlines()[-1]))


def addresses(who: str, prepared: dict[str, list[str]]) -> list[str]:
    """What this person opens beside what links lead to."""
    return [*ANYBODY, *prepared.get(who, []), *(STRANGER if who == "stranger" else PERSON)]


def with_second_factor(page: Page, who: str, password: str) -> Iterator[str]:
    """Give the person a code from an app; (each address there is then, its page open)."""
    page.goto("/account/second-factor/app/")
    if "/confirm/" in page.url:
        page.fill("[name=password]", password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/app/**")
    page.fill("[name=code]", code(page.locator("#authenticator_secret").input_value()))
    page.keyboard.press("Enter")
    page.wait_for_url("**/recovery/**")
    for path in WITH_SECOND_FACTOR:
        page.goto(path)
        yield path
    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.fill("[name=login]", who)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/second-factor/**")
    yield "/sign-in/second-factor/"


def code(secret: str) -> str:
    """What an app shows for this secret now."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meshadvisor.settings")
    django.setup()
    from allauth.mfa.totp.internal import auth  # loads tables, which takes the settings

    return auth.format_hotp_value(auth.hotp_value(secret, next(iter(auth.yield_hotp_counters_from_time()))))
