"""A real Prometheus on loopback, told its history by an exporter of ours."""

import json
import shutil
import socket
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests.outbound.certificates import Authority
from tests.outbound.servers import Handler, serving
from tests.prometheus import exporter

PROTOBUF = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
USER, PASSWORD = "reader", "open-sesame"
HASHED = "$2b$04$dgq7C6bT9s2QTI4Tc8nTDuLtufRuD2vCos8PevoVdMuzkhRkvFtl."  # of PASSWORD, by bcrypt


@dataclass(frozen=True, kw_only=True)
class Running:
    """A Prometheus that runs, and what its exporter told it."""

    address: str
    """With the path prefix."""
    start: float
    """When its history begins, in seconds since the epoch."""
    authority: Authority | None = None


@pytest.fixture(autouse=True)
def loopback(settings) -> None:
    """The tests' servers are on this machine, where requests go only when a setting allows it."""
    settings.OUTBOUND_ALLOWED = [ip_network("127.0.0.0/8")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """With a path prefix, a password, classic and native histograms."""
    folder = tmp_path_factory.mktemp("prometheus")
    start = time.time() - exporter.MINUTES * 60
    with exporting(start) as targets:
        web = {"basic_auth_users": {USER: HASHED}}
        with prometheus(folder, targets, web, "--enable-feature=native-histograms") as address:
            wait_for_history(address)
            yield Running(address=address, start=start)


@pytest.fixture(scope="module")
def locked_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Over TLS, for clients with a certificate only."""
    folder = tmp_path_factory.mktemp("tls")
    authority = Authority()
    certificate, key = authority.issue("server")
    for name, text in (("server.pem", certificate), ("server.key", key), ("authority.pem", authority.pem)):
        (folder / name).write_text(text)
    tls = {
        "cert_file": str(folder / "server.pem"),
        "key_file": str(folder / "server.key"),
        "client_ca_file": str(folder / "authority.pem"),
        "client_auth_type": "RequireAndVerifyClientCert",
    }
    with prometheus(folder, [], {"tls_server_config": tls}) as address:
        wait_until_ready(folder / "log")
        yield Running(address=address.replace("http:", "https:"), start=time.time(), authority=authority)


@contextmanager
def exporting(start: float) -> Iterator[list[str]]:
    """Two exporters that tell their history once; the targets of a scrape."""
    answers = {"/metrics": [exporter.cluster(start).text()], "/native": [exporter.native(start)]}

    def answer(handler: Handler) -> None:
        left = answers[handler.path]
        handler.say(200, left.pop() if left else b"", PROTOBUF if handler.path == "/native" else "text/plain")

    with serving(answer) as address:
        yield [address.removeprefix("http://")]


@contextmanager
def prometheus(folder: Path, targets: list[str], web: dict[str, object], *flags: str) -> Iterator[str]:
    """A Prometheus under /prometheus that scrapes the targets each second; its address."""
    program = shutil.which("prometheus")
    if program is None:
        pytest.skip("prometheus is not installed")
    jobs = [
        {"job_name": path, "metrics_path": path, "scrape_interval": "1s", "scrape_timeout": "1s"}
        | {"static_configs": [{"targets": targets}]}
        for path in ("/metrics", "/native")
    ]
    (folder / "prometheus.yml").write_text(json.dumps({"scrape_configs": jobs if targets else []}))
    (folder / "web.yml").write_text(json.dumps(web))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        program,
        f"--config.file={folder / 'prometheus.yml'}",
        f"--web.config.file={folder / 'web.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--web.route-prefix=/prometheus",
        *flags,
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield f"http://127.0.0.1:{port}/prometheus"
    finally:
        process.kill()
        process.wait()


def wait_for_history(address: str) -> None:
    """Until both exporters have been scraped."""
    query = urlencode({"query": "count(kube_namespace_status_phase) + count(http_request_duration_seconds)"})
    request = Request(f"{address}/api/v1/query?{query}")
    request.add_header("Authorization", f"Basic {b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}")
    found = b""
    for _ in range(150):
        try:
            found = urlopen(request, timeout=2).read()
            if json.loads(found)["data"]["result"]:
                return
        except OSError as error:
            found = str(error).encode()
        time.sleep(0.1)
    raise AssertionError(f"{address} has no figures after 15 seconds: {found.decode()}")


def wait_until_ready(log: Path) -> None:
    """Until it says so in its log: it listens a while before it answers."""
    for _ in range(300):
        if b"ready to receive web requests" in log.read_bytes():
            return
        time.sleep(0.1)
    raise AssertionError(f"Prometheus is not ready after 30 seconds: {log.read_text()[-1000:]}")
