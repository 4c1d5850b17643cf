"""A baseline as it was measured: distribution, resources, failures, and where each figure comes from."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from decisions.access import person
from decisions.advisor.pilot import Run, read_run
from decisions.advisor.pilot.words import plainly
from decisions.advisor.questions import FIELDS
from decisions.forms import in_words
from decisions.languages.dates import to_the_second
from decisions.measuring import days_old
from decisions.models import Baseline, Decision, Measurement, User
from decisions.rendering.quantiles import Curve, QuantileChart, quantile_chart

LOADTEST = "loadtest"
GROUPS: Mapping[str, tuple[str, ...]] = {
    "Resources": (
        "cpu_vcpu",
        "memory_gib",
        "used_cpu_vcpu",
        "used_memory_gib",
        "free_cpu_vcpu",
        "free_memory_gib",
        "busiest_node_cpu",
    ),
    "Size and traffic": ("clusters", "nodes", "pods", "services", "namespaces", "sidecars", "peak_rps", "mean_rps"),
}
KINDS = {"transport": "No answer", "4xx": "Refused (4xx)", "5xx": "Failed (5xx)", "other": "Failed, kind not told"}
METHODS = {
    "exact": "exact, from every request",
    "hdr": "HDR histogram",
    "tdigest": "t-digest, approximate",
    "bucket": "from buckets, approximate",
    "rounded": "rounded by the tool",
}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure in words, with the file and the day it comes from."""

    label: str
    value: str
    source: str
    date: str
    old: int | None


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One load test: its run, its chart, its failures by kind."""

    measurement: Measurement
    run: Run
    chart: QuantileChart | None
    failures: tuple[tuple[str, str], ...]
    old: int | None


@require_safe
def measured(request: HttpRequest, key: int) -> HttpResponse:
    """The page of one baseline."""
    user = person(request)
    baseline = baseline_of(user, key)
    measurements = list(baseline.measurements.select_related("measured_by"))
    decisions = list(Decision.objects.of(user).filter(baseline=baseline).with_names())
    today = timezone.localdate()
    slo, incidents = promised(decisions)
    others = Baseline.objects.of(user).filter(system=baseline.system).exclude(pk=key)
    context = {
        "baseline": baseline,
        "decisions": decisions,
        "sheets": [sheet(one, slo, today) for one in measurements if one.kind == LOADTEST],
        "groups": [(title, rows) for title, paths in GROUPS.items() if (rows := figures(measurements, paths, today))],
        "incidents": incidents,
        "origins": [(one, origin(one), days_old(one.started_at, today)) for one in measurements],
        "others": others.annotate(count=Count("measurements")).filter(count__gt=0),
        "comparable": sum(1 for one in measurements if one.kind == LOADTEST) > 1,
    }
    return render(request, "measured/measured.html", context)


def baseline_of(user: User, key: int) -> Baseline:
    """A baseline of a system the user may see; 404 for any other."""
    return get_object_or_404(Baseline.objects.of(user).select_related("system__team", "created_by"), pk=key)


def promised(decisions: Iterable[Decision]) -> tuple[float | None, list[tuple[str, int]]]:
    """The target for p99 and the incidents of 90 days, as the first decision that argues from the baseline has them."""
    slo: float | None = None
    incidents: list[tuple[str, int]] = []
    for one in decisions:
        given = one.case.get("baseline") or {}
        slo = slo if slo is not None else given.get("slo_p99_ms")
        if not incidents:
            counts = given.get("incidents_90_days") or {}
            incidents = [
                (FIELDS[f"baseline.incidents_90_days.{cause}"].label, count) for cause, count in counts.items()
            ]
    return slo, sorted(incidents, key=lambda one: -one[1])


def sheet(one: Measurement, slo: float | None, today: dt.date) -> Sheet:
    """A load test laid out."""
    run = read_run(one.figures)
    return Sheet(
        measurement=one,
        run=run,
        chart=quantile_chart([Curve(name=one.file_name, points=run.quantiles)], slo),
        failures=failures(one),
        old=days_old(one.started_at, today),
    )


def failures(one: Measurement) -> tuple[tuple[str, str], ...]:
    """Failed requests by kind, in words; kinds that the file does not tell apart are left out."""
    normalised = one.figures.get("normalised") or {}
    counts, requests = normalised.get("errors") or {}, normalised.get("requests")
    return tuple(
        (KINDS[kind], f"{count:,} of {requests:,}" if requests else f"{count:,}")
        for kind, count in counts.items()
        if count is not None
    )


def figures(measurements: Sequence[Measurement], paths: Sequence[str], today: dt.date) -> list[Figure]:
    """What the measurements say about these paths of the baseline, all of them where several speak."""
    found = []
    for name in paths:
        path = f"baseline.{name}"
        for one in measurements:
            if path in one.answers:
                value, _source = one.answers[path]
                found.append(
                    Figure(
                        label=FIELDS[path].label,
                        value=in_words(path, value),
                        source=one.file_name,
                        date=f"{one.started_at:%Y-%m-%d}" if one.started_at else "",
                        old=days_old(one.started_at, today),
                    )
                )
    return found


def origin(one: Measurement) -> list[tuple[str, str]]:
    """Where a measurement comes from and how it was taken."""
    given = one.figures.get("normalised") or {}
    window = to_the_second(one.started_at)
    if one.started_at and one.ended_at:
        window = gettext("%(since)s to %(until)s") % {"since": window, "until": to_the_second(one.ended_at)}
    elif given.get("duration_s"):
        window = window or f"{plainly(given['duration_s'])} s; the file does not say when"
    rows = (
        ("Tool", one.tool or one.kind),
        ("Format", one.format),
        ("Window", window),
        ("Percentiles", METHODS.get(given.get("percentile_method") or "", "")),
        (
            "Population",
            {"all": "all requests", "success": "successful requests only"}.get(given.get("population") or "", ""),
        ),
        ("Coordinated omission", given.get("coordinated_omission") or ""),
        ("Taken in", gettext("%(at)s by %(name)s") % {"at": to_the_second(one.read_at), "name": one.measured_by.name}),
        ("Size", f"{one.size:,} bytes"),
    )
    return [(name, value) for name, value in rows if value]
