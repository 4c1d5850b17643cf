"""Checks a stage of a roll-out against its baseline, and keeps what came of it as a sealed addendum to the record."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Max

from decisions.advisor.pilot import Resources, read_run
from decisions.advisor.pilot.outcome import About, Check, Stage, Taken, outcome
from decisions.advisor.record import canonical, digest
from decisions.drafting import log
from decisions.intake import Kind
from decisions.issue import instance_seal
from decisions.journal import enter
from decisions.measuring import repacked
from decisions.models import Decision, Measurement, Outcome, Record, Status, User
from decisions.signing.addendum import seal_addendum

CHECKED = (Status.PROPOSED, Status.ACCEPTED)
"""Decisions whose stages can be checked: what is proposed may be tried before it is approved."""
USED = (("cpu_vcpu", ("used_cpu_vcpu", "cpu_vcpu")), ("memory_gib", ("used_memory_gib", "memory_gib")))
"""What counts as used: what metrics show, else what is requested; the same on both sides."""

Packed = Mapping[str, Any]
"""A measurement as `measuring.packed` gives it."""


class NothingToCheckError(ValueError):
    """There is nothing to compare; the text says what is missing and how to get it."""


def document_of(record: Record) -> dict[str, Any]:
    """The record in plain JSON types."""
    found: dict[str, Any] = json.loads(bytes(record.canonical))
    return found


def stages(document: Mapping[str, Any]) -> list[Stage]:
    """The stages of the plan in a record document, in their order."""
    plan = document["recommendation"].get("plan") or ()
    return [
        Stage(number=int(one.get("number", place)), title=str(one["title"]), gate=str(one.get("gate", "")))
        for place, one in enumerate(plan)
    ]


def kept_before(decision: Decision) -> list[Measurement]:
    """The measurements the decision argues from, newest first."""
    if decision.baseline is None:
        return []
    return list(decision.baseline.measurements.select_related("measured_by").order_by("-read_at", "-pk"))


def kept_after(decision: Decision, user: User) -> list[Measurement]:
    """Load tests of the system that were kept with other baselines: what can stand for a pilot without a file."""
    found = Measurement.objects.of(user).filter(baseline__system=decision.system, kind=Kind.LOADTEST)
    if decision.baseline is not None:
        found = found.exclude(baseline=decision.baseline).exclude(
            sha256__in=decision.baseline.measurements.values("sha256")
        )
    return list(found.order_by("-read_at", "-pk")[:50])


MOST_FAILED = 0.5


def comparable(kept: Sequence[Measurement]) -> list[Measurement]:
    """Those of kept measurements that a stage can be compared with: load tests first, then windows of a Prometheus.

    A run in which most requests failed comes last: it says how quick failures are.
    """
    asked = [one for one in kept if one.kind == Kind.PROMETHEUS and one.figures.get("traffic")]
    tests = [one for one in kept if one.kind == Kind.LOADTEST]
    return [*sorted(tests, key=lambda one: (read_run(one.figures).error_ratio or 0.0) > MOST_FAILED), *asked]


def runs(side: Sequence[Packed]) -> list[Packed]:
    """What of one side is compared: its load tests, or without one what a Prometheus says of the requests."""
    tests = [one for one in side if one["kind"] == Kind.LOADTEST]
    return tests or [one for one in side if one["kind"] == Kind.PROMETHEUS and one["figures"].get("traffic")]


def checked(
    record: Record, stage: Stage, before: Sequence[Packed], after: Sequence[Packed], covered: int | None = None
) -> dict[str, Any]:
    """The outcome document of a check that is not kept yet.

    `before` and `after` are packed measurements with one load test each; `covered` is how many pods the stage covers.
    Raises NothingToCheckError.
    """
    decision, document = record.decision, document_of(record)
    about = About(
        organisation=decision.organisation.name,
        number=decision.number,
        title=decision.title,
        revision=record.revision,
        record_sha256=record.digest,
    )
    return compared(document, about, stage, before, after, covered=covered)


def compared(
    document: Mapping[str, Any],
    about: About,
    stage: Stage,
    before: Sequence[Packed],
    after: Sequence[Packed],
    *,
    covered: int | None = None,
) -> dict[str, Any]:
    """The outcome document for a record that need not be kept here. Raises NothingToCheckError."""
    for side, words in ((before, "before"), (after, "after")):
        tests = runs(side)
        if len(tests) != 1:
            found = "no load test" if not tests else f"{len(tests)} load tests"
            message = (
                f"There is {found} for the time {words}; a check compares exactly one on either side, or one window of "
                "a Prometheus."
            )
            raise NothingToCheckError(message)
    share = None
    pods = (document["inputs"]["case"].get("baseline") or {}).get("pods")
    if covered is not None and pods:
        share = min(covered / pods, 1.0)
    check = Check(
        stage=replace(stage, share=share),
        before=_taken(before),
        after=_taken(after),
        used=used(before, after),
    )
    return outcome(document, about, check)


def _taken(side: Sequence[Packed]) -> tuple[Taken, ...]:
    judged = runs(side)
    ordered = sorted(side, key=lambda one: one not in judged)
    return tuple(
        Taken(
            file=one["file"],
            sha256=one["sha256"],
            size=one["size"],
            tool=one["tool"],
            window=_window(one),
            run=read_run(one["figures"]) if one in judged else None,
        )
        for one in ordered
    )


def _window(one: Packed) -> str:
    if not one["started"]:
        return ""
    start = dt.datetime.fromisoformat(one["started"])
    return f"{start:%Y-%m-%d %H:%M:%S %Z}, {one['seconds']:,.0f} s" if one["seconds"] else f"{start:%Y-%m-%d %H:%M:%S}"


def used(before: Sequence[Packed], after: Sequence[Packed]) -> tuple[Resources, Resources]:
    """CPU and memory on both sides, by the first figure that both have; None where there is no such figure."""
    sides: tuple[dict[str, float], dict[str, float]] = ({}, {})
    for name, paths in USED:
        for path in paths:
            found = [_figure(side, f"baseline.{path}") for side in (before, after)]
            if found[0] is not None and found[1] is not None:
                sides[0][name], sides[1][name] = found[0], found[1]
                break
    return Resources(**sides[0]), Resources(**sides[1])


def _figure(side: Sequence[Packed], path: str) -> float | None:
    values = [one["answers"][path][0] for one in side if path in one["answers"]]
    return float(values[0]) if values else None


def before_of(decision: Decision, key: str) -> list[Packed]:
    """The chosen load test of the decision's baseline (the newest without a choice), and what else was measured there.

    Raises NothingToCheckError.
    """
    kept = kept_before(decision)
    tests = comparable(kept)
    chosen = next((one for one in tests if str(one.pk) == key), None) or next(iter(tests), None)
    if chosen is None:
        message = (
            f"{decision.number} has no load test and no window of a Prometheus in its baseline, so there is nothing "
            "to compare a stage with. Start a decision that supersedes it and add one in step 2."
        )
        raise NothingToCheckError(message)
    beside = [one for one in kept if one.kind != Kind.LOADTEST and one != chosen]
    # A Prometheus that is compared itself tells CPU and memory too; another window of it would contradict it.
    if chosen.kind == Kind.PROMETHEUS:
        beside = [one for one in beside if one.kind != Kind.PROMETHEUS]
    return [repacked(one) for one in (chosen, *beside)]


def statement(document: Mapping[str, Any]) -> str:
    """The sentence that whoever keeps an outcome stands for."""
    about, stage = document["about"], document["stage"]
    return (
        f"I checked stage {stage['number']} of {about['number']}, “{stage['title']}”. Both measurements are of the "
        f"system that the record speaks of, and the verdict is: {document['judgement']['verdict']}."
    )


def keep(record: Record, user: User, document: dict[str, Any], now: dt.datetime) -> Outcome:
    """Keep an outcome under its record: numbered, stood for by the user, sealed by this instance, and in the log."""
    decision = record.decision
    with transaction.atomic():
        # The decision's row is locked, so that two who keep at once get two numbers.
        Decision.objects.select_for_update().get(pk=decision.pk)
        number = (Outcome.objects.filter(record=record).aggregate(last=Max("number"))["last"] or 0) + 1
        said = statement(document)
        whole = document | {
            "about": document["about"] | {"check": number},
            "kept": {"by": user.name, "at": now.astimezone(dt.UTC).isoformat(timespec="seconds"), "statement": said},
        }
        data = canonical(whole)
        sealed = seal_addendum(data, instance_seal())
        kept = Outcome.objects.create(
            record=record,
            number=number,
            stage=document["stage"]["number"],
            verdict=document["judgement"]["verdict"],
            canonical=data,
            digest=digest(data),
            sealed=sealed,
            kept_by=user,
            statement=said,
            kept_at=now,
        )
        log(decision, user, "checked", now, check=number, stage=kept.stage, verdict=kept.verdict, digest=kept.digest)
        enter("checked", record, now, outcome_sha256=kept.digest)
    return kept
