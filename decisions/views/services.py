"""Service accounts of an organisation and their tokens."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from decisions.access import organisation_of, person
from decisions.languages.moulds import shown
from decisions.models import Membership, Organisation, Role, ServiceToken, Team, User
from decisions.models.people import ADMINISTRATORS, OVERSEERS
from decisions.tokens import SCOPES, Scope, issue_token, revoke

LASTS = {30: "30 days", 90: "90 days", 365: "a year"}
ROLES = (Role.VIEWER, Role.AUTHOR, Role.APPROVER, Role.ADMINISTRATOR)
"""Whatever its role, a service never approves: an approval is a person's. An approver's may ask for changes."""


class TokenForm(forms.Form):
    """What a token may do and for how long."""

    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=[(one.value, shown(text)) for one, text in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(label="For", coerce=int, choices=[(one, shown(text)) for one, text in LASTS.items()])


class ServiceForm(TokenForm):
    """A new service account with its first token."""

    name = forms.CharField(max_length=100, label="What it is", help_text="For example: nightly load test")
    team = forms.ModelChoiceField(Team.objects.none(), required=False, empty_label=shown("All teams"), label="Team")
    role = forms.ChoiceField(label="Role", choices=[(one.value, shown(one.value.capitalize())) for one in ROLES])
    field_order = ("name", "team", "role", "scopes", "days")

    def __init__(self, organisation: Organisation, *args: Any) -> None:
        super().__init__(*args)
        teams = self.fields["team"]
        if isinstance(teams, forms.ModelChoiceField):
            teams.queryset = organisation.teams.all()


def services(request: HttpRequest, organisation: str) -> HttpResponse:
    """Service accounts and their tokens; a new account shows its token once."""
    user = person(request)
    found = organisation_of(user, organisation, OVERSEERS if request.method == "GET" else ADMINISTRATORS)
    form = ServiceForm(found, request.POST) if request.method == "POST" else ServiceForm(found)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            account = _account(found, form.cleaned_data)
            row, token = _token(account, found, form, user)
        return _page(request, found, token=token, row=row)
    return _page(request, found, 422 if form.errors else 200, form=form)


@require_POST
def tokens(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """A further token of a service account, before the old one ends."""
    user = person(request)
    found = organisation_of(user, organisation)
    account = get_object_or_404(_accounts(found), pk=pk)
    form = TokenForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say what the token may do and for how long.")
        return redirect("services", organisation)
    row, token = _token(account, found, form, user)
    return _page(request, found, token=token, row=row)


@require_POST
def revoke_token(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """End a token at once."""
    found = organisation_of(person(request), organisation)
    row = get_object_or_404(found.tokens.all(), pk=pk)
    revoke(row, timezone.now())
    messages.success(request, f"The token {row.hint}… opens nothing any more.")
    return redirect("services", organisation)


def _page(request: HttpRequest, found: Organisation, status: int = 200, **shown: Any) -> HttpResponse:
    context = {
        "organisation": found,
        "whole": True,
        "may": Membership.objects.oversees(person(request), ADMINISTRATORS, found.pk),
        "accounts": _accounts(found),
        "now": timezone.now(),
        "form": ServiceForm(found),
        "scopes": SCOPES.items(),
        "lasts": LASTS.items(),
    }
    return render(request, "organisation/services.html", context | shown, status=status)


def _accounts(found: Organisation) -> Any:
    rows = User.objects.filter(is_service=True, memberships__organisation=found)
    return rows.distinct().order_by("first_name", "pk").prefetch_related("tokens", "memberships__team")


def _account(found: Organisation, given: dict[str, Any]) -> User:
    name = f"{slugify(given['name'])[:60] or 'service'}-{get_random_string(6).lower()}"
    account = User(username=f"service-{name}", first_name=given["name"], is_service=True)
    account.set_unusable_password()
    account.save()
    Membership.objects.create(user=account, organisation=found, team=given["team"], role=given["role"])
    return account


def _token(account: User, found: Organisation, form: TokenForm, by: User) -> tuple[ServiceToken, str]:
    now = timezone.now()
    until = now + dt.timedelta(days=form.cleaned_data["days"])
    scopes = [Scope(one) for one in form.cleaned_data["scopes"]]
    return issue_token(account, found.pk, scopes, by=by, now=now, expires_at=until)
