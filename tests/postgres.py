"""Run a command with DATABASE_URL naming a PostgreSQL of its own: `python -m tests.postgres pytest -m database`.

The server is made in a temporary directory by an unprivileged user (it refuses root), listens on a free loopback port
and is gone with its data when the command ends.
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_wal_senders=0 -c wal_level=minimal"


def programs() -> Path:
    """The directory of the newest installed server's programs. Exits with the command to type when there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        sys.exit("PostgreSQL's server programs are missing: apt-get install postgresql")
    return found[-1].parent


def run_as_owner(*command: str | Path) -> None:
    """Run one of the server's programs, as the user `postgres` when we are root."""
    rights = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    done = subprocess.run(
        [str(word) for word in command],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd="/",
        **rights,
    )
    if done.returncode:
        sys.exit(f"{command[0]} failed:\n{done.stdout.decode(errors='replace')}")


def free_port() -> int:
    """A loopback port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server() -> Iterator[str]:
    """A running server; yields its DATABASE_URL."""
    binaries, port, password = programs(), free_port(), secrets.token_hex(16)
    home = Path(tempfile.mkdtemp(prefix="meshadvisor-postgres-"))
    secret = home / "password"
    secret.write_text(password, encoding="ascii")
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        for path in (home, secret):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    data, control = home / "data", binaries / "pg_ctl"
    try:
        run_as_owner(
            *(binaries / "initdb", "-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
            *("--auth=scram-sha-256", f"--pwfile={secret}"),
        )
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= {FAST}"
        run_as_owner(control, "-D", data, "-w", "-l", home / "log", "-o", options, "start")
        try:
            yield f"postgres://postgres:{password}@127.0.0.1:{port}/postgres"
        finally:
            run_as_owner(control, "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def main(command: list[str]) -> int:
    """Run `command` and answer its exit code."""
    with server() as address:
        return subprocess.run(command, check=False, env={**os.environ, "DATABASE_URL": address}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
