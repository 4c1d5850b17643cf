"""Measurements of a draft: what is kept of a reading, and the baseline that the draft argues from."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from decisions.advisor.case import write_places as case_places
from decisions.drafting import log
from decisions.intake import Kind, Reading, answers, as_inspect
from decisions.intake.cluster_answers import Value
from decisions.intake.traffic import traffic
from decisions.models import Baseline, Decision, Measurement, Status, User

NAME_LENGTH = 255
LARGE = 1e4
"""Numbers from here on keep all digits before the point."""
LOOKED_AT, OFFERED = 10, 3
"""So many earlier baselines are looked at, and so many of them offered."""
OLD_AFTER_DAYS = 30
"""Figures older than this are marked: what runs has changed since."""


def packed(reading: Reading, window_s: float | None = None) -> dict[str, Any]:
    """What is kept of a reading, in plain types: figures and answers, never the content.

    `window_s` is the length of the window that a Prometheus was asked for, in seconds.
    """
    found = answers(reading)
    load = reading.loadtest
    return {
        "file": reading.file,
        "kind": reading.kind.value,
        "tool": " ".join(filter(None, (reading.tool, reading.tool_version))),
        "format": reading.format or "",
        "sha256": reading.sha256,
        "size": reading.size,
        "started": load.started_at.isoformat() if load and load.started_at else "",
        "seconds": load.duration_s if load else None,
        "figures": {
            "parts": list(reading.parts),
            "recognised": reading.recognised,
            "read": [[one.label, one.value, one.unit] for one in reading.read],
            "ignored": list(reading.ignored),
            "warnings": list(reading.warnings),
            "normalised": as_inspect(reading),
            "distribution": [[percent, sensible(value)] for percent, value in load.distribution] if load else [],
            "clustering": [[percent, round(effect, 2)] for percent, effect in load.clustering] if load else [],
            "connections": load.connections if load else None,
            "traffic": traffic(reading.prometheus, window_s) if reading.prometheus else {},
            "places": case_places(reading.cluster.places, reading.cluster.marks) if reading.cluster else [],
        },
        "answers": {path: [sensible(one.value), one.provenance] for path, one in found.items()},
    }


def days_old(started: str | dt.datetime | None, today: dt.date) -> int | None:
    """The age in days of a measurement that counts as old; None for a younger one and for one without a date."""
    if not started:
        return None
    day = dt.date.fromisoformat(started[:10]) if isinstance(started, str) else started.date()
    days = (today - day).days
    return days if days > OLD_AFTER_DAYS else None


def repacked(one: Measurement) -> dict[str, Any]:
    """A kept measurement as `packed` gives a reading, with who took it in and when, so that it can be put back."""
    seconds = (one.ended_at - one.started_at).total_seconds() if one.started_at and one.ended_at else None
    return {
        "file": one.file_name,
        "kind": one.kind,
        "tool": one.tool,
        "format": one.format,
        "sha256": one.sha256,
        "size": one.size,
        "started": one.started_at.isoformat() if one.started_at else "",
        "seconds": seconds,
        "figures": one.figures,
        "answers": one.answers,
        "by": one.measured_by_id,
        "read_at": one.read_at.isoformat(),
    }


def sensible(value: Value) -> Value:
    """A measured number with four significant digits: no load test knows more, and nobody reads more."""
    return float(f"{value:.4g}") if isinstance(value, float) and abs(value) < LARGE else value


def add_measurements(decision: Decision, user: User, kept: Sequence[dict[str, Any]], now: dt.datetime) -> None:
    """Keep packed readings with the draft's baseline; a file that is there already is not kept twice."""
    kept = [one for one in kept if one["kind"] != Kind.REFUSED]
    keep_readings(own_baseline(decision, user, now), user, kept, now)
    log(decision, user, "measured", now, files=[[one["file"], one["sha256"]] for one in kept])


def keep_readings(baseline: Baseline, user: User, kept: Sequence[dict[str, Any]], now: dt.datetime) -> None:
    """Keep packed readings with a baseline; a file that is there already is not kept twice."""
    for one in kept:
        started = dt.datetime.fromisoformat(one["started"]) if one["started"] else None
        ended = started + dt.timedelta(seconds=one["seconds"]) if started and one["seconds"] else None
        Measurement.objects.get_or_create(
            baseline=baseline,
            sha256=one["sha256"],
            defaults={
                "kind": one["kind"],
                "tool": one["tool"],
                "format": one["format"],
                "figures": one["figures"],
                "answers": one["answers"],
                "started_at": started,
                "ended_at": ended,
                "measured_by_id": one.get("by", user.pk),
                "read_at": dt.datetime.fromisoformat(one["read_at"]) if "read_at" in one else now,
                "size": one["size"],
                "file_name": one["file"][:NAME_LENGTH],
            },
        )


def own_baseline(decision: Decision, user: User, now: dt.datetime) -> Baseline:
    """The draft's baseline, one that no other decision argues from: a shared one is copied first."""
    present = decision.baseline
    if present and not present.decisions.exclude(pk=decision.pk).exists():
        return present
    own = Baseline.objects.create(system=decision.system, created_by=user, created_at=now)
    for one in present.measurements.all() if present else ():
        one.pk, one.baseline, one._state.adding = None, own, True
        one.save()
    Decision.objects.move(decision, Status.DRAFT, baseline=own, changed_at=now, changed_by=user)
    return own


def earlier(user: User, decision: Decision) -> list[tuple[Baseline, list[Measurement], int]]:
    """What was measured of the same system for other decisions or by pipelines, the newest first, and how old it is.

    What a baseline has in common with the draft's own is left out; one that says nothing else is not offered.
    """
    reached = Baseline.objects.of(user).filter(system=decision.system).exclude(pk=decision.baseline_id or 0)
    known = set(decision.baseline.measurements.values_list("sha256", flat=True)) if decision.baseline else set()
    found, today = [], timezone.localdate()
    for one in reached.prefetch_related("measurements__measured_by")[:LOOKED_AT]:
        fresh = [each for each in one.measurements.all() if each.sha256 not in known]
        known |= {each.sha256 for each in fresh}
        if fresh:
            found.append((one, fresh, (today - timezone.localdate(one.created_at)).days))
    return found[:OFFERED]
