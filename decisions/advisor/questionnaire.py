"""The five steps: which questions apply to a case so far, how far it has come, and what each step gave."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import lru_cache

from decisions.advisor.case import Case, Need, get, with_answer
from decisions.advisor.questions import FIELDS, SECTIONS, Field, Opening
from decisions.advisor.questions.asking import When, always
from decisions.advisor.questions.requirement_rows import FIX_MOVES, FIX_WHY, MOVES
from decisions.advisor.questions.results import EARLY, RESULTS, count
from decisions.advisor.questions.rows import DEMOTION_TEXT, EVIDENCE_LADDER, Rung
from decisions.advisor.requirements import REQUIREMENTS, Requirement

__all__ = [
    "BY_SLUG",
    "DEMOTION_TEXT",
    "EVIDENCE_LADDER",
    "STEPS",
    "Progress",
    "Question",
    "QuestionKind",
    "Rung",
    "Step",
    "answered",
    "applying",
    "first_open",
    "get",
    "progress",
    "question_at",
    "result",
    "with_answer",
]


class QuestionKind(StrEnum):
    """How a question is laid out."""

    PLAIN = "plain"
    TABLE = "table"
    REQUIREMENT = "requirement"
    TRIAL = "trial"


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question with the fields that answer it. `id` is a path of the case document and stable.

    `seconds` is a planning figure. `fix` is the smallest fix a trial speaks of; `requirement` is None for plain
    questions and tables.
    """

    id: str
    step: str
    kind: QuestionKind
    text: str
    help: str
    why: str
    moves: str
    seconds: int
    fields: tuple[Field, ...]
    when: When = always
    requirement: Requirement | None = None
    fix: str = ""

    @property
    def anchor(self) -> str:
        """The id of its element on the page."""
        return self.id.replace(".", "-")

    def shown(self, case: Case) -> tuple[Field, ...]:
        """The fields that apply to the answers so far."""
        return tuple(one for one in self.fields if one.when(case))

    def answered(self, case: Case) -> bool:
        """True when all needed fields that apply are answered, or any field when none is needed."""
        shown = self.shown(case)
        needed = [one for one in shown if one.needed]
        if needed:
            return all(case.said(one.path) for one in needed)
        return any(case.said(one.path) for one in shown)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One of the five steps; `short` is its name in the list of steps.

    `allowance`: seconds to plan for what unfolds only while answering.
    """

    slug: str
    number: int
    title: str
    short: str
    intro: str
    every_question: tuple[Question, ...]
    allowance: int = 0

    def questions(self, case: Case) -> tuple[Question, ...]:
        """The questions that apply to the answers so far, in their order."""
        return tuple(one for one in self.every_question if one.when(case))


def _plain() -> Iterator[Question]:
    """The questions of the five sections: a field with an opening, and the fields below it."""
    for name, section in SECTIONS.items():
        current: Question | None = None
        for one in fields(section):
            opening: Opening | None = one.metadata.get("opening")
            path = f"{name}.{one.name}"
            table = one.metadata.get("table")
            own = tuple(field for key, field in FIELDS.items() if key == path or key.startswith(f"{path}."))
            if opening is None:
                if current is None:
                    raise TypeError(f"{path} stands below no question")
                current = replace(current, fields=current.fields + own)
                continue
            if current is not None:
                yield current
            kind = QuestionKind.TABLE if table else QuestionKind.PLAIN
            current = Question(id=path, kind=kind, fields=own, **vars(opening))
        if current is not None:
            yield current


def _row_fields(requirement: Requirement, *names: str) -> tuple[Field, ...]:
    return tuple(FIELDS[f"requirements.{requirement.id}.{name}"] for name in names)


def _requirement(requirement: Requirement) -> Question:
    path = f"requirements.{requirement.id}"
    names = ("need", "evidence.kind", "evidence.who", "evidence.reference", "evidence.url", "override", "scope", "note")
    return Question(
        id=path,
        step="requirements",
        kind=QuestionKind.REQUIREMENT,
        text=requirement.text,
        help=requirement.help,
        why=requirement.why,
        moves=MOVES[requirement.id],
        seconds=7,
        fields=_row_fields(requirement, *names),
        requirement=requirement,
    )


def _trial(requirement: Requirement) -> Question:
    return Question(
        id=f"requirements.{requirement.id}.simplest_fix",
        step="simplest",
        kind=QuestionKind.TRIAL,
        text=f"{requirement.noun[0].upper()}{requirement.noun[1:]}: have you tried the smallest fix?",
        help=requirement.simplest,
        why=FIX_WHY,
        moves=FIX_MOVES,
        seconds=25,
        fields=_row_fields(requirement, "simplest_fix.outcome", "simplest_fix.note"),
        # Nothing would follow from a trial where no smaller measure could meet the requirement.
        when=lambda case: bool(requirement.fixes) and case.answer(requirement.id).need is Need.MUST,
        requirement=requirement,
        fix=requirement.simplest,
    )


EVERY_QUESTION = (
    *(_requirement(one) for one in REQUIREMENTS),
    *(_trial(one) for one in REQUIREMENTS),
    *_plain(),
)


NAMING_EVIDENCE = 3 * 45
"""Seconds to name what about three must-haves rest on; a planning figure."""


def _step(slug: str, number: int, short: str, title: str, intro: str) -> Step:
    return Step(
        slug=slug,
        number=number,
        short=short,
        title=title,
        intro=intro,
        every_question=tuple(one for one in EVERY_QUESTION if one.step == slug),
        allowance=NAMING_EVIDENCE if slug == "requirements" else 0,
    )


STEPS = (
    _step(
        "requirements",
        1,
        "Real requirements",
        "What do you really need?",
        "Sort each item. A must-have needs somebody who asks for it and a rule, an incident, a measurement or a "
        "policy it rests on; without one it counts as nice to have.",
    ),
    _step(
        "measure",
        2,
        "Current system",
        "How does the system behave today?",
        "Nearly all of this can come from an import. Check it; do not type it. What nobody has measured stays open, "
        "and the recommendation says what to measure first.",
    ),
    _step(
        "simplest",
        3,
        "Simplest option",
        "Is there a simpler way?",
        "For each must-have we name the smallest thing that could meet it. Not tried is a good answer: the trial then "
        "comes first in the plan.",
    ),
    _step(
        "cost",
        4,
        "Operational cost",
        "What would this cost you to run?",
        "Licences are seldom the bill; people, debugging and upgrades are. Answer for the team you have today, not for "
        "the one you hope to hire.",
    ),
    _step(
        "incremental",
        5,
        "Incremental plan",
        "In what order?",
        "Start small, switch on only what a must-have asks for, and settle now which number sends you on and which "
        "sends you back.",
    ),
)

BY_SLUG: Mapping[str, Step] = {step.slug: step for step in STEPS}

BY_FIELD: Mapping[str, Question] = {field.path: question for question in EVERY_QUESTION for field in question.fields}


def question_at(path: str) -> Question | None:
    """The question that a path of the case document answers; None for the number and the title."""
    return BY_FIELD.get(path)


class _TheSame:
    """A case told from others by itself and not by what it holds: a page asks many times about the very same."""

    def __init__(self, case: Case) -> None:
        self.case = case

    def __hash__(self) -> int:
        return id(self.case)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _TheSame) and other.case is self.case


@lru_cache(maxsize=64)
def _asked(one: _TheSame, number: int) -> tuple[tuple[Question, bool], ...]:
    """The questions of the step with this number that apply, and whether each is answered."""
    return tuple((each, each.answered(one.case)) for each in STEPS[number - 1].questions(one.case))


def _of(case: Case, step: Step | None) -> Iterator[tuple[Question, bool]]:
    for one in STEPS if step is None else (step,):
        yield from _asked(_TheSame(case), one.number)


def applying(case: Case, step: Step | None = None) -> int:
    """How many questions apply to the answers so far, in one step or in all."""
    return sum(1 for _ in _of(case, step))


def answered(case: Case, step: Step | None = None) -> int:
    """How many of those are answered; "not sure" is an answer."""
    return sum(done for _, done in _of(case, step))


def first_open(case: Case, step: Step | None = None) -> Question | None:
    """The first question that applies and has no answer yet."""
    return next((one for one, done in _of(case, step) if not done), None)


class Progress(StrEnum):
    """How far a step has come."""

    UNTOUCHED = "untouched"
    STARTED = "started"
    COMPLETE = "complete"


def progress(case: Case, step: Step) -> Progress:
    """How far the step has come; one field is enough to have started."""
    questions = tuple(_of(case, step))
    if all(done for _, done in questions):
        return Progress.COMPLETE
    begun = any(case.said(field.path) for one, _ in questions for field in one.shown(case))
    return Progress.STARTED if begun else Progress.UNTOUCHED


def result(case: Case, step: Step) -> str:
    """One line for the list of steps: what the step gave, or how much of it is answered, or how long it takes."""
    state = progress(case, step)
    if state is Progress.UNTOUCHED:
        seconds = step.allowance + sum(one.seconds for one in step.questions(case))
        minutes = max(1, round(seconds / 60))
        return f"About {count(minutes, 'minute')}"
    told = RESULTS[step.slug](case) if state is Progress.COMPLETE or step.slug in EARLY else ""
    return told or f"{answered(case, step)} of {applying(case, step)} answered"
