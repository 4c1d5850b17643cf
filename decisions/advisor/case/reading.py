"""The strict reader: a document as plain values becomes a case, or an error that names everything wrong with it."""

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from decisions.advisor.case.stages import stage_problems
from decisions.advisor.case.text import parse
from decisions.advisor.case.values import COMMENT_LENGTH, STAGE, STAGE_FIELDS, Case, Found, Provenance, is_unsure, shape
from decisions.advisor.policy import Policy, read_policy
from decisions.advisor.present import ENROLMENT, MARK
from decisions.advisor.questions import FIELDS, NOT_SURE, PLACES, SECTIONS, Field, Kind, RequirementAnswer
from decisions.advisor.questions.answers import CaseError, Problem, answer, clean, nearest, show
from decisions.advisor.questions.consistency import contradictions
from decisions.advisor.requirements import BY_ID

SCHEMA = "meshadvisor-case/1"
IGNORED = ("expected", "chose")
NOTES = ("assumed", "source")
PLACED = ("namespaces", "stages")
TOP = (
    "schema",
    "id",
    "title",
    "requirements",
    *SECTIONS,
    "policy",
    "comments",
    "provenance",
    "found",
    *PLACED,
    *NOTES,
    *IGNORED,
)
NOTES_MOST = 200
PLACES_MOST = 500
"""Namespaces, services of a namespace, and stages that a document may name."""
LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
"""A label after RFC 1123."""
PROBLEMS_SHOWN = 20
DAY = Field(kind=Kind.DATE)


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


