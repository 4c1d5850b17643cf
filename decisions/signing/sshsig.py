"""Signatures as `ssh-keygen -Y sign` makes them: read, checked and made without the program.

The format is OpenSSH's PROTOCOL.sshsig (version 1): an armoured blob that names the public key, the namespace and the
hash, and signs the hash of the message together with them. Keys and arithmetic are `cryptography`'s; only the
framing is here, because the one library for it checks Ed25519 alone.
"""

import base64
import binascii
import hashlib
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_ssh_public_key

NAMESPACE = "meshadvisor"
"""What our signatures are for; `ssh-keygen -n` has to say the same."""
MAGIC, VERSION = b"SSHSIG", 1
BEGIN, END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
LONGEST = 20_000
"""Characters of the largest signature that is looked at; an RSA one of 8192 bits takes 3,600."""
HASHES = {b"sha256": hashlib.sha256, b"sha512": hashlib.sha512}
ACCEPTED = (b"ssh-ed25519", b"ecdsa-sha2-nistp256", b"ecdsa-sha2-nistp384", b"ecdsa-sha2-nistp521", b"ssh-rsa")
LEAST_RSA_BITS = 2048
CURVE_HASHES: Mapping[int, hashes.HashAlgorithm] = {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}

PublicKey = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class SshError(ValueError):
    """The key or the signature cannot be used; the text says why and, where it helps, what to type."""


@dataclass(frozen=True, kw_only=True)
class SshSignature:
    """A signature taken apart."""

    key: bytes
    """The public key in SSH's own encoding."""
    namespace: str
    hash_name: bytes
    scheme: bytes
    """Such as b"rsa-sha2-512"; the key's own type for the others."""
    value: bytes


