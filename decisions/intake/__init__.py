"""From bytes to measurements: what a file is, what it says, and what it answers. Knows no web and no database."""

from decisions.intake.answers import Answer, answers
from decisions.intake.files import PARSERS, join, read, read_together
from decisions.intake.inspection import as_inspect
from decisions.intake.places import marks, places
from decisions.intake.reading import Cluster, Item, Kind, LoadTest, Reading, Unreadable

__all__ = [
    "PARSERS",
    "Answer",
    "Cluster",
    "Item",
    "Kind",
    "LoadTest",
    "Reading",
    "Unreadable",
    "answers",
    "as_inspect",
    "join",
    "marks",
    "places",
    "read",
    "read_together",
]
