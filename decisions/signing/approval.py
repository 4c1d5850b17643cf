"""What an approver signs, in which ways, and whether an approval kept with a record holds by itself.

Three ways, told apart: a passkey and an SSH key sign with a key of the person's own, so that anybody can check it; a
confirmation is the word of the instance that it had recognised the person.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from decisions.advisor.record import canonical
from decisions.signing import passkey, sshsig
from decisions.signing.trust import Person

SCHEMA = "meshadvisor-statement/1"
PASSKEY, SSH = "passkey", "ssh"
OWN_KEY = (PASSKEY, SSH)
"""Ways in which the person signs with a key of their own."""
ATTESTED = ("second-factor", "password", "confirmation")
"""Ways in which this instance says that it recognised the person, the strongest first."""

Entry = Mapping[str, Any]
"""One approval in plain JSON types, as approvals.json has it."""


class ApprovalError(ValueError):
    """An approval does not hold; the text says which and why."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is approved: the record by its number, revision and digest, and by whom with which meaning."""

    organisation: str
    number: str
    revision: int
    record_sha256: str
    meaning: str
    approver: str
    """The account name, which is never given to somebody else."""
    sentence: str
    """What the person reads and agrees to."""


def statement(subject: Subject, now: datetime) -> dict[str, Any]:
    """The statement to be signed; its canonical bytes are new each time."""
    return {
        "schema": SCHEMA,
        "organisation": subject.organisation,
        "number": subject.number,
        "revision": subject.revision,
        "record_sha256": subject.record_sha256,
        "meaning": subject.meaning,
        "approver": subject.approver,
        "sentence": subject.sentence,
        "requested_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "nonce": secrets.token_urlsafe(16),
    }


def check(entry: Entry, record: bytes, people: Sequence[Person] = ()) -> str:
    """How this approval of the record (its canonical bytes) stands, in words. ApprovalError when it does not hold.

    `people` are keys and whose they are; when there are any, the key has to be one of that account's.
    """
    name = f"{entry.get('signer')} ({entry.get('meaning')})"
    if entry.get("digest") != hashlib.sha256(record).hexdigest():
        message = f"The approval of {name} is for another record."
        raise ApprovalError(message)
    method, proof = entry.get("method"), entry.get("proof") or {}
    try:
        if method == PASSKEY:
            _agree(proof["statement"], entry)
            passkey.check(proof, canonical(proof["statement"]))
            return f"{name} by passkey, which holds{_owned(entry, PASSKEY, proof['public_key'], people)}"
        if method == SSH:
            key = sshsig.check(str(proof["signature"]), record)
            if sshsig.read_public_key(str(proof["public_key"]))[0] != key:
                message = "the signature is by another key"
                raise ValueError(message)
            whose = _owned(entry, SSH, proof["public_key"], people)
            return f"{name} by SSH key {sshsig.fingerprint(key)}, which holds{whose}"
        if method in ATTESTED and not proof.get("signature"):
            return f"{name} by the word of the issuer"
    except (ValueError, KeyError, TypeError) as error:
        message = f"The approval of {name} does not hold: {error}"
        raise ApprovalError(message) from error
    message = f"The approval of {name} was given in a way that this version does not know."
    raise ApprovalError(message)


def _owned(entry: Entry, kind: str, public_key: str, people: Sequence[Person]) -> str:
    """Words for a key that is known as this person's; none when nobody's keys are known. ValueError for another."""
    if not people:
        return ""
    account = entry.get("account")
    if Person(account=str(account), kind=kind, public_key=str(public_key)) not in people:
        message = f"the key is none of those that the trust bundle gives to {account}"
        raise ValueError(message)
    return " and is known as theirs"


def _agree(said: Mapping[str, Any], entry: Entry) -> None:
    pairs = (("record_sha256", "digest"), ("meaning", "meaning"), ("approver", "account"), ("sentence", "statement"))
    if said.get("schema") != SCHEMA or any(said.get(here) != entry.get(there) for here, there in pairs):
        message = "what was signed is not what it is said to be"
        raise ValueError(message)


@dataclass(frozen=True, kw_only=True)
class Given:
    """How an approval was given: the way, and what has to be kept so that it can be checked."""

    method: str = "confirmation"
    proof: Mapping[str, Any] = field(default_factory=dict)
