"""The address of a server as a user types it: scheme, host, port and path prefix, and nothing else."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

MOST = 500
# Pages of Prometheus and Grafana that people copy from the browser: the API lies beside them.
_PAGES = re.compile(r"/(?:api/v1(?:/.*)?|graph|query|targets|alerts|classic/graph|federate|metrics|-/healthy)$")
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){0,20}\.?|\[[0-9a-f:.]{2,45}\]")


class BadAddress(ValueError):  # noqa: N818 - what the text is, shown to the user
    """What was typed is no address of a server; the text says what is wrong with it."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a server is."""

    scheme: str
    host: str
    """Lower case; an IPv6 address in brackets."""
    port: int | None
    prefix: str = ""
    """The path before the API, without a slash at its end; empty for none."""

    @classmethod
    def of(cls, typed: str) -> "Place":
        """From an address such as https://metrics.example.org/prometheus. Raises BadAddress."""
        text = typed.strip()
        if "://" not in text:
            raise BadAddress("Begin with https:// or http://, for example https://prometheus.example.org.")
        if len(text) > MOST or re.search(r"[\s\\\x00-\x1f\x7f]", text):
            raise BadAddress(f"An address has no spaces, no backslashes and at most {MOST} characters.")
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError as error:
            raise BadAddress("This is no address: check the host and the port.") from error
        if parts.scheme not in {"http", "https"}:
            raise BadAddress("The address must begin with https:// or http://.")
        if "@" in parts.netloc:
            raise BadAddress("Leave user name and password out of the address; there are fields for them.")
        return cls(scheme=parts.scheme, host=_host(parts.hostname or ""), port=port, prefix=_prefix(parts.path))

    @property
    def netloc(self) -> str:
        """Host and, where one was typed, port."""
        return self.host if self.port is None else f"{self.host}:{self.port}"

    @property
    def address(self) -> str:
        """The address with its prefix, normalised."""
        return f"{self.scheme}://{self.netloc}{self.prefix}"


def _host(name: str) -> str:
    host = f"[{name}]" if ":" in name else name
    try:
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise BadAddress(f"{name} is no name of a host.") from error
    if not _HOST.fullmatch(host.lower()):
        raise BadAddress("The address has no host, or its name has signs that no host has.")
    return host.lower()


def _prefix(path: str) -> str:
    path = re.sub(r"/{2,}", "/", path).rstrip("/")
    if any(part in {".", ".."} for part in path.split("/")):
        raise BadAddress("The path must not have . or .. in it.")
    return quote(_PAGES.sub("", path), safe="/%:@!$&'()*+,;=~-._")
