"""Where everybody arrives, and where a decision starts."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from decisions.access import person
from decisions.drafting import start
from decisions.models import Decision, Status, System, Team, User
from decisions.models.people import APPROVERS, AUTHORS
from decisions.prior import take_over

SHOWN = 10
SUGGESTED = 100


def home(request: HttpRequest) -> HttpResponse:
    """What waits for the user: drafts to continue, decisions to approve, and what changed last."""
    user = person(request)
    reached = Decision.objects.of(user).with_names()
    context = {
        "drafts": reached.filter(author=user, status=Status.DRAFT)[:SHOWN],
        "waiting": Decision.objects.awaiting(user, APPROVERS).exclude(author=user).with_names()[:SHOWN],
        "recent": reached.exclude(author=user, status=Status.DRAFT)[:SHOWN],
        "may_start": Team.objects.of(user, AUTHORS).exists(),
    }
    return render(request, "home.html", context)


class NewDecision(forms.Form):
    """What a decision needs before its first question."""

    title = forms.CharField(max_length=200, label="What is to be decided?", help_text="For example: East-west traffic")
    team = forms.ModelChoiceField(Team.objects.none(), label="Team that decides", empty_label=None)
    system = forms.CharField(
        max_length=200,
        label="Cluster or platform",
        help_text="By the name your team uses",
        widget=forms.TextInput({"list": "known-systems"}),
    )

    def __init__(self, user: User, *args: Any) -> None:
        super().__init__(*args)
        teams = self.fields["team"]
        if isinstance(teams, forms.ModelChoiceField):
            teams.queryset = Team.objects.of(user, AUTHORS).select_related("organisation")


def new(request: HttpRequest) -> HttpResponse:
    """Start a decision."""
    user = person(request)
    if not Team.objects.of(user, AUTHORS).exists():
        message = "You can read decisions, but not start one. Authors can."
        raise PermissionDenied(message)
    form = NewDecision(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        now = timezone.now()
        decision = start(user, given["team"], system=given["system"], title=given["title"], now=now)
        if taken := take_over(decision, now).changed:
            count = f"{len(taken)} answers about your team were" if len(taken) > 1 else "One answer about your team was"
            messages.info(request, f"{count} taken over from your team's last decisions. Each says so where it stands.")
        return redirect(decision.address("step", 1))
    known = System.objects.of(user).order_by("name").values_list("name", flat=True).distinct()[:SUGGESTED]
    return render(request, "new.html", {"form": form, "known": known}, status=422 if form.errors else 200)
