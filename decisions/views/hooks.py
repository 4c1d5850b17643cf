"""Web hooks of an organisation: where its decisions are told of, and whether the messages arrived."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from decisions.access import organisation_of, person
from decisions.hooks import HookError, looked_at, make
from decisions.models import Delivery, Membership, Organisation
from decisions.models.people import ADMINISTRATORS, OVERSEERS

SHOWN = 50


class HookForm(forms.Form):
    """Where to."""

    address = forms.CharField(max_length=500, label="Address", help_text="https://chat.example.org/hooks/decisions")

    def clean_address(self) -> str:
        """The address, when it looks like one; where it leads is looked at each time something is sent."""
        try:
            return looked_at(self.cleaned_data["address"])
        except HookError as error:
            raise forms.ValidationError(str(error)) from error


def hooks(request: HttpRequest, organisation: str) -> HttpResponse:
    """The hooks with their last messages; a new hook shows its key once."""
    user = person(request)
    found = organisation_of(user, organisation, OVERSEERS if request.method == "GET" else ADMINISTRATORS)
    form = HookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            hook, secret = make(found, form.cleaned_data["address"], by=user, now=timezone.now())
        except HookError as error:
            form.add_error("address", str(error))
        else:
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
