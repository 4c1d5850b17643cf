"""Web hooks of an organisation: where its decisions are told of, and whether the messages arrived."""

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from decisions.access import organisation_of, person
from decisions.models import Delivery, Membership, Organisation, WebHook
from decisions.models.people import ADMINISTRATORS, OVERSEERS
from decisions.notices import purpose
from decisions.outbound.place import BadAddress, Place
from decisions.vault import lock

SHOWN = 50
MOST = 20


class HookForm(forms.Form):
    """Where to."""

    address = forms.CharField(max_length=500, label="Address", help_text="https://chat.example.org/hooks/decisions")

    def clean_address(self) -> str:
        """The address, when it looks like one; where it leads is looked at each time something is sent."""
        typed: str = self.cleaned_data["address"].strip()
        try:
            Place.of(typed)
        except BadAddress as error:
            raise forms.ValidationError(str(error)) from error
        return typed


def hooks(request: HttpRequest, organisation: str) -> HttpResponse:
    """The hooks with their last messages; a new hook shows its key once."""
    user = person(request)
    found = organisation_of(user, organisation, OVERSEERS if request.method == "GET" else ADMINISTRATORS)
    form = HookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if found.hooks.count() >= MOST:
            form.add_error("address", f"There are {MOST} hooks already; remove one first.")
        else:
            secret = secrets.token_urlsafe(32)
            address = form.cleaned_data["address"]
            hook = WebHook.objects.create(
                organisation=found,
                address=address,
                locked_secret=lock(purpose(address), {"secret": secret}),
                created_by=user,
                created_at=timezone.now(),
            )
            return _page(request, found, hook=hook, secret=secret)
    return _page(request, found, 422 if form.errors else 200, form=form)


@require_POST
def hook(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """Remove a hook with what is known of its messages."""
    found = organisation_of(person(request), organisation)
    row = get_object_or_404(found.hooks, pk=pk)
    row.delete()
    messages.success(request, f"{row.address} hears nothing any more.")
    return redirect("hooks", organisation)


def _page(request: HttpRequest, found: Organisation, status: int = 200, **shown: Any) -> HttpResponse:
    context = {
        "organisation": found,
        "whole": True,
        "may": Membership.objects.oversees(person(request), ADMINISTRATORS, found.pk),
        "hooks": found.hooks.all(),
        "deliveries": Delivery.objects.filter(hook__organisation=found).select_related("hook")[:SHOWN],
        "form": HookForm(),
    }
    return render(request, "organisation/hooks.html", context | shown, status=status)
