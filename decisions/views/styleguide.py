"""Every component of the pages in every state, in both themes: what a new page is put together from."""

from functools import cache

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from decisions.advice import advise
from decisions.models import Decision, Organisation, Status, Team
from decisions.views.panel import Move, Panel, panel

THEMES = ("light", "dark")

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
    statuses = [Decision(status=one) for one in Status]
    return render(
        request, "styleguide/styleguide.html", {"themes": themes, "statuses": statuses, "panel": example_panel()}
    )


@cache
def example_panel() -> Panel:
    """The panel of the wizard for the example's answers."""
    organisation = Organisation(slug="example", name="Example")
    decision = Decision(number="DR-0000", organisation=organisation, team=Team(organisation=organisation))
    moved = Move(label="Mutual TLS", moved="CNI-level encryption is ruled out: it knows nodes, not workloads.")
    return panel(decision, advise(EXAMPLE), moved)
