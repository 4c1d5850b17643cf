"""A demo organisation served on loopback, and people signed in to it."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

CHROMIUM = "/usr/bin/chromium"
AUDITOR = "ingrid"
"""The demo organisation has no auditor; its viewer is made one."""
MAKE_AUDITOR = f"""
from decisions.models import Membership
Membership.objects.filter(user__username="{AUDITOR}").update(role="auditor")
"""
DOORS = "aylin,mara,jonas,tomas,ingrid,admin"
"""Whom one may be by one click on the page of signing in, as `make demo` has it: a stranger's page has these doors."""
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


@contextlib.contextmanager
def served(directory: Path, *, settled: bool = False) -> Iterator[tuple[str, str]]:
    """Address and password of a demo organisation served on loopback.

    `settled` waits until its records are sealed, which takes a processor beside the pages.
    """
    environment = os.environ | {"DATA_DIR": str(directory), "MESHADVISOR_DEMO": DOORS}
    program = [sys.executable, "-m", "meshadvisor"]
    told = subprocess.run([*program, "demo"], env=environment, check=True, capture_output=True, text=True).stdout
    (password,) = re.findall(r"with the password\s+(\S+)", told)
    subprocess.run([sys.executable, "manage.py", "shell", "-c", MAKE_AUDITOR], env=environment, check=True)
    if settled:
        subprocess.run([*program, "worker", "--until-done"], env=environment, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    with subprocess.Popen(
        [*program, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
    ) as server:
        try:
            for _ in range(600):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"{origin}/sign-in/", timeout=10).close()
                    break
                time.sleep(0.5)
            yield origin, password
        finally:
            server.terminate()


def signed_in(browser: Browser, origin: str, who: str, password: str) -> Page:
    """A page of that person; of nobody when `who` is empty."""
    page = browser.new_context(base_url=origin, reduced_motion="reduce").new_page()
    page.set_default_timeout(30_000)
    if who:
        page.goto("/sign-in/")
        page.fill("[name=login]", who)
        page.fill("[name=password]", password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda address: "/sign-in/" not in address)
    return page
