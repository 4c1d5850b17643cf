"""Two load tests of one system side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from decisions.access import person
from decisions.advisor.pilot import Run, differences, read_run
from decisions.advisor.pilot.intervals import added, error_ratio, quantile
from decisions.advisor.pilot.verdict import SHARES
from decisions.advisor.pilot.words import amount, change, percent
from decisions.models import Baseline, Decision, Measurement
from decisions.rendering.quantiles import Curve, quantile_chart
from decisions.views.measured import LOADTEST, baseline_of, origin, promised


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure of two runs, and what lies between them."""

    title: str
    before: str
    after: str
    difference: str


@require_safe
def beside(request: HttpRequest, key: int) -> HttpResponse:
    """Two load tests of one system side by side; only like with like, otherwise it says why not."""
    user = person(request)
    baseline = baseline_of(user, key)
    tests = Measurement.objects.of(user).filter(baseline__system=baseline.system, kind=LOADTEST)
    choices = list(tests.select_related("baseline", "measured_by").order_by("-read_at", "-pk"))
    first, second = pair(choices, baseline, request.GET)
    context: dict[str, Any] = {"baseline": baseline, "choices": choices, "first": first, "second": second}
    if first and second:
        runs = read_run(first.figures), read_run(second.figures)
        decisions = Decision.objects.of(user).filter(system=baseline.system).order_by("-changed_at")
        slo, _ = promised(decisions)
        context |= {"why_not": differences(*runs), "rows": rows(*runs), "what": (origin(first), origin(second))}
        curves = [
            Curve(name=one.file_name, points=run.quantiles) for one, run in zip((first, second), runs, strict=True)
        ]
        context["chart"] = quantile_chart(curves, slo)
    return render(request, "measured/beside.html", context)


def pair(
    choices: Sequence[Measurement], baseline: Baseline, asked: Mapping[str, str]
) -> tuple[Measurement | None, Measurement | None]:
    """The two that were asked for; else the newest of this baseline, and the newest other one that is like it."""
    by_key = {str(one.pk): one for one in choices}
    second = by_key.get(asked.get("second", "")) or next(
        (one for one in choices if one.baseline_id == baseline.pk), None
    )
    first = by_key.get(asked.get("first", ""))
    if first is None and second is not None:
        run = read_run(second.figures)
        others = [one for one in choices if one.sha256 != second.sha256]
        alike = [one for one in others if not differences(read_run(one.figures), run)]
        first = next(iter(alike or others), None)
    return first, second


def rows(before: Run, after: Run) -> list[Row]:
    """Quantiles and the error ratio of both, with what was added and how far that is certain."""
    found = []
    for title, share in SHARES:
        one, other = quantile(before, share), quantile(after, share)
        if one and other and before.knows(share) and after.knows(share):
            found.append(
                Row(
                    title=title,
                    before=amount(one.likely, "ms"),
                    after=amount(other.likely, "ms"),
                    difference=change(added(one, other), "ms"),
                )
            )
    one, other = error_ratio(before), error_ratio(after)
    if one and other:
        found.append(
            Row(
                title="Failed requests",
                before=percent(one.likely),
                after=percent(other.likely),
                difference=change(added(one, other), ""),
            )
        )
    return found
