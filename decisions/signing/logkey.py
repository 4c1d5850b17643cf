"""The key that signs checkpoints of the log: made at first use, kept encrypted in the data directory.

log/key.pem      the Ed25519 key, under the passphrase
log/passphrase   unless the environment gives one (the one of the seal)
log/key.txt      the verification key: what others keep, free to hand out
"""

import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from decisions.signing.checkpoint import Checkpoint, key_text, sign
from decisions.signing.keystore import PASSPHRASE_VARIABLE, SealError


@dataclass(frozen=True, kw_only=True)
class LogKey:
    """The log's name and its key."""

    origin: str
    key: Ed25519PrivateKey

    @property
    def public(self) -> str:
        """The verification key as text."""
        return key_text(self.origin, self.key.public_key())

    def sign(self, size: int, root: bytes) -> str:
        """A signed checkpoint."""
        return sign(Checkpoint(origin=self.origin, size=size, root=root), self.key)


def ensure_log_key(data_dir: Path) -> LogKey:
    """The key under `data_dir`; made when there is none. Raises SealError when there is one that cannot be opened."""
    folder = data_dir / "log"
    if not folder.exists():
        _make(folder)
    try:
        given = os.environ.get(PASSPHRASE_VARIABLE, "").encode()
        passphrase = given or (folder / "passphrase").read_bytes().strip()
        key = load_pem_private_key((folder / "key.pem").read_bytes(), passphrase)
        origin = (folder / "key.txt").read_text(encoding="ascii").partition("+")[0]
    except (OSError, ValueError) as error:
        message = (
            f"the key of the log in {folder} cannot be opened. Without a file named passphrase there, "
            f"{PASSPHRASE_VARIABLE} must be set to the one it was made under."
        )
        raise SealError(message) from error
    if not isinstance(key, Ed25519PrivateKey):
        message = f"{folder / 'key.pem'} must hold an Ed25519 key"
        raise SealError(message)
    return LogKey(origin=origin, key=key)


def _make(folder: Path) -> None:
    draft = folder.with_name(f".log-{secrets.token_hex(8)}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir(mode=0o700)
        passphrase = os.environ.get(PASSPHRASE_VARIABLE, "").encode()
        if not passphrase:
            passphrase = secrets.token_urlsafe(32).encode()
            _write(draft / "passphrase", passphrase)
        key = Ed25519PrivateKey.generate()
        lock = BestAvailableEncryption(passphrase)
        _write(draft / "key.pem", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock))
        origin = f"meshadvisor/{key.public_key().public_bytes_raw()[:6].hex()}"
        _write(draft / "key.txt", key_text(origin, key.public_key()).encode() + b"\n", mode=0o644)
        draft.rename(folder)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        if not folder.exists():  # else another process was faster
            message = f"the key of the log cannot be kept in {folder}: {error.strerror}"
            raise SealError(message) from error


def _write(path: Path, data: bytes, mode: int = 0o600) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
