"""Answers that something else in the case speaks against: a file that was read, or what is said of the mesh."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from decisions.advisor.case import Case, Found, get
from decisions.advisor.clouds import known_name
from decisions.advisor.present import SIDECARS, present_mesh
from decisions.advisor.questionnaire import question_at
from decisions.advisor.questions import FIELDS

APART = 0.2
"""Planning value: numbers that differ by no more than a fifth of the larger one may be of two days."""
CURRENT, COUNTED = "context.current", "baseline.sidecars"
FINGERPRINT = re.compile(r" \([^()]*SHA-256[^()]*\)")
"""What of a source's sentence tells files of one name apart; the record lists it with the file."""
A_PROXY = re.compile(r"\bmesh|sidecar|prox(y|ies)\b|\benvoy\b", re.IGNORECASE)
"""Words by which people mean proxies without naming their product."""


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """An answer, by its path, and the sentence that holds the other side against it."""

    path: str
    text: str


def disagreements(case: Case) -> Iterator[Disagreement]:
    """Every answer that a file or another answer speaks against. The answer counts; somebody has to find out."""
    for path, one in case.found.items():
        answered = get(case, path)
        if answered is not None and apart(path, answered, one.value):
            yield Disagreement(path=path, text=_of_a_file(path, answered, one))
    if mesh := _of_the_mesh(case):
        yield Disagreement(path=CURRENT, text=mesh)


def apart(path: str, answered: object, found: object) -> bool:
    """Whether both cannot be said of one system: numbers far apart, another product, another version."""
    if isinstance(answered, int | float) and isinstance(found, int | float):
        return abs(answered - found) > APART * max(abs(answered), abs(found))
    if path == CURRENT:
        return present_mesh(str(answered)) != present_mesh(str(found))
    if not path.startswith("baseline."):
        return False  # what a team means to do, and how a file's hint was read, are no measurements
    one, other = (known_name(str(said)).replace("-", " ").removeprefix("v") for said in (answered, found))
    return one not in other and other not in one


def _of_a_file(path: str, answered: object, found: Found) -> str:
    question, source = question_at(path), FINGERPRINT.sub("", found.source)
    label = FIELDS[path].label or (question.text if question else path)
    said, read = (f"{one:,.10g}" if isinstance(one, int | float) else str(one) for one in (answered, found.value))
    return f"{label} is answered as {said}, and {read} was read ({source}): the answer counts; see which of them holds."


def _of_the_mesh(case: Case) -> str:
    """That sidecars are said to run and none was counted, or the other way round."""
    current, counted = case.context.current, case.baseline.sidecars
    if not current or counted is None:
        return ""
    if counted == 0 and present_mesh(current) in SIDECARS:
        return (
            f"A mesh with sidecars is said to run ({current}), and 0 sidecars are counted: the answer counts; see "
            "whether it runs here, without sidecars, or somewhere else."
        )
    if counted and not present_mesh(current) and not A_PROXY.search(current):
        return (
            f"No mesh is named in what runs today, and sidecars are counted ({counted:,}): they count as a mesh; see "
            "whose they are."
        )
    return ""
