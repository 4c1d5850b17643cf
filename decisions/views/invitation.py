"""The page behind an invitation's link: an account for somebody new, a role for somebody who has one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import BaseUserCreationForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from decisions.entrance import ask_for_password
from decisions.invitations import InvitationError, accept, opened
from decisions.languages.moulds import shown
from decisions.models import User
from decisions.views.account import sends_no_mail


class AccountForm(BaseUserCreationForm):
    """Name and password of a new account; its mail address is the invitation's."""

    usable_password = None

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name")
        labels = {"username": "Name to sign in with"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_for_password(self)
        self.fields["username"].help_text = shown("Letters, digits and @ . + - _")
        for name, known_as in (("first_name", "given-name"), ("last_name", "family-name")):
            self.fields[name].required = True
            self.fields[name].widget = forms.TextInput({"autocomplete": known_as})


@login_not_required
@sensitive_post_parameters()
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation: signed in with one's account, else by making one."""
    now = timezone.now()
    try:
        found = opened(token, now)
        user = request.user if isinstance(request.user, User) else None
        form = None if user else AccountForm(request.POST or None, instance=User(email=found.email))
        if request.method == "POST" and (form is None or form.is_valid()):
            with transaction.atomic():
                accept(found, user or form.save(), now)  # type: ignore[union-attr]  # one of the two is there
            messages.success(request, f"You are {found.role} in {found.team or found.organisation} now.")
            return redirect("home" if user else "login")
    except InvitationError as error:
        return render(request, "organisation/invitation.html", {"problem": str(error)}, status=410)
    context = {"invitation": found, "form": form, "no_mail": sends_no_mail()}
    return render(request, "organisation/invitation.html", context, status=422 if form and form.errors else 200)
