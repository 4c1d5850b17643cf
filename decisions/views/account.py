"""One's own account: name, password, sessions. Signing in itself and second factors are django-allauth's."""

from typing import Any

from allauth.account.signals import password_changed
from allauth.account.views import password_reset, password_reset_done
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from decisions.access import person
from decisions.entrance import ask_for_password, asking
from decisions.languages.person import zones
from decisions.models import User
from decisions.renaming import renamed


class NameForm(forms.ModelForm):
    """What a person may say about themselves. The mail address is for administrators: it opens the account."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    class Meta:
        model = User
        fields = ("first_name", "last_name", "language", "time_zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language, zone = self.fields["language"], self.fields["time_zone"]
        if isinstance(language, forms.ChoiceField) and isinstance(zone, forms.ChoiceField):
            language.choices = [("", _("As the browser asks")), *settings.LANGUAGES]
            here = _("As this server: %(zone)s") % {"zone": settings.READERS_TIME_ZONE}
            zone.choices = [("", here), *((name, name.replace("_", " ")) for name in zones())]


def account(request: HttpRequest) -> HttpResponse:
    """One's name, roles, and the ways of signing in."""
    user = person(request)
    form = NameForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        renamed(user, form.changed_data)
        messages.success(request, "Saved. Records keep the name they were signed under.")
        return redirect("account")
    memberships = user.memberships.select_related("organisation", "team").order_by("organisation__name", "team__name")
    context = {"form": form, "memberships": memberships, "second_factor": is_mfa_enabled(user)}
    context["no_mail"] = sends_no_mail()
    return render(request, "account/account.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters()
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; somebody who came through the provider has none to give first."""
    user = person(request)
    form_class = PasswordChangeForm if user.has_usable_password() else SetPasswordForm
    form = form_class(user, request.POST or None)
    ask_for_password(form, "new_password1", "new_password2")
    if request.method == "POST" and form.is_valid():
        user.must_change_password = False
        form.save()
        update_session_auth_hash(request, user)
        password_changed.send(sender=User, request=request, user=user)  # the list of sessions follows the new key
        messages.success(request, "Your password is changed. Other sessions are signed out.")
        return redirect("home")
    return render(request, "account/password.html", {"form": form}, status=422 if form.errors else 200)


def sends_no_mail() -> bool:
    """Whether this instance was set up without a mail server."""
    return settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


@login_not_required
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link that opens one's account again; where no mail is sent the page says whom to ask."""
    if sends_no_mail():
        return render(request, "account/password_reset.html", {"no_mail": True})
    answer: HttpResponse = password_reset(request)
    return answer


@login_not_required
def sent(request: HttpRequest) -> HttpResponse:
    """That a link is on its way; where no mail is sent, nothing is."""
    if sends_no_mail():
        return forgotten(request)
    answer: HttpResponse = password_reset_done(request)
    return answer


def owed(request: HttpRequest) -> HttpResponse:
    """Which organisation asks for a second factor, and the ways to set one up; where none asks, the page about it."""
    organisations = asking(person(request))
    if not organisations:
        return redirect("mfa_index")
    return render(request, "account/owed.html", {"organisations": organisations})


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of this account, this one last."""
    get_adapter().end_sessions(UserSession.objects.filter(user=person(request)))
    logout(request)
    messages.success(request, "You are signed out everywhere.")
    return redirect("login")
