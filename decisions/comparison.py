"""Two versions of a decision side by side, in words: answers, measurements, ranking and text."""

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from decisions.advice import advise
from decisions.advisor.quantities import Range, span
from decisions.advisor.questionnaire import STEPS, Question
from decisions.advisor.questions import NOT_SURE
from decisions.advisor.recommendation import APPROACH_TITLES
from decisions.advisor.record.plain import plain as in_plain_types
from decisions.drafting import COMMENT, plain
from decisions.forms import in_words
from decisions.models import Decision, Record

Document = Mapping[str, Any]
BASELINE = "baseline."
ALIKE = 0.5
"""Below this share of common words two texts read better one after the other than woven into each other."""
STATUS_WORDS = {"fits": "fits", "strained": "fits with care", "ruled_out": "ruled out"}


@dataclass(frozen=True, kw_only=True)
class Version:
    """One side of a comparison: answers and what was recommended for them, as plain JSON types."""

    title: str
    detail: str
    address: str
    case: Document
    recommendation: Document
    catalogue: str
    engine: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer that differs, in words. `label` tells the fields of one question apart; `change` is "+12 %"."""

    label: str
    before: str
    after: str
    change: str = ""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A question with the answers that differ."""

    text: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """The differences of one step of the questionnaire."""

    title: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, kw_only=True)
