"""What a record argues from, in one file of its own: who named each requirement and by what, and what was measured.

All of it stands in the record too. The file is for the person who checks evidence and not decisions: the names and
digests of the measured files lead to the files themselves, which stay with the team.
"""

from collections.abc import Mapping
from typing import Any

from decisions.advisor.record import canonical, digest

SCHEMA = "meshadvisor-evidence/1"
KEPT = ("need", "evidence", "override", "simplest_fix")
"""What an answer about a requirement says of its grounds."""


def render(document: Mapping[str, Any]) -> bytes:
    """The evidence of a record document as RFC 8785 JSON; it names the record by its digest."""
    answers: Mapping[str, Any] = document["inputs"]["case"].get("requirements") or {}
    return canonical(
        {
            "schema": SCHEMA,
            "record_sha256": digest(canonical(document)),
            "requirements": {name: _grounds(answer) for name, answer in answers.items()},
            "measurements": document.get("measurements", []),  # a record leaves out what is empty
            "sources": document.get("sources", []),
        }
    )


def _grounds(answer: object) -> dict[str, object]:
    if not isinstance(answer, Mapping):
        return {"need": answer}
    return {key: answer[key] for key in KEPT if key in answer}
