"""The settings come from the environment and from nowhere else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMES = ["SECRET_KEY", "DATA_DIR", "DEBUG", "ALLOWED_HOSTS", "MESHADVISOR_ORIGIN", "DATABASE_URL"]
PRINT = """
import json, sys
from meshadvisor import settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}, default=str))
"""


def start(tmp_path: Path, *wanted: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Import the settings in a fresh process whose environment is `environment` and a DATA_DIR."""
    kept = {name: value for name, value in os.environ.items() if name not in NAMES}
    return subprocess.run(
        [sys.executable, "-c", PRINT, *wanted],
        env={**kept, "DATA_DIR": str(tmp_path / "data"), **environment},
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )


def read(tmp_path: Path, *wanted: str, **environment: str) -> dict[str, object]:
    """The named settings under this environment."""
    return json.loads(start(tmp_path, *wanted, **environment).stdout)


def test_without_any_variable_it_is_a_closed_site_on_loopback(tmp_path: Path) -> None:
    found = read(tmp_path, "DEBUG", "ALLOWED_HOSTS", "SESSION_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "DATABASES")

    assert found["DEBUG"] is False
    assert found["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert found["SESSION_COOKIE_SECURE"] is False
    assert found["SECURE_SSL_REDIRECT"] is False
    assert found["DATABASES"]["default"]["NAME"] == str(tmp_path / "data" / "meshadvisor.sqlite3")


def test_a_public_https_origin_turns_on_secure_cookies_and_hsts(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        *("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS"),
        MESHADVISOR_ORIGIN="https://decisions.example.org/",
    )

    assert "decisions.example.org" in found["ALLOWED_HOSTS"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://decisions.example.org"]
    assert found["CSRF_COOKIE_SECURE"] is True
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_HSTS_SECONDS"] == 31_536_000


def test_database_url_chooses_postgresql(tmp_path: Path) -> None:
    database = read(tmp_path, "DATABASES", DATABASE_URL="postgres://me:p%40ss@db.example.org:5433/mesh")["DATABASES"]

    assert database["default"]["ENGINE"] == "django.db.backends.postgresql"
    assert database["default"]["PASSWORD"] == "p@ss"
    assert (database["default"]["HOST"], database["default"]["PORT"]) == ("db.example.org", 5433)


def test_the_secret_key_is_the_variables_when_it_is_set_and_nothing_is_written(tmp_path: Path) -> None:
    assert read(tmp_path, "SECRET_KEY", SECRET_KEY="from-outside") == {"SECRET_KEY": "from-outside"}
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("DEBUG", "maybe", "DEBUG must be 1 or 0, not 'maybe'"),
        ("MESHADVISOR_ORIGIN", "decisions.example.org", "MESHADVISOR_ORIGIN must look like https://"),
        ("MESHADVISOR_ORIGIN", "ftp://decisions.example.org", "MESHADVISOR_ORIGIN must look like https://"),
    ],
)
def test_a_variable_that_makes_no_sense_stops_the_start(tmp_path: Path, name: str, value: str, message: str) -> None:
    started = start(tmp_path, "DEBUG", **{name: value})

    assert started.returncode != 0
    assert message in started.stderr
