"""The case: every answer and measurement of one decision, with the strict reader and writer of its document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from decisions.advisor.case_text import parse
from decisions.advisor.questions import (
    FIELDS,
    NOT_SURE,
    SECTIONS,
    Baseline,
    Budget,
    Context,
    Evidence,
    EvidenceKind,
    Field,
    Incidents,
    Need,
    Operations,
    Outcome,
    Plan,
    RequirementAnswer,
    SimplestFix,
)
from decisions.advisor.questions.answers import CaseError, Problem, answer, clean, nearest, show
from decisions.advisor.questions.consistency import contradictions
from decisions.advisor.requirements import BY_ID

__all__ = [
    "SCHEMA",
    "Baseline",
    "Budget",
    "Case",
    "CaseError",
    "Context",
    "Evidence",
    "EvidenceKind",
    "Incidents",
    "Need",
    "Operations",
    "Outcome",
    "Plan",
    "Problem",
    "Provenance",
    "RequirementAnswer",
    "SimplestFix",
    "check",
    "get",
    "load",
    "read",
    "with_answer",
    "write",
]

SCHEMA = "meshadvisor-case/1"
IGNORED = ("expected", "chose")
NOTES = ("assumed", "source")
TOP = ("schema", "id", "title", "requirements", *SECTIONS, "comments", "provenance", *NOTES, *IGNORED)
NOTE_LENGTH = 2000
NOTES_MOST = 200
PROBLEMS_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Where a pre-filled answer was taken from, and the day of the measurement."""

    source: str
    day: date | None = None


@dataclass(frozen=True, kw_only=True)
class Case:
    """One decision's answers. None means nothing was said; `not_sure` holds the paths that were asked and not known.

    `comments` and `provenance` are by path. `notes` keeps what the document says of itself: "assumed" (texts) and
    "source" (a text or a mapping).
    """

    id: str = ""
    title: str
    requirements: Mapping[str, RequirementAnswer] = field(default_factory=dict)
    context: Context = field(default_factory=Context)
    baseline: Baseline = field(default_factory=Baseline)
    operations: Operations = field(default_factory=Operations)
    budget: Budget = field(default_factory=Budget)
    plan: Plan = field(default_factory=Plan)
    comments: Mapping[str, str] = field(default_factory=dict)
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    notes: Mapping[str, object] = field(default_factory=dict)
    not_sure: frozenset[str] = frozenset()

    def answer(self, requirement: str) -> RequirementAnswer:
        """What was said about a requirement, empty when nothing was."""
        return self.requirements.get(requirement, NOTHING_SAID)

    def said(self, path: str) -> bool:
        """True when the path was answered; "not sure" is an answer."""
        return path in self.not_sure or get(self, path) is not None


NOTHING_SAID = RequirementAnswer()


def load(text: str) -> Case:
    """The case of a YAML or JSON text. Raises CaseError."""
    return read(parse(text))


def read(document: object) -> Case:
    """The case of a document as plain values. Raises CaseError, which names every path that is wrong."""
    reader = _Reader()
    case = reader.case(document)
    if not reader.problems:
        reader.problems.extend(contradictions(case))
    if reader.problems:
        raise CaseError(*reader.problems[:PROBLEMS_SHOWN])
    return case


def check(case: Case) -> None:
    """Raises CaseError when answers contradict each other, such as a p50 above the p99."""
    if problems := tuple(contradictions(case)):
        raise CaseError(*problems)