class Place:
    """One approach in both rankings: its place from 1, its composition, its hours a month, how it stands."""

    title: str
    was: int
    now: int
    before: tuple[str, str, str]
    """Composition, hours a month, standing."""
    after: tuple[str, str, str]

    @property
    def moved(self) -> str:
        """In words, what happened to its place."""
        if self.was == self.now:
            return "same place"
        return f"up from {self.was}" if self.now < self.was else f"down from {self.was}"

    @property
    def differs(self) -> bool:
        """Whether anything about it is different."""
        return self.was != self.now or self.before != self.after


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of text: in both versions (""), only in the earlier ("del") or only in the later ("ins")."""

    kind: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A text of the record that differs: word by word, or as a list of sentences that went and came."""

    title: str
    pieces: tuple[Piece, ...]
    is_list: bool = False


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Everything that differs between two versions."""

    summary: str
    chapters: tuple[Chapter, ...]
    measurements: tuple[Difference, ...]
    ranking: tuple[Place, ...]
    passages: tuple[Passage, ...]
    grounds: tuple[Answer, ...]
    """Catalogue and engine, where they differ."""

    @property
    def answers(self) -> int:
        """How many answers differ, measurements left out."""
        return sum(len(one.answers) for chapter in self.chapters for one in chapter.differences)

    @property
    def figures(self) -> int:
        """How many measurements differ."""
        return sum(len(one.answers) for one in self.measurements)


def of_record(record: Record, decision: Decision) -> Version:
    """A revision as it was frozen."""
    document = json.loads(bytes(record.canonical))
    return Version(
        title=f"{decision.number}, revision {record.revision}",
        detail=f"Frozen on {record.created_at:%-d %B %Y}",
        address=decision.address("revision", record.revision),
        case=document["inputs"]["case"],
        recommendation=document["recommendation"],
        catalogue=record.catalogue_version,
        engine=record.engine_version,
    )


def of_draft(decision: Decision) -> Version:
    """The answers as they are now."""
    given = advise(decision.judged).recommendation
    return Version(
        title=f"{decision.number}, draft",
        detail=f"As it was saved on {decision.changed_at:%-d %B %Y, %H:%M} UTC",
        address=decision.address("tasks"),
        case=decision.case,
        recommendation=in_plain_types(given),
        catalogue=given.catalogue_version,
        engine=given.engine_version,
    )


def compare(before: Version, after: Version) -> Comparison:
    """What differs, from the earlier version to the later."""
    chapters, measurements = _answers(before.case, after.case)
    return Comparison(
        summary=_summary(before.recommendation, after.recommendation),
        chapters=chapters,
        measurements=measurements,
        ranking=tuple(_ranking(before.recommendation, after.recommendation)),
        passages=tuple(_passages(before.recommendation, after.recommendation)),
        grounds=tuple(
            Answer(label=label, before=was, after=now)
            for label, was, now in (
                ("Catalogue", before.catalogue, after.catalogue),
                ("Engine", before.engine, after.engine),
            )
            if was != now
        ),
    )


def _answers(before: Document, after: Document) -> tuple[tuple[Chapter, ...], tuple[Difference, ...]]:
    """The answers that differ by step, and apart from them the measured figures."""
    chapters: list[Chapter] = []
    measurements: list[Difference] = []
    for step in STEPS:
        found: list[Difference] = []
        for question in step.every_question:
            one = _difference(question, before, after)
            if one is None:
                continue
            (measurements if question.id.startswith(BASELINE) else found).append(one)
        if found:
            chapters.append(Chapter(title=step.short, differences=tuple(found)))
    return tuple(chapters), tuple(measurements)


def _difference(question: Question, before: Document, after: Document) -> Difference | None:
    paths = [field.path for field in question.fields]
    answers = []
    for path in (*paths, COMMENT + paths[0]):
        was, now = plain(before, path), plain(after, path)
        if was == now:
            continue
        answers.append(
            Answer(
                label=_label(question, path),
                before=in_words(path, was),
                after=in_words(path, now),
                change=_change(was, now),
            )
        )
    return Difference(text=question.text, answers=tuple(answers)) if answers else None


def _label(question: Question, path: str) -> str:
    if path.startswith(COMMENT):
        return "Comment"
    field = next(one for one in question.fields if one.path == path)
    return field.label if len(question.fields) > 1 else ""


def _change(was: object, now: object) -> str:
    """How much a number grew or shrank, in percent; empty where that says nothing."""
    numbers = isinstance(was, int | float) and isinstance(now, int | float)
    if not numbers or isinstance(was, bool) or isinstance(now, bool) or not was or NOT_SURE in {was, now}:
        return ""
    share = (float(now) - float(was)) / abs(float(was)) * 100  # type: ignore[arg-type]
    return f"{share:+.0f} %" if abs(share) >= 1 else f"{share:+.1g} %"


def _ranking(before: Document, after: Document) -> Iterator[Place]:
    old = {one["approach"]: (place, one) for place, one in enumerate(before["ranking"], 1)}
    for place, now in enumerate(after["ranking"], 1):
        was, was_standing = old.get(now["approach"], (place, now))
        yield Place(
            title=approach_title(now["approach"]),
            was=was,
            now=place,
            before=_standing(was_standing),
            after=_standing(now),
        )


def approach_title(approach: str) -> str:
    """The title of an approach; the id itself when it is none of ours any more."""
    return {str(key): title for key, title in APPROACH_TITLES.items()}.get(approach, approach)


def _standing(one: Document) -> tuple[str, str, str]:
    met, missed = len(one["musts_met"]), len(one["musts_missed"])
    return (
        _composition(one),
        span(Range(**one["hours_per_month"]), "hours a month"),
        f"{STATUS_WORDS.get(one['status'], one['status'])}, {met} of {met + missed} must-haves",
    )


def _composition(one: Document) -> str:
    extra = [add_on["title"] for add_on in one.get("add_ons", ())]
    return f"{one['product_title']} with {', '.join(extra)}" if extra else str(one["product_title"])


def _summary(before: Document, after: Document) -> str:
    was, now = _chosen(before), _chosen(after)
    if was != now:
        return f"The recommendation changed from {was} to {now}."
    if before["confidence"] != after["confidence"]:
        return (
            f"The recommendation stays {now}; its confidence goes from {before['confidence']} to {after['confidence']}."
        )
    return f"The recommendation stays {now}."


def _chosen(one: Document) -> str:
    title, composition = approach_title(one["approach"]), _composition(one)
    return composition if composition.startswith(title) else f"{title} ({composition})"


def _passages(before: Document, after: Document) -> Iterator[Passage]:
    for title, name in (("Recommendation", "headline"), ("Next step", "next_step")):
        if before[name] != after[name]:
            yield Passage(title=title, pieces=words_that_differ(before[name], after[name]))
    for title, sentences in (
        ("Confidence", lambda one: one["confidence_because"]),
        ("Demoted must-haves", lambda one: [demotion["because"] for demotion in one["demoted"]]),
        ("For and against what is recommended", lambda one: [each["because"] for each in one["ranking"][0]["reasons"]]),
        (
            "What would change this answer",
            lambda one: [f"{flip['change']}: {flip['becomes']}." for flip in one["flips"]],
        ),
    ):
        pieces = tuple(_went_and_came(sentences(before), sentences(after)))
        if pieces:
            yield Passage(title=title, pieces=pieces, is_list=True)


def _went_and_came(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    for one in before:
        if one not in after:
            yield Piece(kind="del", text=one)
    for one in after:
        if one not in before:
            yield Piece(kind="ins", text=one)


def words_that_differ(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts as one, word by word: what stayed, what went, what came."""
    old, new = (re.findall(r"\S+\s*", text) for text in (before, after))
    pieces: list[Piece] = []
    match = difflib.SequenceMatcher(a=[w.strip() for w in old], b=[w.strip() for w in new], autojunk=False)
    if match.ratio() < ALIKE:
        return Piece(kind="del", text=before), Piece(kind="ins", text=after)
    for kind, a, b, c, d in match.get_opcodes():
        if kind == "equal":
            pieces.append(Piece(kind="", text="".join(new[c:d])))
            continue
        pieces += [Piece(kind="del", text="".join(old[a:b]).strip())] if b > a else []
        pieces += [Piece(kind="ins", text="".join(new[c:d]).strip())] if d > c else []
    return tuple(pieces)
