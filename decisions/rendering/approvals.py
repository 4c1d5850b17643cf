"""Who stands for a record: the signatures that came in after it was frozen, for the page and for approvals.json."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from decisions.advisor.record import canonical
from decisions.advisor.record.value import one_line

SCHEMA = "meshadvisor-approvals/1"
ROLES = {"author": "Proposed by", "approval": "Approved by"}
ATTESTED = "attested by the instance that sealed this file"
METHODS = {
    "passkey": "With a passkey of their own, which checked who held it; the signature is in approvals.json",
    "ssh": "With an SSH key of their own; the signature is in approvals.json",
    "second-factor": f"Signed in and confirmed with a second factor; {ATTESTED}",
    "password": f"Signed in and confirmed with the password; {ATTESTED}",
    "confirmation": f"Signed in and confirmed; {ATTESTED}",
}

Approvals = Sequence[Mapping[str, Any]]
"""Signatures in plain types: signer, meaning, method, digest (the record's), statement, signed_at (ISO 8601), proof."""


def attached(approvals: Approvals, record_sha256: str) -> bytes:
    """The bytes of approvals.json, canonical as the record's."""
    document = {"schema": SCHEMA, "record_sha256": record_sha256, "approvals": [dict(one) for one in approvals]}
    return canonical(document)


def rows(approvals: Approvals) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the page says: for each signature its title and pairs of a name and a value."""
    return [(_title(one), _pairs(one)) for one in approvals]


def _title(one: Mapping[str, Any]) -> str:
    return f"{ROLES.get(one['meaning'], one['meaning'])} {one_line(one['signer'])}"


def _pairs(one: Mapping[str, Any]) -> list[tuple[str, str]]:
    when = datetime.fromisoformat(one["signed_at"]).astimezone(UTC)
    return [
        ("Statement", one_line(one["statement"])),
        ("When", f"{when:%Y-%m-%d %H:%M:%S} UTC"),
        ("How", METHODS.get(one["method"], one["method"])),
        ("Record digest", one["digest"]),
    ]


def status(recorded: str, approvals: Approvals) -> str:
    """The status for the cover: what the record was frozen with, or that it was accepted since."""
    return "Accepted" if any(one["meaning"] == "approval" for one in approvals) else recorded.capitalize()