def fingerprint(key: bytes) -> str:
    """What `ssh-keygen -l` prints for a public key: "SHA256:..." without padding."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")


def read_public_key(line: str) -> tuple[bytes, str]:
    """The key of a line from an `id_*.pub` file, and the line without comment. SshError when it cannot be used."""
    words = line.split()
    if "PRIVATE KEY" in line:
        message = (
            "That is a private key. Paste the line of the file that ends in .pub, and make a new key: this one has "
            "left your machine."
        )
        raise SshError(message)
    if len(words) < 2 or words[0].encode() not in ACCEPTED:
        kinds = ", ".join(one.decode() for one in ACCEPTED)
        message = f"Paste one line that begins with the kind of key ({kinds}), as the file ending in .pub has it."
        raise SshError(message)
    try:
        blob = base64.b64decode(words[1], validate=True)
    except (binascii.Error, ValueError) as error:
        message = "The second word of the line is not the base64 of a key. Copy the whole line."
        raise SshError(message) from error
    load_key(blob)
    return blob, f"{words[0]} {words[1]}"


def load_key(blob: bytes) -> PublicKey:
    """The key behind its encoding. SshError when it is of no kind that is accepted here."""
    try:
        kind, _ = _take(blob)
        line = kind + b" " + base64.b64encode(blob)
        key = load_ssh_public_key(line) if kind in ACCEPTED else None
    except (ValueError, UnsupportedAlgorithm, struct.error) as error:
        message = "The key cannot be read."
        raise SshError(message) from error
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < LEAST_RSA_BITS:
        message = f"An RSA key of {key.key_size} bits is too short; {LEAST_RSA_BITS} is the least."
        raise SshError(message)
    if not isinstance(key, PublicKey):
        message = "Keys of this kind are not accepted. Use Ed25519, ECDSA or RSA."
        raise SshError(message)
    return key


def parse(armored: str) -> SshSignature:
    """A signature as `ssh-keygen` writes it. SshError when it is none."""
    text = armored.strip().replace("\r\n", "\n")
    if len(text) > LONGEST or not text.startswith(BEGIN) or not text.endswith(END):
        message = f"This is no SSH signature. It begins with {BEGIN} and ends with {END}; paste the whole file."
        raise SshError(message)
    try:
        blob = base64.b64decode("".join(text[len(BEGIN) : -len(END)].split()), validate=True)
        if not blob.startswith(MAGIC) or struct.unpack(">I", blob[6:10]) != (VERSION,):
            message = "This is no SSH signature of version 1."
            raise SshError(message)
        rest = blob[10:]
        fields = []
        for _ in range(5):
            field, rest = _take(rest)
            fields.append(field)
        scheme, tail = _take(fields[4])
        value, left = _take(tail)
    except (struct.error, ValueError, binascii.Error) as error:
        if isinstance(error, SshError):
            raise
        message = "The SSH signature is damaged."
        raise SshError(message) from error
    if rest or left or fields[3] not in HASHES or fields[2]:
        message = "The SSH signature is damaged, or uses a hash that is not SHA-256 or SHA-512."
        raise SshError(message)
    namespace = fields[1].decode(errors="replace")
    return SshSignature(key=fields[0], namespace=namespace, hash_name=fields[3], scheme=scheme, value=value)


def check(armored: str, message: bytes, namespace: str = NAMESPACE) -> bytes:
    """The public key that signed this message for this purpose. SshError when none did."""
    signature = parse(armored)
    if signature.namespace != namespace:
        text = f'It was made for "{signature.namespace}"; sign with -n {namespace}.'
        raise SshError(text)
    key = load_key(signature.key)
    try:
        _verify(key, signature, _to_be_signed(message, namespace.encode(), signature.hash_name))
    except (InvalidSignature, ValueError) as error:
        text = "The signature is not over this file, byte for byte. Download record.json again and sign that."
        raise SshError(text) from error
    return signature.key


def _verify(key: PublicKey, signature: SshSignature, data: bytes) -> None:
    if isinstance(key, ed25519.Ed25519PublicKey) and signature.scheme == b"ssh-ed25519":
        key.verify(signature.value, data)
    elif isinstance(key, ec.EllipticCurvePublicKey) and signature.scheme == f"ecdsa-sha2-nistp{key.key_size}".encode():
        first, rest = _take(signature.value)
        second, left = _take(rest)
        if left:
            message = "trailing bytes"
            raise ValueError(message)
        pair = encode_dss_signature(int.from_bytes(first, "big"), int.from_bytes(second, "big"))
        key.verify(pair, data, ec.ECDSA(CURVE_HASHES[key.key_size]))
    elif isinstance(key, rsa.RSAPublicKey) and signature.scheme in {b"rsa-sha2-256", b"rsa-sha2-512"}:
        digest = hashes.SHA512() if signature.scheme.endswith(b"512") else hashes.SHA256()
        key.verify(signature.value, data, padding.PKCS1v15(), digest)
    else:
        raise InvalidSignature


def make(message: bytes, key: ec.EllipticCurvePublicKey, sign: Callable[[bytes], bytes]) -> str:
    """A signature of a P-256 key over the message. `sign` gives the DER of ECDSA with SHA-256 over what it is given."""
    line = key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    data = _to_be_signed(message, NAMESPACE.encode(), b"sha512")
    numbers = b"".join(_string(_mpint(one)) for one in decode_dss_signature(sign(data)))
    value = _string(b"ecdsa-sha2-nistp256") + _string(numbers)
    parts = (base64.b64decode(line.split()[1]), NAMESPACE.encode(), b"", b"sha512", value)
    blob = MAGIC + struct.pack(">I", VERSION) + b"".join(_string(one) for one in parts)
    text = base64.b64encode(blob).decode()
    return "\n".join([BEGIN, *(text[place : place + 70] for place in range(0, len(text), 70)), END, ""])


def _to_be_signed(message: bytes, namespace: bytes, hash_name: bytes) -> bytes:
    parts = (namespace, b"", hash_name, HASHES[hash_name](message).digest())
    return MAGIC + b"".join(_string(one) for one in parts)


def _string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def _mpint(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def _take(data: bytes) -> tuple[bytes, bytes]:
    (size,) = struct.unpack(">I", data[:4])
    if len(data) < 4 + size:
        message = "too short"
        raise ValueError(message)
    return data[4 : 4 + size], data[4 + size :]