class _Reader:
    """Reads a document to its end and collects what is wrong, so that one reading shows all of it."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.not_sure: set[str] = set()

    def case(self, document: object) -> Case:
        top = self.mapping(document, "", TOP)
        if top.get("schema") != SCHEMA:
            self.problem("schema", f"{show(top.get('schema'))} cannot be read; {SCHEMA} is expected")
        title = self.scalar(FIELDS["title"], top.get("title"))
        if title is None:
            self.problem("title", "a title is expected")
        return Case(
            id=self.scalar(FIELDS["id"], top.get("id")) or "",
            title=title or "",
            requirements=self.requirements(top.get("requirements")),
            comments=self.comments(top.get("comments")),
            provenance=self.provenance(top.get("provenance")),
            notes=self.notes(top),
            **{name: self.section(section, top.get(name), name) for name, section in SECTIONS.items()},
            not_sure=frozenset(self.not_sure),
        )

    def requirements(self, value: object) -> dict[str, RequirementAnswer]:
        given = self.mapping(value, "requirements", BY_ID)
        return {
            one: self.section(
                RequirementAnswer,
                # A bare word instead of the mapping.
                given[one] if isinstance(given[one], Mapping) else {"need": given[one]},
                f"requirements.{one}",
            )
            for one in BY_ID
            if given.get(one) is not None
        }

    def section(self, cls: type, value: object, path: str) -> Any:
        shape = _shape(cls)
        if value == NOT_SURE:
            value = dict.fromkeys(shape, NOT_SURE)
        given = self.mapping(value, path, shape)
        return cls(
            **{
                name: self.section(table, given[name], f"{path}.{name}")
                if (table := shape[name])
                else self.scalar(FIELDS[f"{path}.{name}"], given[name])
                for name in shape
                if given.get(name) is not None
            }
        )

    def scalar(self, one: Field, value: object) -> Any:
        if _unsure(one, value):
            self.not_sure.add(one.path)
            return None
        try:
            return answer(one, value, one.path)
        except CaseError as error:
            self.problems.extend(error.problems)
            return None

    def comments(self, value: object) -> dict[str, str]:
        found = {}
        for path, text in self.mapping(value, "comments", FIELDS).items():
            if (kept := self.text(text, f"comments.{path}")) is not None:
                found[path] = kept
        return found

    def provenance(self, value: object) -> dict[str, Provenance]:
        found = {}
        for path, one in self.mapping(value, "provenance", FIELDS).items():
            where = f"provenance.{path}"
            given = self.mapping(one, where, ("source", "date"))
            source = self.text(given.get("source"), f"{where}.source")
            if source is None:
                self.problem(f"{where}.source", "a text is expected that says where the answer was taken from")
            day = self.scalar(replace(FIELDS["baseline.measured_at"], path=f"{where}.date"), given.get("date"))
            found[path] = Provenance(source=source or "", day=day)
        return found

    def notes(self, top: Mapping[str, object]) -> dict[str, object]:
        found: dict[str, object] = {}
        assumed = top.get("assumed")
        if assumed is not None:
            lines = list(assumed) if isinstance(assumed, list | tuple) else [assumed]
            texts = [self.text(one, f"assumed[{n}]") for n, one in enumerate(lines[:NOTES_MOST])]
            found["assumed"] = tuple(one for one in texts if one is not None)
        source = top.get("source")
        if isinstance(source, Mapping):
            given = self.mapping(source, "source", source)
            found["source"] = {
                key: one if isinstance(one, int) else self.text(one, f"source.{key}")
                for key, one in list(given.items())[:NOTES_MOST]
            }
        elif source is not None:
            found["source"] = self.text(source, "source")
        return found

    def text(self, value: object, path: str) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str):
            self.problem(path, f"{show(value)} is not a text; put it in quotes")
            return None
        try:
            return clean(value, path, NOTE_LENGTH)
        except CaseError as error:
            self.problems.extend(error.problems)
            return None

    def mapping(self, value: object, path: str, known: Iterable[str]) -> Mapping[str, Any]:
        if value is None and path:
            return {}
        if not isinstance(value, Mapping):
            self.problem(path, f"{show(value)} is not a mapping of keys to values")
            return {}
        names = list(known)
        for key in value:
            if key not in names:
                where = f"{path}.{key}" if path else str(key)
                self.problem(where[:200], f"the key is not known{nearest(key, names) or _listed(names)}")
        return {key: one for key, one in value.items() if key in names}

    def problem(self, path: str, text: str) -> None:
        self.problems.append(Problem(path=path, text=text))


def _listed(names: list[str]) -> str:
    return f"; known are {', '.join(names)}" if len(names) <= 20 else ""


def _unsure(one: Field, value: object) -> bool:
    # Need has "not sure" among its own choices; identity is not asked.
    return value == NOT_SURE and one.of is not Need and one.path not in {"id", "title"}


@cache
def _shape(cls: Any) -> dict[str, type | None]:
    """The keys of a section in order; a table's key with the dataclass of its rows."""
    return {one.name: one.metadata.get("table") for one in fields(cls)}


