"""Checks the Markdown of a record. What holds the words is a digest somebody vouches for, or a proof beside it."""

import re
from collections.abc import Container, Sequence

from decisions.advisor.record import digest
from decisions.signing.report import FILED, Kind, Layer, Lookup, Report, conclude

DIGEST = re.compile(rb'^record-sha256: "([0-9a-f]{64})"$', re.MULTILINE)
"""The line of the front matter that names the record."""

FRONT_MATTER = Kind(
    name="structure",
    title="Structure",
    proves="The file begins like the Markdown of a record and names the record it was made from.",
    not_proven="That the words below are those of the record.",
)
VOUCHED = Kind(
    name="seal",
    title="Seal",
    proves="Somebody you asked vouches for exactly these bytes.",
    not_proven="Anything to somebody who does not trust the one asked.",
)


def examine(data: bytes, known: Container[str], vouched: Sequence[Layer], filed: Lookup | None) -> Report:
    """The report of a Markdown file: valid when its own SHA-256 is known, in the log, or named by a proof beside it."""
    names = DIGEST.findall(data)
    named = names[0].decode() if len(names) == 1 else ""
    layers = [Layer(kind=FRONT_MATTER, state="passed", said=f"It names the record {named or 'in more than one way'}.")]
    if filed is not None:
        found, said = filed(digest(data))
        layers.append(Layer(kind=FILED, state="passed" if found else "failed", said=said))
    elif digest(data) in known:
        layers.append(Layer(kind=VOUCHED, state="passed", said="Its SHA-256 is one that is vouched for."))
    elif not vouched:
        said = (
            "Markdown carries no seal, so anybody could have written it. Give the envelope that names its "
            f"SHA-256 ({digest(data)}) with --envelope, or ask the issuer's page."
        )
        layers.append(Layer(kind=VOUCHED, state="unproven", said=said))
    facts = [("Record, SHA-256", named), ("File, SHA-256", digest(data))]
    return conclude([*layers, *vouched], facts, "These words are, byte for byte, those that were issued.")
