"""Every component of the pages in every state, in both themes: what a new page is put together from."""

from functools import cache

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from decisions.advice import advise, catalogue
from decisions.advisor.burden import prices
from decisions.advisor.questionnaire import STEPS
from decisions.advisor.record.bars import burden_bars, lead_bars, path_bars
from decisions.models import Decision, Organisation, Status, Team
from decisions.rendering.bars import BarChart, bar_chart
from decisions.rendering.quantiles import Curve, quantile_chart
from decisions.views.panel import Move, Panel, panel
from decisions.views.parts import Part

THEMES = ("light", "dark")
TONES = ("", "open", "waits", "partly", "bad", "failed")
"""What a verdict can be: it holds, it is not known, wait, it holds in part, it does not hold, it is broken."""
CURVES = (
    Curve(name="Before", points=((0.5, 11), (0.9, 24), (0.99, 38))),
    Curve(name="In this stage", points=((0.5, 12), (0.9, 27), (0.99, 44))),
)

EXAMPLE: dict[str, object] = {
    "schema": "meshadvisor-case/1",
    "title": "East-west traffic of the example",
    "requirements": {
        "workload_identity": {"need": "must", "evidence": {"kind": "rule", "who": "Compliance"}},
        "traffic_splitting": {"need": "nice"},
    },
    "baseline": {"pods": 400, "nodes": 30, "peak_rps": 2400, "p99_ms": 38, "slo_p99_ms": 80},
    "budget": {"memory_gib": 5},
}
"""Answers under which the panel shows a winner, an option ruled out, a limit passed, and ranges."""


class Example(forms.Form):
    """The fields that pages other than the wizard are made of."""

    name = forms.CharField(label="Name", help_text="As it stands in your directory")
    mail = forms.EmailField(label="Mail address")
    role = forms.ChoiceField(label="Role", choices=[("viewer", "Viewer"), ("author", "Author")])
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))


@login_not_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """The components, once for each theme."""
    themes = []
    for theme in THEMES:
        empty = Example(prefix=theme)
        refused = Example({f"{theme}-refused-name": "", f"{theme}-refused-mail": "ada@"}, prefix=f"{theme}-refused")
        themes.append({"name": theme, "form": empty, "refused": refused})
    page = {
        "themes": themes,
        "statuses": [Decision(status=one) for one in Status],
        "panel": example_panel(),
        "charts": example_charts(),
        "tones": TONES,
        "ends": ("low", "likely", "high"),
        "quantiles": quantile_chart(CURVES, slo_ms=60, ranges=[(0.99, 30, 52)]),
        "rail": Part(id="steps", template="wizard/steps.html", shows={"steps": example_steps(), "current": 2}),
    }
    return render(request, "styleguide/styleguide.html", page)


def example_steps() -> list[dict[str, object]]:
    """The list of steps with one of each state."""
    return [
        {"state": state, "now": state == "now", "step": STEPS[place], "result": "", "address": "#"}
        for place, state in enumerate(("done", "now", "todo"))
    ]


@cache
def example_panel() -> Panel:
    """The panel of the wizard for the example's answers."""
    organisation = Organisation(slug="example", name="Example")
    decision = Decision(number="DR-0000", organisation=organisation, team=Team(organisation=organisation))
    moved = Move(label="Mutual TLS", moved="CNI-level encryption is ruled out: it knows nodes, not workloads.")
    return panel(decision, advise(EXAMPLE), moved)


@cache
def example_charts() -> tuple[BarChart, ...]:
    """Bars in every form for the example's answers: stacked, as a waterfall under a limit, on both sides of a line."""
    given = advise(EXAMPLE)
    ranking = given.recommendation.ranking
    cost = prices(given.case, catalogue())
    found = (burden_bars(ranking), path_bars(ranking[0], given.case.baseline.slo_p99_ms), lead_bars(ranking, cost))
    return tuple(bar_chart(one) for one in found if one)
