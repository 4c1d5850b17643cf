"""The panel "Recommended so far" and the list of steps: what every page of the wizard shows beside its questions."""

import re
from dataclasses import dataclass, field, replace

from decisions.advice import Advice
from decisions.advisor.case import Case
from decisions.advisor.questionnaire import STEPS, Progress, Step, progress, question_at, result
from decisions.advisor.recommendation import Flip, NextStep, Reason, Standing, Status, Verdict
from decisions.advisor.requirements import BY_ID
from decisions.models import Decision, Event, Measurement
from decisions.remarks import about, asked_of
from decisions.rendering.charts import ChartData, Track, hours_tracks, overhead_chart
from decisions.views.parts import Part

HERE = "wizard/panel"
SHOWN = 4
"""Reasons for and against that a row shows before "all reasons"."""
NEXT_WORDS = {
    NextStep.ADOPT: "Next",
    NextStep.TRY_FIRST: "Try first",
    NextStep.MEASURE_FIRST: "Measure first",
    NextStep.UPGRADE_FIRST: "Upgrade first",
    NextStep.SETTLE_FIRST: "Settle first",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One of the five options in the ranking."""

    place: int
    standing: Standing
    track: Track
    pros: tuple[Reason, ...]
    cons: tuple[Reason, ...]
    more: tuple[Reason, ...]

    @property
    def best(self) -> bool:
        """Whether it is the recommended one."""
        return self.place == 1

    @property
    def out(self) -> bool:
        """Whether it is ruled out."""
        return self.standing.status is Status.RULED_OUT

    @property
    def musts(self) -> int:
        """How many must-haves there are."""
        return len(self.standing.musts_met) + len(self.standing.musts_missed)

    @property
    def nice(self) -> int:
        """How many nice-to-haves there are."""
        return len(self.standing.nice_met) + len(self.standing.nice_missed)

    def part(self, calculations: str) -> Part:
        """The row as a page shows it."""
        name = f"rank-{self.standing.approach}"
        return Part(id=name, template=f"{HERE}/row.html", shows={"row": self, "calculations": calculations})


@dataclass(frozen=True, kw_only=True)
class Link:
    """The way to a question: the address of its step with its anchor, and words for it."""

    address: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """A flip with the way to the question that it speaks of."""

    flip: Flip
    link: Link | None


@dataclass(frozen=True, kw_only=True)
class Move:
    """What the newest saved answers did to the recommendation; empty before the first."""

    label: str = ""
    moved: str = ""


COUNTED = re.compile(r"Your \d+ answers")
"""What the log of earlier versions says of several: a count that reads like another one than that of the questions."""
NO_MOVE = Move()


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Everything the panel shows."""

    advice: Advice
    rows: tuple[Row, ...]
    chart: ChartData
    basis: str
    changes: tuple[Change, ...]
    assumptions: tuple[tuple[str, str, Link | None], ...]
    demoted: tuple[tuple[str, str, bool], ...]
    next_words: str
    calculations: str
    """Where each option's figures are worked out."""
    later: str
    """Where to ask what would change the answer when the advice leaves it out; empty when it is here."""
    version: int
    """The decision's, so that what would change the answer is asked for anew after each save."""
    move: Move = NO_MOVE

    @property
    def parts(self) -> tuple[Part, ...]:
        """The panel as a page shows it, from top to bottom."""
        rows = tuple(one.part(self.calculations) for one in self.rows)
        order = {"order": tuple(one.id for one in rows), "calculations": self.calculations}
        return (
            Part(id="rec-answer", template=f"{HERE}/answer.html", shows=self._answer),
            Part(id="rec-ranking", template=f"{HERE}/ranking.html", shows=order, within=rows),
            Part(id="rec-overhead", template=f"{HERE}/overhead.html", shows={"basis": self.basis, "chart": self.chart}),
            changes_part(self.changes, later=self.later, version=self.version),
            Part(id="rec-demoted", template=f"{HERE}/demoted.html", shows={"demoted": self.demoted}),
            Part(id="assumptions", template=f"{HERE}/assumptions.html", shows={"assumptions": self.assumptions}),
        )

    @property
    def peek(self) -> Part:
        """The one line of it that a phone shows on top."""
        return Part(id="peek", template="wizard/peek.html", shows={"title": self.advice.recommendation.approach.title})

    @property
    def _answer(self) -> dict[str, object]:
        given = self.advice.recommendation
        return {
            "title": given.approach.title,
            "headline": given.headline,
            "move": self.move,
            "answered": given.answered,
            "asked": given.asked,
            "open": len(self.assumptions),
            "confidence": given.confidence,
            "confidence_because": given.confidence_because,
            "next_words": self.next_words,
            "next_step": given.next_step,
            "demoted": sum(1 for *_, kept in self.demoted if not kept),
        }


@dataclass(frozen=True, kw_only=True)
class StepLine:
    """One line of the list of steps."""

    step: Step = field(repr=False)
    address: str
    result: str
    state: str
    """done or todo."""
    begun: bool
    now: bool


def panel(decision: Decision, advice: Advice, move: Move = NO_MOVE) -> Panel:
    """The panel for a decision's answers."""
    given = advice.recommendation
    tracks = hours_tracks(given.ranking)
    return Panel(
        advice=advice,
        rows=tuple(_row(n, one, track) for n, (one, track) in enumerate(zip(given.ranking, tracks, strict=True), 1)),
        chart=overhead_chart(given.ranking, advice.case.budget),
        basis=given.best.overhead.basis,
        changes=changes(decision, advice),
        assumptions=tuple((one.text, one.owner, link_to(decision, advice.case, one.path)) for one in given.assumptions),
        demoted=tuple((BY_ID[one.requirement].noun, one.because, one.kept) for one in given.demoted),
        next_words=NEXT_WORDS[given.next_kind],
        calculations=decision.address("options"),
        later="" if advice.whole else decision.address("flips"),
        version=decision.version,
        move=move,
    )


LATER = Part(id="rec-changes", template=f"{HERE}/changes.html", shows={"waits": True})
"""What would change the answer, as long as the answers are not saved that it is about."""


def changes_part(changes: tuple[Change, ...], *, later: str = "", version: int = 0) -> Part:
    """What would change the answer; `later` is where to ask for it as long as it is not known."""
    shows = {"later": later, "version": version} if later else {"changes": changes}
    return replace(LATER, shows=shows)


def changes(decision: Decision, advice: Advice) -> tuple[Change, ...]:
    """What would change the answer, each with the way to its question."""
    flips = advice.recommendation.flips
    return tuple(Change(flip=one, link=link_to(decision, advice.case, one.path)) for one in flips)


def last_move(decision: Decision) -> Move:
    """What the newest saved answers did, for a page that is loaded anew."""
    return move_of(decision.events.filter(act="answered").first())


def move_of(event: Event | None) -> Move:
    """What the log says that answers did."""
    if not event:
        return NO_MOVE
    return Move(label=COUNTED.sub("Your last answers", event.detail["label"]), moved=event.detail["moved"])


def link_to(decision: Decision, case: Case, path: str) -> Link | None:
    """The way to the question at a path; None when it is no question or does not apply."""
    question = question_at(path)
    if question is None or not question.when(case):
        return None
    step = next(one for one in STEPS if one.slug == question.step)
    return Link(address=f"{decision.address('step', step.number)}#{question.anchor}", words=f"Step {step.number}")


def step_lines(decision: Decision, case: Case, current: int = 0) -> list[StepLine]:
    """The five lines of the list of steps."""
    lines = []
    for step in STEPS:
        reached = progress(case, step)
        lines.append(
            StepLine(
                step=step,
                address=decision.address("step", step.number),
                result=result(case, step),
                state="done" if reached is Progress.COMPLETE else "todo",
                begun=reached is not Progress.UNTOUCHED,
                now=step.number == current,
            )
        )
    return lines


def frame(decision: Decision, advice: Advice, current: int = 0, move: Move = NO_MOVE) -> dict[str, object]:
    """What every page of the wizard shows around its own content; `current` is the number of the open step."""
    evidence = list(decision.baseline.measurements.select_related("measured_by")) if decision.baseline else []
    lines, asked = step_lines(decision, advice.case, current), asked_of(decision)
    ways = {name: decision.address(name) for name in ("tasks", "sign", "baseline", "preview")}
    left = {"unfinished": sum(1 for one in lines if one.state != "done"), "unsorted": unsorted(advice.case)}
    shows = {"steps": lines, "current": current, "evidence": [*map(_file, evidence)], **left, **ways}
    rail = Part(id="steps", template="wizard/steps.html", shows=shows)
    shown = panel(decision, advice, move)
    return {
        "decision": decision,
        "steps": lines,
        "rail": rail,
        "current": current,
        "panel": shown,
        "parts": (rail, shown.peek, *shown.parts),
        "evidence": evidence,
        "asked": asked,
        "asked_about": about(asked) if asked else "",
        "here": decision.address("step", current) if 1 <= current <= len(STEPS) else "",
        "back": decision.address("step", current - 1) if current > 1 else "",
        **left,
        **ways,
    }


def _file(one: Measurement) -> dict[str, object]:
    return {"file_name": one.file_name, "tool": one.tool or one.kind, "read_at": one.read_at}


def unsorted(case: Case) -> int:
    """How many requirements nobody has sorted yet; a decision can be signed when none is left."""
    return sum(1 for one in BY_ID if case.answer(one).need is None)


def _row(place: int, standing: Standing, track: Track) -> Row:
    pros = tuple(one for one in standing.reasons if one.verdict is Verdict.FOR)
    decisive = [one for one in standing.reasons if one.verdict is Verdict.RULES_OUT]
    cons = (*decisive, *(one for one in standing.reasons if one.verdict is Verdict.AGAINST))
    shown_cons = cons[: max(SHOWN, len(decisive))]
    shown = {*map(id, pros[:SHOWN]), *map(id, shown_cons)}
    more = tuple(one for one in standing.reasons if id(one) not in shown)
    return Row(place=place, standing=standing, track=track, pros=pros[:SHOWN], cons=shown_cons, more=more)
