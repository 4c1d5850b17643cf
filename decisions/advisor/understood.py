"""What was typed freely and what is made of it: said beside its field, and refused nowhere."""

from decisions.advisor.case import Case
from decisions.advisor.deadline import names_a_time, read_deadline
from decisions.advisor.quantities import as_shown, counted

DEADLINE = "context.deadline"
NOT_COUNTED = (
    "This names no single day or length of time that can be read, so it is not counted as a deadline. Write a date "
    "with its year (31 March 2027, 2027-03-31, Q1 2027) or a length (5 months)."
)


def understood(case: Case, path: str) -> str | None:
    """What to say beside a field of what stands in it; empty when there is nothing, None where there never is."""
    return _deadline(case) if path == DEADLINE else None


def _deadline(case: Case) -> str:
    """Which day or length is counted with; nothing of a text that names no time ("no date")."""
    said = case.context.deadline
    deadline = read_deadline(said)
    if deadline is None:
        return NOT_COUNTED if names_a_time(said) else ""
    if deadline.day:
        day = deadline.day.isoformat()
        return f"This is counted as a deadline on {day}."
    return f"This is counted as a deadline in {counted(as_shown(deadline.months), 'month')} from the day of the answer."
