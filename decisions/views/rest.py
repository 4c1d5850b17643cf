"""Step 1 in one go: what nobody asks for is marked as not needed all at once, and taken back the same way."""

from collections.abc import Iterable, Mapping

from django.http import QueryDict

from decisions.advisor.case import Case, Need
from decisions.advisor.questions import FIELDS
from decisions.advisor.requirements import BY_ID

STEP = "requirements"
"""The step whose questions can be answered this way."""
ALL, BACK = "rest", "back"
"""What the two buttons are called in what is posted."""


def path_of(requirement: str) -> str:
    """Where the case document says how much a requirement is needed."""
    return f"requirements.{requirement}.need"


def filled(answers: Mapping[str, object], posted: QueryDict) -> dict[str, object]:
    """The answers of step 1 with the open requirements as not needed, where the person asked for that."""
    if ALL not in posted:
        return dict(answers)
    open_ones = {one: Need.NOT_NEEDED.value for one in map(path_of, BY_ID) if one in answers and not answers[one]}
    return {**answers, **open_ones}


def named(text: str, case: Case) -> tuple[str, ...]:
    """The requirements of an address or a form that exist and are still marked as not needed."""
    known = (one for one in text.split(".") if one in BY_ID)
    return tuple(one for one in dict.fromkeys(known) if case.answer(one).need is Need.NOT_NEEDED)


def nouns(requirements: Iterable[str]) -> list[str]:
    """What they are called."""
    return [BY_ID[one].noun for one in requirements]


def taken_back(requirements: Iterable[str]) -> dict[str, object]:
    """The answers that open them again."""
    return {path: None for path in map(path_of, requirements) if path in FIELDS}
