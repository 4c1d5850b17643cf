"""The first start and the second, as somebody who typed `make run` sees them."""

import os
import re
import signal
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

from tests.postgres import free_port


@contextmanager
def serving(data: Path, said: list[str]) -> Iterator[str]:
    """A server on a free port with its data in `data`; yields its address. What it prints goes to `said`."""
    port = free_port()
    outside = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "MESHADVISOR_ORIGIN"}}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port), "--workers", "1"],
        cwd=Path(__file__).parents[2],
        env={**outside, "DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "meshadvisor.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line.rstrip("\n"))
            if line.startswith("MeshAdvisor is at"):
                break
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=40) == 0


def sign_in(address: str, password: str) -> str:
    """Sign in as the administrator; the address of the page that leads to."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    page = browser.open(f"{address}/sign-in/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = {"csrfmiddlewaretoken": token[1], "login": "admin", "password": password}
    return browser.open(f"{address}/sign-in/", urlencode(form).encode()).geturl()


def workers_in(data: Path) -> list[str]:
    """The processes that do the work beside the pages of the instance in `data`."""
    wanted, found = f"DATA_DIR={data}".encode(), []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            if b"worker" in words and wanted in (process / "environ").read_bytes().split(b"\0"):
                found.append(process.name)
        except OSError:
            continue
    return found


def test_the_first_start_makes_what_is_missing_and_the_second_starts_from_it(tmp_path: Path) -> None:
    first: list[str] = []
    with serving(tmp_path, first) as address:
        (password,) = [match[1] for line in first if (match := re.match(r"One-time password: +(\S+)", line))]
        assert sign_in(address, password) == f"{address}/account/password/"

    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "seal" / "seal.p12").stat().st_mode) == 0o600
    key = (tmp_path / "seal" / "seal.p12").read_bytes()

    second: list[str] = []
    with serving(tmp_path, second) as address:
        assert len(workers_in(tmp_path)) == 1
        assert second[-1] == f"MeshAdvisor is at {address}/  (Ctrl-C stops it)"
    assert not workers_in(tmp_path)
    assert not [line for line in second if "password" in line or "key" in line or "database" in line]
    assert (tmp_path / "seal" / "seal.p12").read_bytes() == key
