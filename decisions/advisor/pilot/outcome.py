"""The outcome of a check as a document: what was compared, what came of it, and to which record it belongs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from decisions.advisor.pilot.limits import Limits, limits_of
from decisions.advisor.pilot.run import Resources, Run
from decisions.advisor.pilot.scores import Projection, projection_of
from decisions.advisor.pilot.verdict import Judgement, judge
from decisions.advisor.record import plain as plainly

SCHEMA = "meshadvisor-outcome/1"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A measurement that a check stands on: the file it came from, and what it says."""

    file: str
    sha256: str
    size: int
    tool: str = ""
    window: str = ""
    run: Run | None = None


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The stage of the roll-out that was checked, and the share of the pods it covers; None where nobody said.

    `gate` is all that its plan asks for: a check judges latency, errors, CPU and memory of it, and people the rest.
    """

    number: int
    title: str
    share: float | None = None
    gate: str = ""


@dataclass(frozen=True, kw_only=True)
class Check:
    """Everything a verdict is made from. `before` and `after` begin with the load test; others gave CPU and memory."""

    stage: Stage
    before: tuple[Taken, ...]
    after: tuple[Taken, ...]
    used: tuple[Resources, Resources] = field(default=(Resources(), Resources()))


@dataclass(frozen=True, kw_only=True)
class About:
    """The record that the outcome is an addendum to: it is named by its digest and never rewritten."""

    organisation: str
    number: str
    title: str
    revision: int
    record_sha256: str
    check: int = 0
    """The how-manieth outcome of the decision; 0 before it is kept."""


def outcome(record: Mapping[str, Any], about: About, check: Check) -> dict[str, Any]:
    """The outcome of a check against a record document, in plain JSON types.

    ValueError when either side has no load test.
    """
    before, after = (next((one.run for one in side if one.run), None) for side in (check.before, check.after))
    if before is None or after is None:
        message = "a check needs one load test before and one after"
        raise ValueError(message)
    full = projection_of(record)
    projection = full.scaled(check.stage.share) if check.stage.share is not None else full
    limits = limits_of(record["inputs"]["case"], projection, before.latency(0.99) or 0.0)
    used = check.used if check.stage.share is not None else (Resources(), Resources())
    return _document(about, check, (projection, limits), judge(before, after, projection, limits, used))


def _document(about: About, check: Check, expected: tuple[Projection, Limits], judgement: Judgement) -> dict[str, Any]:
    projection, limits = expected
    parts: Sequence[tuple[str, object]] = (
        ("about", about),
        ("stage", check.stage),
        ("before", check.before),
        ("after", check.after),
        ("projection", projection),
        ("limits", limits),
        ("judgement", judgement),
    )
    return {"schema": SCHEMA} | {name: plainly.plain(value) for name, value in parts}
