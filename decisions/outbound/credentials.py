"""How a request says who it comes from. Secrets are never part of a text representation."""

import ssl
import tempfile
from dataclasses import dataclass, field
from functools import cache

import certifi
from requests.auth import AuthBase, HTTPBasicAuth
from requests.models import PreparedRequest
from requests_aws4auth import AWS4Auth

SERVICE = "aps"
"""Amazon Managed Service for Prometheus, in signatures."""


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What a server wants to see; everything may be empty. Certificates and keys are PEM texts.

    `access_key` makes the request signed with AWS Signature Version 4 for `region`; `token` is a bearer token;
    `authority` is the only authority trusted for the server's certificate, else those of the system.
    """

    username: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    certificate: str = ""
    key: str = field(default="", repr=False)
    authority: str = ""
    region: str = ""
    access_key: str = ""
    secret_key: str = field(default="", repr=False)
    session_token: str = field(default="", repr=False)

    def auth(self) -> AuthBase:
        """What puts the credentials on a request. Always one, so that no .netrc file is looked at."""
        if self.access_key:
            more = {"session_token": self.session_token} if self.session_token else {}
            signed: AuthBase = AWS4Auth(self.access_key, self.secret_key, self.region, SERVICE, **more)
            return signed
        if self.token:
            return Bearer(self.token)
        if self.username or self.password:
            return HTTPBasicAuth(self.username.encode(), self.password.encode())
        return Nobody()

    def context(self) -> ssl.SSLContext:
        """The TLS side. Raises ValueError with a text for the user when certificate and key cannot be used."""
        if not self.authority and not self.certificate:
            return _shared()
        context = ssl.create_default_context(cadata=self.authority) if self.authority else _trusting_the_system()
        if self.certificate:
            _load_pair(context, self.certificate, self.key)
        return context


class Bearer(AuthBase):
    """A bearer token (RFC 6750)."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """The request with the token."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Nobody(AuthBase):
    """No credentials."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """The request as it is."""
        return request


@cache
def _shared() -> ssl.SSLContext:
    """Made once, because reading all authorities takes a tenth of a second; nothing of a client is ever put into it."""
    return _trusting_the_system()


def _trusting_the_system() -> ssl.SSLContext:
    """The authorities of the system, where companies put their own, and those of Mozilla for systems without any."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _load_pair(context: ssl.SSLContext, certificate: str, key: str) -> None:
    """OpenSSL reads the pair from files only: from one without a name, so that no key is ever found on the disk."""
    with tempfile.TemporaryFile() as file:
        file.write(f"{certificate}\n{key}\n".encode())
        file.flush()
        file.seek(0)
        try:
            context.load_cert_chain(f"/dev/fd/{file.fileno()}", password=_no_password)
        except (ssl.SSLError, OSError) as error:
            message = (
                "The client certificate and its key do not fit together or cannot be read: both as PEM, the key "
                "without a passphrase."
            )
            raise ValueError(message) from error


def _no_password() -> str:
    """Without this, OpenSSL would ask for the passphrase of a locked key on the terminal and wait."""
    return ""
