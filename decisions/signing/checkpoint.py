"""Signed checkpoints of the log: C2SP tlog-checkpoint in a C2SP signed note, with Ed25519.

A checkpoint says how many entries the log has and what its root is. Whoever kept an old one can ask for a proof that
today's log begins with it; a log that was rewritten has no such proof.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
"""The signature type of the signed-note format."""
DASH = "\N{EM DASH} "
HEAD = re.compile(r"\A([^\s+]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n")


class CheckpointError(ValueError):
    """This is no checkpoint of that log; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """How long the log was, and its root then."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def key_id(name: str, key: Ed25519PublicKey) -> bytes:
    """The four bytes that tell the keys of one name apart."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + key.public_bytes_raw()).digest()[:4]


def key_text(name: str, key: Ed25519PublicKey) -> str:
    """The verification key as text: name+id+key, the form of the signed-note tools."""
    return f"{name}+{key_id(name, key).hex()}+{base64.b64encode(ED25519 + key.public_bytes_raw()).decode()}"


def read_key(text: str) -> tuple[str, Ed25519PublicKey]:
    """Name and key of a verification key. Raises CheckpointError."""
    name, _, rest = text.strip().partition("+")
    identity, _, encoded = rest.partition("+")
    try:
        data = base64.b64decode(encoded, validate=True)
        if data[:1] != ED25519 or not name:
            raise ValueError
        key = Ed25519PublicKey.from_public_bytes(data[1:])
    except (binascii.Error, ValueError) as error:
        message = "this is no verification key of the form name+id+key with Ed25519"
        raise CheckpointError(message) from error
    if key_id(name, key).hex() != identity:
        message = f"the id in the verification key of {name} is not that of the key"
        raise CheckpointError(message)
    return name, key


def sign(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    """The checkpoint as a note signed under its origin."""
    signature = key_id(checkpoint.origin, key.public_key()) + key.sign(checkpoint.text.encode())
    return f"{checkpoint.text}\n{DASH}{checkpoint.origin} {base64.b64encode(signature).decode()}\n"


def read(note: str, key: str) -> Checkpoint:
    """The checkpoint in a note, after its signature by `key` (as text) held. Raises CheckpointError.

    Signatures of others, witnesses, may stand under it; they are not looked at.
    """
    found = HEAD.match(note)
    text, separator, signatures = note.partition("\n\n")
    if found is None or not separator:
        message = "this is no checkpoint: it does not begin with an origin, a size and a root"
        raise CheckpointError(message)
    verify_note(text + "\n", signatures, key)
    return Checkpoint(origin=found[1], size=int(found[2]), root=base64.b64decode(found[3]))


def verify_note(text: str, signatures: str, key: str) -> None:
    """Raise CheckpointError unless one of the signature lines is that of `key` over `text`."""
    name, public = read_key(key)
    for line in signatures.splitlines():
        signer, _, encoded = line.removeprefix(DASH).partition(" ")
        if not line.startswith(DASH) or signer != name:
            continue
        try:
            data = base64.b64decode(encoded, validate=True)
            if data[:4] == key_id(name, public):
                public.verify(data[4:], text.encode())
                return
        except (binascii.Error, InvalidSignature):
            continue
    message = f"the checkpoint is not signed by {name}"
    raise CheckpointError(message)
