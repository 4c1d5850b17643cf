"""The case as a value: every answer and measurement of one decision, read and changed by dotted paths."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cache
from typing import Any, TypeVar

from decisions.advisor.case.stages import stage_problems
from decisions.advisor.once import once
from decisions.advisor.policy import Policy
from decisions.advisor.questions import (
    FIELDS,
    NOT_SURE,
    PLACES,
    Baseline,
    Budget,
    Context,
    Field,
    Need,
    Operations,
    Plan,
    RequirementAnswer,
)
from decisions.advisor.questions.answers import CaseError, Problem, answer, clean, nearest
from decisions.advisor.questions.consistency import contradictions

T = TypeVar("T")

COMMENT_LENGTH = 2000
STAGE = re.compile(r"[a-z][a-z0-9-]{0,79}")
STAGE_TEXTS = ("what", "gate", "stop", "decides", "rollback", "proof")
"""The texts of a stage that a team may write itself."""
STAGE_FIELDS = (*STAGE_TEXTS, "limits", "place")
"""What a team may say of a stage: its texts, limits of its gates ("istio-p99 45"), and the place of a small measure."""


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Where a pre-filled answer was taken from, and the day of the measurement."""

    source: str
    day: date | None = None


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a file says of a question that a person answered otherwise, and where and when it says so."""

    value: Any
    source: str
    day: date | None = None
    kept: bool = False
    """Whether a person saw both and kept their own answer, which settles it."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One decision's answers. None means nothing was said; `not_sure` holds the paths that were asked and not known.

    `comments`, `provenance` and `found` are by path. `notes` keeps what the document says of itself: "assumed" (texts)
    and "source" (a text or a mapping).
    """

    id: str = ""
    title: str
    requirements: Mapping[str, RequirementAnswer] = field(default_factory=dict)
    context: Context = field(default_factory=Context)
    baseline: Baseline = field(default_factory=Baseline)
    operations: Operations = field(default_factory=Operations)
    budget: Budget = field(default_factory=Budget)
    plan: Plan = field(default_factory=Plan)
    policy: Policy = field(default_factory=Policy)
    comments: Mapping[str, str] = field(default_factory=dict)
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    found: Mapping[str, Found] = field(default_factory=dict)
    notes: Mapping[str, object] = field(default_factory=dict)
    not_sure: frozenset[str] = frozenset()
    namespaces: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Namespace -> service -> port, in the order they are to follow each other; what a roll-out pack is written for."""
    marks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Namespace -> label or annotation by which it is in the mesh of today -> value; none where it is not known."""
    stages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Stage id -> field of the stage -> what the team wrote instead of the generated text."""

    def answer(self, requirement: str) -> RequirementAnswer:
        """What was said about a requirement, empty when nothing was."""
        return self.requirements.get(requirement, NOTHING_SAID)

    @once
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where requirements apply, of those of which that was said."""
        return tuple((one, answer.scope) for one, answer in self.requirements.items() if answer.scope)

    def said(self, path: str) -> bool:
        """True when the path was answered; "not sure" is an answer."""
        return path in self.not_sure or get(self, path) is not None


NOTHING_SAID = RequirementAnswer()


def check(case: Case) -> None:
    """Raises CaseError when answers contradict each other, such as a p50 above the p99."""
    if problems := tuple(contradictions(case)):
        raise CaseError(*problems)


def get(case: Case, path: str) -> Any:
    """The answer at a dotted path, None when nothing was said or the answer was "not sure". Raises CaseError."""
    if path not in FIELDS:
        raise _unknown(path)
    first, *rest = path.split(".")
    value: Any = case.answer(rest.pop(0)) if first == "requirements" else getattr(case, first)
    for name in rest:
        value = getattr(value, name)
    # A decision without a number has the empty text for one.
    return None if value == "" else value


def with_answer(case: Case, path: str, value: object, *, checked: bool = False) -> Case:
    """The case with one answer changed; the word not_sure and None (not asked) are answers too.

    The value is read as strictly as in a document. With `checked` the answers are also held against each other.
    Raises CaseError.
    """
    one = FIELDS.get(path)
    if one is None:
        raise _unknown(path)
    unsure = is_unsure(one, value)
    kept = None if unsure else answer(one, value, path)
    if path in {"id", "title"}:
        if path == "title" and kept is None:
            raise CaseError(Problem(path=path, text="a title is expected"))
        return replace(case, id=kept or "") if path == "id" else replace(case, title=str(kept))
    if unsure != (path in case.not_sure):
        case = _with(case, "not_sure", case.not_sure ^ {path})
    changed = _changed(case, path.split("."), kept)
    if checked:
        check(changed)
    return changed


def with_comment(case: Case, path: str, text: str) -> Case:
    """The case with a comment on the answer at the path; an empty text takes the comment away. Raises CaseError."""
    if path not in PLACES:
        raise _unknown(path)
    kept = clean(text, path, COMMENT_LENGTH)
    rest = {key: one for key, one in case.comments.items() if key != path}
    return replace(case, comments=rest | ({path: kept} if kept else {}))


def with_stage(case: Case, stage: str, words: Mapping[str, str]) -> Case:
    """The case with what the team wrote for a stage; empty texts take their field away. Raises CaseError."""
    if not STAGE.fullmatch(stage):
        raise CaseError(Problem(path=f"stages.{stage[:80]}", text="there is no stage of this name"))
    kept = {}
    for name, text in words.items():
        path = f"stages.{stage}.{name}"
        if name not in STAGE_FIELDS:
            raise CaseError(Problem(path=path, text=f"a stage has no such text; it has {', '.join(STAGE_FIELDS)}"))
        if written := clean(text, path, COMMENT_LENGTH):
            kept[name] = written
    if problems := tuple(stage_problems(stage, kept)):
        raise CaseError(*problems)
    rest = {key: one for key, one in case.stages.items() if key != stage}
    return replace(case, stages=rest | ({stage: kept} if kept else {}))


def with_provenance(case: Case, path: str, origin: Provenance | None) -> Case:
    """The case with the origin of a pre-filled answer, or without one when a person typed over it. Raises CaseError."""
    if path not in FIELDS:
        raise _unknown(path)
    rest = {key: one for key, one in case.provenance.items() if key != path}
    return replace(case, provenance=rest | ({path: origin} if origin else {}))


def _changed(case: Case, parts: list[str], value: object) -> Case:
    first, *rest = parts
    if first == "requirements":
        row = _set(case.answer(rest[0]), rest[1:], value)
        return _with(case, "requirements", {**case.requirements, rest[0]: row})
    return _with(case, first, _set(getattr(case, first), rest, value))


def _set(section: Any, parts: list[str], value: object) -> Any:
    first, *rest = parts
    return _with(section, first, _set(getattr(section, first), rest, value) if rest else value)


def _with(one: T, name: str, value: object) -> T:
    """dataclasses.replace() for one field: what would change an answer asks for hundreds of changed cases."""
    changed = object.__new__(type(one))
    changed.__dict__.update(one.__dict__)
    changed.__dict__[name] = value
    return changed


def _unknown(path: str) -> CaseError:
    return CaseError(Problem(path=path, text=f"there is no such question{nearest(path, FIELDS)}"))


def is_unsure(one: Field, value: object) -> bool:
    """True when the value is the word "not sure" and the field keeps it as a path in Case.not_sure."""
    # Need has the word among its own choices; number and title are words of any kind.
    return value == NOT_SURE and one.of is not Need and one.path not in {"id", "title"}


@cache
def shape(cls: Any) -> dict[str, type | None]:
    """The keys of a section in order; a table's key with the dataclass of its rows."""
    return {one.name: one.metadata.get("table") for one in fields(cls)}
