"""The decision record: what was decided, why, and from what, as words and numbers that renderings lay out."""

from decisions.advisor.record.draft import draft
from decisions.advisor.record.plain import RecordError, canonical, digest, document, inputs_digest, read
from decisions.advisor.record.value import (
    SCHEMA,
    About,
    Bullets,
    Callout,
    Chart,
    ChartRow,
    Facts,
    Inputs,
    Measured,
    Paragraph,
    Record,
    Section,
    Table,
    Text,
)

__all__ = [
    "SCHEMA",
    "About",
    "Bullets",
    "Callout",
    "Chart",
    "ChartRow",
    "Facts",
    "Inputs",
    "Measured",
    "Paragraph",
    "Record",
    "RecordError",
    "Section",
    "Table",
    "Text",
    "canonical",
    "digest",
    "document",
    "draft",
    "inputs_digest",
    "read",
]
