"""Where the sealing key lives: in memory from an encrypted file, in a PKCS#11 token, or behind a command.

Whatever it is, it signs with ECDSA P-256 over SHA-256 and gives its public half; nothing else is asked of it.
"""

import hashlib
import os
import shlex
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key

PIN_VARIABLE = "MESHADVISOR_SEAL_PIN"
COMMAND_SECONDS = 30


class SealError(RuntimeError):
    """The seal cannot be made, opened or used; the text says why and what to do."""


class SealingKey(Protocol):
    """A P-256 key that can sign."""

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        """Its public half."""

    def sign(self, data: bytes) -> bytes:
        """ECDSA with SHA-256 over the data, as DER. SealError when it cannot be reached."""


@dataclass(frozen=True, kw_only=True)
class LocalKey:
    """A key in memory."""

    private: ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        """Its public half."""
        return self.private.public_key()

    def sign(self, data: bytes) -> bytes:
        """ECDSA with SHA-256 over the data, as DER."""
        return self.private.sign(data, ec.ECDSA(hashes.SHA256()))


@dataclass(frozen=True, kw_only=True)
class CommandKey:
    """A key behind a program of the operator's: a cloud's key service, a vault.

    `PROGRAM public-key` prints the public key as PEM; `PROGRAM sign` reads the 32 bytes of a SHA-256 digest from
    standard input and writes the DER of an ECDSA signature over it.
    """

    command: tuple[str, ...]

    @cached_property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        """Its public half. SealError when the program does not give a P-256 key."""
        try:
            return _p256(load_pem_public_key(self._run("public-key")))
        except ValueError as error:
            message = f"{self.command[0]} public-key printed no public key in PEM form"
            raise SealError(message) from error

    def sign(self, data: bytes) -> bytes:
        """ECDSA with SHA-256 over the data, as DER. SealError."""
        signature = self._run("sign", hashlib.sha256(data).digest())
        try:
            self.public_key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
        except (InvalidSignature, ValueError) as error:
            message = f"{self.command[0]} sign wrote something that is not a signature by its key"
            raise SealError(message) from error
        return signature

    def _run(self, act: str, data: bytes = b"") -> bytes:
        try:
            done = subprocess.run(  # noqa: S603 - the operator's own program, from the environment
                [*self.command, act], input=data, capture_output=True, timeout=COMMAND_SECONDS, check=True
            )
        except subprocess.CalledProcessError as error:
            said = error.stderr.decode(errors="replace").strip()[-300:]
            message = f"{self.command[0]} {act} failed: {said or f'exit code {error.returncode}'}"
            raise SealError(message) from error
        except (OSError, subprocess.TimeoutExpired) as error:
            message = f"{self.command[0]} {act} cannot be run: {error}"
            raise SealError(message) from error
        return done.stdout


@dataclass(frozen=True, kw_only=True)
class TokenKey:
    """A key in a PKCS#11 token, which it never leaves."""

    module: str
    token: str
    label: str
    pin: str = field(repr=False)
    lock: Any = field(default_factory=threading.Lock, repr=False, compare=False)

    @cached_property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        """Its public half. SealError when the token does not give it."""
        import pkcs11  # noqa: PLC0415 - only where a token is used
        from pkcs11.util.ec import encode_ec_public_key  # noqa: PLC0415

        def read(session: Any) -> bytes:
            key = session.get_key(object_class=pkcs11.ObjectClass.PUBLIC_KEY, label=self.label)
            return bytes(encode_ec_public_key(key))

        return _p256(load_der_public_key(self._with_session(read)))

    def sign(self, data: bytes) -> bytes:
        """ECDSA with SHA-256 over the data, as DER. SealError.

        The token gets the digest (CKM_ECDSA): many, SoftHSM among them, have no mechanism that hashes too.
        """
        import pkcs11  # noqa: PLC0415

        def put(session: Any) -> bytes:
            key = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=self.label)
            return bytes(key.sign(hashlib.sha256(data).digest(), mechanism=pkcs11.Mechanism.ECDSA))

        raw = self._with_session(put)
        half = len(raw) // 2
        return encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))

    def _with_session(self, use: Any) -> bytes:
        import pkcs11  # noqa: PLC0415

        try:
            # One login at a time: a token counts sessions of a process, not of a thread.
            with (
                self.lock,
                pkcs11.lib(self.module).get_token(token_label=self.token).open(user_pin=self.pin) as session,
            ):
                result: bytes = use(session)
                return result
        except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
            message = (
                f"the key {self.label!r} in the token {self.token!r} cannot be used ({type(error).__name__}). Is the "
                f"token there, does it hold a P-256 key pair of that label, and is {PIN_VARIABLE} right?"
            )
            raise SealError(message) from error


def open_key(where: str, environment: Mapping[str, str] = os.environ) -> SealingKey:
    """The key that an address names. SealError when the address cannot be read.

    pkcs11:token=NAME;object=LABEL?module-path=/usr/lib/softhsm/libsofthsm2.so   (RFC 7512; the PIN is in the
        environment, or in the file that pin-source names)
    command:/usr/local/bin/sealer --profile production
    """
    kind, _, rest = where.partition(":")
    if kind == "command" and (words := tuple(shlex.split(rest))):
        return CommandKey(command=words)
    if kind == "pkcs11":
        path, _, query = rest.partition("?")
        named = {key: unquote(value) for key, _, value in (part.partition("=") for part in path.split(";"))}
        asked = dict(parse_qsl(query))
        if {"token", "object"} <= named.keys() and "module-path" in asked:
            pin = environment.get(PIN_VARIABLE, "") or _pin(asked.get("pin-source", ""))
            return TokenKey(module=asked["module-path"], token=named["token"], label=named["object"], pin=pin)
    message = (
        f"{where!r} names no sealing key. Write pkcs11:token=NAME;object=LABEL?module-path=/path/to/module.so, or "
        "command:/path/to/program"
    )
    raise SealError(message)


def _pin(source: str) -> str:
    if not source:
        return ""
    try:
        return Path(source.removeprefix("file:")).read_text(encoding="utf-8").strip()
    except OSError as error:
        message = f"the file that pin-source names cannot be read: {error.strerror}"
        raise SealError(message) from error


def _p256(key: object) -> ec.EllipticCurvePublicKey:
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        message = "the sealing key must be an ECDSA key on the curve P-256"
        raise SealError(message)
    return key