def write(case: Case) -> dict[str, Any]:
    """The document of a case in plain JSON types; read(write(case)) == case."""
    document: dict[str, Any] = {"schema": SCHEMA}
    if case.id:
        document["id"] = case.id
    document["title"] = case.title
    requirements = {
        one: _written(case.requirements[one], f"requirements.{one}", case.not_sure)
        for one in BY_ID
        if one in case.requirements
    }
    if requirements:
        document["requirements"] = requirements
    for name in SECTIONS:
        if section := _written(getattr(case, name), name, case.not_sure):
            document[name] = section
    if case.comments:
        document["comments"] = {path: case.comments[path] for path in sorted(case.comments)}
    if case.provenance:
        document["provenance"] = {path: _origin(case.provenance[path]) for path in sorted(case.provenance)}
    return document | {key: _plain(value) for key, value in case.notes.items()}


def _origin(one: Provenance) -> dict[str, str]:
    return {"source": one.source} | ({"date": one.day.isoformat()} if one.day else {})


def _written(section: Any, path: str, not_sure: frozenset[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in _shape(type(section)):
        here = f"{path}.{name}"
        value = getattr(section, name)
        if here in not_sure:
            found[name] = NOT_SURE
        elif is_dataclass(value):
            if inner := _written(value, here, not_sure):
                found[name] = inner
        elif value is not None:
            found[name] = _plain(value)
    return found


def _plain(value: object) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return value


def get(case: Case, path: str) -> Any:
    """The answer at a dotted path, None when nothing was said or the answer was "not sure". Raises CaseError."""
    if path not in FIELDS:
        raise _unknown(path)
    first, *rest = path.split(".")
    value: Any = case.answer(rest.pop(0)) if first == "requirements" else getattr(case, first)
    for name in rest:
        value = getattr(value, name)
    return value


def with_answer(case: Case, path: str, value: object, *, checked: bool = False) -> Case:
    """The case with one answer changed; the word not_sure and None (not asked) are answers too.

    The value is read as strictly as in a document. With `checked` the answers are also held against each other.
    Raises CaseError.
    """
    one = FIELDS.get(path)
    if one is None:
        raise _unknown(path)
    unsure = _unsure(one, value)
    kept = None if unsure else answer(one, value, path)
    if path in {"id", "title"}:
        if path == "title" and kept is None:
            raise CaseError(Problem(path=path, text="a title is expected"))
        return replace(case, id=kept or "") if path == "id" else replace(case, title=str(kept))
    if unsure != (path in case.not_sure):
        case = replace(case, not_sure=case.not_sure ^ {path})
    changed = _changed(case, path.split("."), kept)
    if checked:
        check(changed)
    return changed


def _changed(case: Case, parts: list[str], value: object) -> Case:
    first, *rest = parts
    if first == "requirements":
        row = _set(case.answer(rest[0]), rest[1:], value)
        return replace(case, requirements={**case.requirements, rest[0]: row})
    section: Any = {first: _set(getattr(case, first), rest, value)}
    return replace(case, **section)


def _set(section: Any, parts: list[str], value: object) -> Any:
    first, *rest = parts
    return replace(section, **{first: _set(getattr(section, first), rest, value) if rest else value})


def _unknown(path: str) -> CaseError:
    return CaseError(Problem(path=path, text=f"there is no such question{nearest(path, FIELDS)}"))
