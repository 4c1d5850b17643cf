"""Checks proofs that lie beside a file: the DSSE envelope that names its SHA-256, and an SSH signature over it."""

import json
from collections.abc import Iterator
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from decisions.advisor.record import digest
from decisions.signing import envelope, sshsig
from decisions.signing.report import Kind, Layer, Report, conclude, unreadable
from decisions.signing.trust import Trust

ENVELOPE = Kind(
    name="envelope",
    title="Envelope",
    proves="The holder of the sealing key named these files by their SHA-256.",
    not_proven="When: an envelope has no time but the issuer's word.",
)
NAMED = Kind(
    name="named",
    title="Named",
    proves="The file is, byte for byte, one of those that the envelope names.",
    not_proven="That no newer revision of the decision exists.",
)
SSH = Kind(
    name="signature",
    title="SSH signature",
    proves="The holder of this key signed exactly these bytes.",
    not_proven="Whose key it is, beyond what the trust bundle says; and when it signed.",
)
NO_SEAL = (
    "The envelope cannot be checked without the certificate of the seal. Give a trust bundle (--trust trust.json), or "
    "a PEM file with the seal's certificate."
)


def examine(data: bytes, trust: Trust) -> Report:
    """The report of an envelope by itself: who signed it, and what it names."""
    try:
        json.loads(data)
    except (ValueError, RecursionError) as error:
        return unreadable(f"The envelope is not readable as JSON ({error}), so there is nothing to check.")
    if not _seals(trust):
        return unreadable(NO_SEAL)
    layer, statement = _opened(data, trust)
    said = [(f"Names {one['name']}", one["digest"]["sha256"]) for one in statement.get("subject", [])]
    if trust.own:
        return conclude([layer], said, "The envelope is by this instance. Compare the files with what it names.")
    return conclude([layer], said, "The envelope is by an issuer you trust. Compare the files with what it names.")


def envelope_layers(data: bytes, file: bytes, trust: Trust) -> Iterator[Layer]:
    """What an envelope says about a file: whether it is genuine, and whether it names the file."""
    if not _seals(trust):
        yield Layer(kind=ENVELOPE, state="failed", said=NO_SEAL)
        return
    layer, statement = _opened(data, trust)
    yield layer
    if layer.failed:
        return
    names = [one["name"] for one in statement["subject"] if one["digest"]["sha256"] == digest(file)]
    if names:
        yield Layer(kind=NAMED, state="passed", said=f"The envelope names this file as {', '.join(names)}.")
        return
    said = f"The envelope names no file with the SHA-256 of this one ({digest(file)})."
    yield Layer(kind=NAMED, state="failed", said=said)


def ssh_layer(armored: bytes, file: bytes, trust: Trust) -> Layer:
    """Whose SSH signature it is, and whether it is over this file."""
    try:
        key = sshsig.check(armored.decode("ascii", errors="replace"), file)
    except sshsig.SshError as error:
        return Layer(kind=SSH, state="failed", said=str(error))
    whose = next((name for name, known in _keys(trust) if known == key), "")
    if whose:
        return Layer(kind=SSH, state="passed", said=f"By {whose}, with the key {sshsig.fingerprint(key)}.")
    said = f"By the key {sshsig.fingerprint(key)}, which nobody has that you trust."
    return Layer(kind=SSH, state="failed", said=said)


def _opened(data: bytes, trust: Trust) -> tuple[Layer, dict[str, Any]]:
    why = ""
    for seal in _seals(trust):
        try:
            statement = envelope.check(data, seal)
            subjects = [(one["name"], one["digest"]["sha256"]) for one in statement["subject"]]
        except envelope.EnvelopeError as error:
            why = str(error)
        except (KeyError, TypeError) as error:
            why = f"its statement cannot be read ({type(error).__name__})"
        else:
            said = f"Signed by {seal.subject.rfc4514_string()}; it names {len(subjects)} files."
            return Layer(kind=ENVELOPE, state="passed", said=said), statement
    return Layer(kind=ENVELOPE, state="failed", said=f"The envelope does not hold: {why}."), {}


def _seals(trust: Trust) -> list[x509.Certificate]:
    """Certificates of seals: of those named as such, and among the authorities, where a PEM file may have put one."""
    given = [*trust.seals, *trust.authorities]
    return [
        one for one in given if isinstance(one.public_key(), ec.EllipticCurvePublicKey) and one.issuer != one.subject
    ]


def _keys(trust: Trust) -> Iterator[tuple[str, bytes]]:
    for seal in _seals(trust):
        public = seal.public_key()
        line = public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
        yield f"the issuer ({seal.subject.rfc4514_string()})", sshsig.read_public_key(line)[0]
    for one in trust.people:
        if one.kind == "ssh":
            yield one.account, sshsig.read_public_key(one.public_key)[0]
