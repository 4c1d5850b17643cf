"""What was typed freely and cannot be read: said beside its field, and refused nowhere."""

from decisions.advisor.case import Case
from decisions.advisor.measures import months_left

DEADLINE = "context.deadline"
ANY_DAY = "2026-01-01"
"""Whether a text is read as a time does not hang on the day it is read."""
NOT_COUNTED = (
    "This is read neither as a date (2027-03-31, 31.03.2027) nor as a length (5 months), so it is not counted as a "
    "deadline."
)


def unread(case: Case, path: str) -> str | None:
    """What to say beside a field of what stands in it; empty when it is read, None where nothing is ever said.

    A text without digits ("no date") names no time, so nothing is missed.
    """
    if path != DEADLINE:
        return None
    said = case.context.deadline or ""
    known = not any(sign.isdigit() for sign in said) or months_left(case, ANY_DAY) is not None
    return "" if known else NOT_COUNTED
