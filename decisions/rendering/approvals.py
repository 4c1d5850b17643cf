"""Who stands for a record: the signatures that came in after it was frozen, for the page and for approvals.json."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from decisions.advisor.record import canonical
from decisions.advisor.record.value import one_line

SCHEMA = "meshadvisor-approvals/1"
ROLES = {"author": "Proposed by", "approval": "Approved by"}
METHODS = {"confirmation": "Signed in and confirmed; attested by the instance that sealed this file"}

Approvals = Sequence[Mapping[str, str]]
"""Signatures in plain types: signer, meaning, method, digest (of the record), statement and signed_at (ISO 8601)."""


def attached(approvals: Approvals, record_sha256: str) -> bytes:
    """The bytes of approvals.json, canonical as the record's."""
    document = {"schema": SCHEMA, "record_sha256": record_sha256, "approvals": [dict(one) for one in approvals]}
    return canonical(document)


def rows(approvals: Approvals) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the page says: for each signature its title and pairs of a name and a value."""
    return [(_title(one), _pairs(one)) for one in approvals]


def _title(one: Mapping[str, str]) -> str:
    return f"{ROLES.get(one['meaning'], one['meaning'])} {one_line(one['signer'])}"


def _pairs(one: Mapping[str, str]) -> list[tuple[str, str]]:
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
