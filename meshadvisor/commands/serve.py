"""Serve the web application with a production server.

Before the first page is served the database is migrated, the sealing key and a first administrator are made when there
are none, and the static files are collected. The administrator's one-time password is printed once and kept nowhere.
"""

import argparse
import errno
import gc
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

from meshadvisor.commands import Refusal, named_overlay
from meshadvisor.libraries import how_to_install

EXAMPLES = """  meshadvisor serve                            on http://127.0.0.1:8000
  meshadvisor serve --port 8123                on another port
  DATA_DIR=/srv/meshadvisor MESHADVISOR_ORIGIN=https://decisions.example.org meshadvisor serve
                                               behind a proxy that terminates TLS
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (%(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="server processes (%(default)s)")
    parser.add_argument(
        "--no-worker", action="store_true", help="start no `meshadvisor worker` beside it: one runs elsewhere"
    )
    parser.add_argument("--threads", type=int, default=4, help="threads in each process (%(default)s)")


def run(options: argparse.Namespace) -> int:
    """Prepare what is missing, say where the site is, serve until interrupted."""
    refuse_a_taken_port(options.host, options.port)
    if advice := how_to_install():
        raise Refusal(advice)
    refuse_a_damaged_overlay()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meshadvisor.settings")
    os.environ["MESHADVISOR_PORT"] = str(options.port)
    from meshadvisor.prepare import PrepareError, prepare  # noqa: PLC0415  (needs the settings)

    try:
        prepare(say)
    except PrepareError as error:
        raise Refusal(str(error)) from error
    with_worker(options)
    return 0


def with_worker(options: argparse.Namespace) -> None:
    """Serve with a worker beside it, which is started again when it ends and stopped when the server stops."""
    stopping = Event()
    keeper = Thread(target=keep_a_worker, args=(stopping,), daemon=True)
    if not options.no_worker:
        keeper.start()
    try:
        serve(options)
    finally:
        stopping.set()
        if keeper.is_alive():
            keeper.join(WORKER_ENDS + 5)


WORKER_ENDS = 20
"""Seconds a worker gets to finish its task when the server stops; what it leaves is begun anew at the next start."""


def keep_a_worker(stopping: Event) -> None:
    """Run `meshadvisor worker` until told to stop."""
    command = [sys.executable, "-m", "meshadvisor", "worker", "--of", str(os.getpid())]
    while not stopping.is_set():
        worker = subprocess.Popen(command)  # noqa: S603  (our own command)
        while worker.poll() is None and not stopping.wait(0.5):
            pass
        if not stopping.is_set():
            time.sleep(1)
            continue
        worker.terminate()
        try:
            worker.wait(WORKER_ENDS)
        except subprocess.TimeoutExpired:
            worker.kill()


def say(line: str) -> None:
    """One line of progress, at once."""
    print(line, flush=True)  # noqa: T201


def address(host: str, port: int) -> str:
    """Where people find the site: the public origin when one is set."""
    from django.conf import settings  # noqa: PLC0415

    return settings.ORIGIN or f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def refuse_a_damaged_overlay() -> None:
    """Raise Refusal, before anything is prepared, when the overlay of the catalogue cannot be read."""
    from decisions.advisor.catalog import CatalogError, load  # noqa: PLC0415

    try:
        load(named_overlay())
    except CatalogError as error:
        message = f"the overlay {named_overlay()} cannot be used:\n{error}"
        raise Refusal(message) from error


def refuse_a_taken_port(host: str, port: int) -> None:
    """Raise Refusal, before anything is prepared, when the address cannot be listened on."""
    if not 0 < port < 65536:
        message = f"--port must be between 1 and 65535, not {port}"
        raise Refusal(message)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                message = f"port {port} on {host} is in use; choose another: make run PORT={port + 1}"
            else:
                message = f"cannot listen on {host} port {port}: {error.strerror or error}"
            raise Refusal(message) from error


def serve(options: argparse.Namespace) -> None:
    """Run gunicorn in this process until it is told to stop."""
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415

    class Server(BaseApplication):
        def load_config(self) -> None:
            for name, value in server_settings(options).items():
                self.cfg.set(name, value)

        def load(self) -> Callable[..., Any]:
            from django.urls import get_resolver  # noqa: PLC0415

            from meshadvisor.wsgi import application  # noqa: PLC0415

            # Import all pages and load what is known once, before the workers fork: the first visitor does not wait.
            get_resolver().url_patterns  # noqa: B018
            from decisions import advice  # noqa: PLC0415

            advice.prepare()
            keep_out_of_collections()
            return application

    Server().run()


def server_settings(options: argparse.Namespace) -> dict[str, object]:
    """Gunicorn's settings: threads because pages wait for the database, a minute because a large PDF takes seconds."""
    host = f"[{options.host}]" if ":" in options.host else options.host
    return {
        "bind": f"{host}:{options.port}",
        "workers": options.workers,
        "threads": options.threads,
        "worker_class": "gthread",
        "timeout": 60,
        "preload_app": True,
        "loglevel": "warning",
        "control_socket_disable": True,
        "post_worker_init": lambda _: Thread(target=load_what_records_need, daemon=True).start(),
        "when_ready": lambda _: say(f"MeshAdvisor is at {address(options.host, options.port)}  (Ctrl-C stops it)"),
        "max_requests": 2000,
        "max_requests_jitter": 200,
    }


def load_what_records_need() -> None:
    """Load the layout and signature libraries beside the first requests: they take seconds, and few pages need them."""
    import decisions.rendering.pdf  # noqa: PLC0415
    import decisions.signing.seal  # noqa: F401, PLC0415

    keep_out_of_collections()


YOUNG = 50_000
"""Objects made before the young are looked through: an answer makes and drops some hundred thousand."""


def keep_out_of_collections() -> None:
    """What stands now stays for good: looking for garbage in it stops a request for a tenth of a second each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
