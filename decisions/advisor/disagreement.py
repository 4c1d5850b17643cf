"""Answers that something else in the case speaks against: a file that was read, or what is said of the mesh."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from decisions.advisor.case import Case, Found, get
from decisions.advisor.clouds import known_name
from decisions.advisor.present import SIDECARS, present_mesh, version_beside
from decisions.advisor.questionnaire import question_at
from decisions.advisor.questions import FIELDS

FILE = re.compile(r".* in (.+? \([^()]*SHA-256[^()]*\))")
"""The file at the end of a source's sentence."""
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
    file: str = ""
    """The file that says otherwise, with its fingerprint; empty where it names none."""

    @property
    def label(self) -> str:
        """What the field is called."""
        return label_of(self.path)


def together(found: tuple[Disagreement, ...]) -> Iterator[Disagreement]:
    """One for each file, that names every field it speaks against."""
    files: dict[str, list[Disagreement]] = {}
    for one in found:
        files.setdefault(one.file or one.path, []).append(one)
    for file, (first, *others) in files.items():
        if not others:
            yield first
            continue
        name, fields = FINGERPRINT.sub("", file), ", ".join(one.label for one in (first, *others))
        text = (
            f"{name} speaks against {len(others) + 1} answers ({fields}): the answers count; see which of them hold, "
            "or read the file again and keep them there."
        )
        yield Disagreement(path=first.path, text=text, file=file)


def disagreements(case: Case) -> Iterator[Disagreement]:
    """Every answer that a file or another answer speaks against. The answer counts; somebody has to find out."""
    for path, one in case.found.items():
        answered = get(case, path)
        if answered is not None and not one.kept and apart(path, answered, one.value):
            yield Disagreement(path=path, text=_of_a_file(path, answered, one), file=_file(one.source))
    if mesh := _of_the_mesh(case):
        yield Disagreement(path=CURRENT, text=mesh)


def apart(path: str, answered: object, found: object) -> bool:
    """Whether both cannot be said of one system: numbers far apart, another product, another version."""
    if isinstance(answered, int | float) and isinstance(found, int | float):
        return abs(answered - found) > APART * max(abs(answered), abs(found))
    if path == CURRENT:
        one, other = str(answered), str(found)
        return present_mesh(one) != present_mesh(other) or _other_release(version_beside(one), version_beside(other))
    if not path.startswith("baseline."):
        return False  # what a team means to do, and how a file's hint was read, are no measurements
    one, other = (known_name(str(said)).replace("-", " ").removeprefix("v") for said in (answered, found))
    return one not in other and other not in one


def _other_release(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether two versions differ as far as both are written: 1.20 may be 1.20.3."""
    return any(mine != theirs for mine, theirs in zip(one, other, strict=False))


def _of_a_file(path: str, answered: object, found: Found) -> str:
    source, label = FINGERPRINT.sub("", found.source), label_of(path)
    said, read = (f"{one:,.10g}" if isinstance(one, int | float) else str(one) for one in (answered, found.value))
    return f"{label} is answered as {said}, and {read} was read ({source}): the answer counts; see which of them holds."


def label_of(path: str) -> str:
    """What a field is called, or the question it is the answer to."""
    question = question_at(path)
    return FIELDS[path].label or (question.text if question else path)


def _file(source: str) -> str:
    found = FILE.match(source)
    return found.group(1) if found else ""


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