class _Reader:
    """Reads a document to its end and collects what is wrong, so that one reading shows all of it."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.not_sure: set[str] = set()

    def case(self, document: object) -> Case:
        top = self.mapping(document, "", TOP)
        if self.problems and not top:
            raise CaseError(*self.problems[:PROBLEMS_SHOWN])
        schema = top.get("schema")
        if schema != SCHEMA:
            given = "the schema is missing" if schema is None else f"{show(schema)} cannot be read"
            self.problem("schema", f"{given}; {SCHEMA} is expected")
        title = self.scalar(FIELDS["title"], top.get("title"))
        if title is None:
            self.problem("title", "a title is expected")
        return Case(
            id=self.scalar(FIELDS["id"], top.get("id")) or "",
            title=title or "",
            requirements=self.requirements(top.get("requirements")),
            comments=self.comments(top.get("comments")),
            provenance=self.provenance(top.get("provenance")),
            found=self.found(top.get("found")),
            notes=self.notes(top),
            namespaces=self.namespaces(top.get("namespaces")),
            marks=self.marks(top.get("namespaces")),
            stages=self.stages(top.get("stages")),
            policy=self.policy(top.get("policy")),
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
        keys = shape(cls)
        if value == NOT_SURE and "." in path:
            # A table that nobody counted: not sure of each of its rows.
            value = dict.fromkeys(keys, NOT_SURE)
        given = self.mapping(value, path, keys)
        return cls(
            **{
                name: self.section(table, given[name], f"{path}.{name}")
                if (table := keys[name])
                else self.scalar(FIELDS[f"{path}.{name}"], given[name])
                for name in keys
                if given.get(name) is not None
            }
        )

    def scalar(self, one: Field, value: object) -> Any:
        if is_unsure(one, value):
            self.not_sure.add(one.path)
            return None
        return self.answer(one, value)

    def answer(self, one: Field, value: object) -> Any:
        try:
            return answer(one, value, one.path)
        except CaseError as error:
            self.problems.extend(error.problems)
            return None

    def policy(self, value: object) -> Policy:
        try:
            return read_policy(value)
        except CaseError as error:
            self.problems.extend(error.problems)
            return Policy()

    def comments(self, value: object) -> dict[str, str]:
        found = {}
        for path, text in self.mapping(value, "comments", PLACES).items():
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
            day = self.answer(replace(DAY, path=f"{where}.date"), given.get("date"))
            found[path] = Provenance(source=source or "", day=day)
        return found

    def found(self, value: object) -> dict[str, Found]:
        """What files say where somebody answered otherwise."""
        found = {}
        for path, one in self.mapping(value, "found", FIELDS).items():
            where = f"found.{path}"
            given = self.mapping(one, where, ("value", "source", "date", "kept"))
            said = self.answer(FIELDS[path], given.get("value"))
            source = self.text(given.get("source"), f"{where}.source")
            if said is None or source is None:
                self.problem(where, "a value is expected, and a text that says where it was found")
            day = self.answer(replace(DAY, path=f"{where}.date"), given.get("date"))
            kept = given.get("kept", False)
            if not isinstance(kept, bool):
                self.problem(f"{where}.kept", "true or false is expected")
            found[path] = Found(value=said, source=source or "", day=day, kept=kept is True)
        return found

    def namespaces(self, value: object) -> dict[str, dict[str, int]]:
        """The names a roll-out pack is written for, in their order, checked as Kubernetes checks them."""
        found: dict[str, dict[str, int]] = {}
        for name, services in self.named(value, "namespaces", "services"):
            where = f"namespaces.{name}"[:200]
            self.label(name, where)
            rows = self.named(services, where, "port")
            found[str(name)] = {str(one): self.port(one, port, where) for one, port in rows}
        return found

    def marks(self, value: object) -> dict[str, dict[str, str]]:
        """By which label or annotation each namespace of the list is in the mesh of today."""
        found: dict[str, dict[str, str]] = {}
        for one in value[:PLACES_MOST] if isinstance(value, list) else ():
            if not isinstance(one, Mapping) or not one.get("marks"):
                continue
            where = f"namespaces.{one.get('name')}.marks"[:200]
            given = self.mapping(one["marks"], where, ENROLMENT)
            for key, text in given.items():
                if not isinstance(text, str) or not MARK.fullmatch(text):
                    self.problem(f"{where}.{key}"[:200], f"{show(text)} is no value of a label; 63 characters at most")
            found[str(one.get("name"))] = {key: str(text) for key, text in given.items()}
        return found

    def named(self, value: object, where: str, key: str) -> list[tuple[object, object]]:
        """Names with what belongs to each: a list of {name, key}, whose order counts, or a mapping by name."""
        if isinstance(value, list):
            keys = ("name", key, "marks") if key == "services" else ("name", key)
            rows = [self.mapping(one, f"{where}[{number}]", keys) for number, one in enumerate(value)]
            pairs = [(one.get("name"), one.get(key)) for one in rows]
        else:
            pairs = list(self.mapping(value, where, value if isinstance(value, Mapping) else ()).items())
        if len(pairs) > PLACES_MOST:
            self.problem(where, f"{len(pairs)} names; {PLACES_MOST} at most")
        seen: set[str] = set()
        for name, _ in pairs[:PLACES_MOST]:
            if str(name) in seen:
                self.problem(f"{where}.{name}"[:200], "the name is there twice")
            seen.add(str(name))
        return pairs[:PLACES_MOST]

    def label(self, name: object, where: str) -> None:
        if not LABEL.fullmatch(str(name)):
            text = "a name is small letters, digits and inner hyphens, 63 at most"
            self.problem(where, f"{show(name)}: {text}")

    def port(self, service: object, port: object, where: str) -> int:
        self.label(service, f"{where}.{service}"[:200])
        if not isinstance(port, int) or isinstance(port, bool) or not 1 <= port <= 65535:
            self.problem(f"{where}.{service}"[:200], f"{show(port)} is no port; a whole number from 1 to 65535 is")
            return 1
        return port

    def stages(self, value: object) -> dict[str, dict[str, str]]:
        """What the team wrote for single stages."""
        given = self.mapping(value, "stages", value if isinstance(value, Mapping) else ())
        found: dict[str, dict[str, str]] = {}
        for stage, words in itertools.islice(given.items(), PLACES_MOST):
            if not STAGE.fullmatch(str(stage)):
                self.problem(f"stages.{stage}"[:200], "a stage is named by small letters, digits and hyphens")
                continue
            rows = self.mapping(words, f"stages.{stage}", STAGE_FIELDS)
            texts = {name: self.text(text, f"stages.{stage}.{name}") for name, text in rows.items()}
            kept = {name: text for name, text in texts.items() if text}
            self.problems.extend(stage_problems(str(stage), kept))
            if kept:
                found[str(stage)] = kept
        return found

    def notes(self, top: Mapping[str, object]) -> dict[str, object]:
        found: dict[str, object] = {}
        assumed = top.get("assumed")
        if assumed is not None:
            lines = assumed if isinstance(assumed, list | tuple) else [assumed]
            texts = [self.text(one, f"assumed[{number}]") for number, one in enumerate(lines[:NOTES_MOST])]
            found["assumed"] = tuple(one for one in texts if one is not None)
        source = top.get("source")
        if isinstance(source, Mapping):
            given = list(self.mapping(source, "source", source).items())[:NOTES_MOST]
            found["source"] = {
                str(key): one if isinstance(one, int) else self.text(one, f"source.{key}") for key, one in given
            }
        elif (text := self.text(source, "source")) is not None:
            found["source"] = text
        return found

    def text(self, value: object, path: str) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str):
            self.problem(path, f"{show(value)} is not a text; put it in quotes")
            return None
        try:
            return clean(value, path, COMMENT_LENGTH)
        except CaseError as error:
            self.problems.extend(error.problems)
            return None

    def mapping(self, value: object, path: str, known: Iterable[str]) -> Mapping[str, Any]:
        if value is None and path:
            return {}
        if not isinstance(value, Mapping):
            given = "the document is empty" if value is None else f"{show(value)} is not a mapping"
            self.problem(path, f"{given}; keys with values are expected")
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
