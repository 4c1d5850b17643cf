"""How people come in: what django-allauth asks of this application about accounts, second factors and the provider."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm, ResetPasswordKeyForm
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.core.mail import EmailMessage
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from decisions.groups import follow
from decisions.models import Organisation, User
from decisions.tasks import try_again
from decisions.vault import lock, unlock

WRONG = _("Name and password do not belong together.")
"""Which of the two is wrong would tell who has an account."""
PURPOSE = "second factor"
"""What the vault keeps the secrets of authenticator apps and recovery codes for."""


def ask_for_password(form: BaseForm, first: str = "password1", again: str = "password2") -> None:
    """Say in one line what a new password needs, and nothing where it is typed once more."""
    form.fields[first].help_text = _("At least 8 characters, no common word and nothing like the name")
    form.fields[again].label, form.fields[again].help_text = _("The password again"), ""


class SignInForm(LoginForm):  # type: ignore[misc]  # without types
    """Name or mail address, and the password."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["login"].label = "Username or e-mail"
        self.fields["password"].help_text = ""  # the page has the way to a new password below the button
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class NewPasswordForm(ResetPasswordKeyForm):  # type: ignore[misc]  # without types
    """A new password, twice."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        ask_for_password(self)
        self.fields["password1"].label = _("New password")
        for name in ("password1", "password2"):
            self.fields[name].widget.attrs.pop("placeholder", None)


class LocalAccounts(DefaultAccountAdapter):  # type: ignore[misc]  # without types
    """Accounts with a password: made by invitation or by an administrator, never by whoever comes along."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": WRONG,
        "incorrect_password": _("The password is not right."),
        "too_many_login_attempts": _("Too many failed attempts. Try again in ten minutes."),
        "username_password_mismatch": WRONG,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def post_login(self, request: HttpRequest, user: Any, **named: Any) -> Any:
        """The way in; who still owes a second factor is led to its set-up first.

        A provider asks for one itself where it wants one: who came through it is not asked here.
        """
        provider = "sociallogin" in (named.get("signal_kwargs") or {})
        if not provider and owes_second_factor(user):
            request.session[OWES] = True
        return super().post_login(request, user, **named)

    def set_password(self, user: Any, password: str) -> None:
        """A password that somebody chose after a mail is no one-time password any more."""
        user.must_change_password = False
        super().set_password(user, password)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of the mail leads to the address of the instance, whatever host a request named."""
        if not settings.ORIGIN:
            return str(super().get_reset_password_from_key_url(key))
        uid, _, rest = key.partition("-")
        return settings.ORIGIN + reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": rest})

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the mail in line: that a known address takes longer than an unknown one would tell who has an account."""
        mail = self.render_mail(template_prefix, email, context | {"request": self.request})
        send_text.enqueue(email, str(mail.subject), str(mail.body))


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # without types
    """Authenticator apps and passkeys; what they share with us is kept encrypted."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The code is not right. An app shows a new one every 30 seconds."),
    }

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - the library's name
        """What a new key is called until its owner says otherwise."""
        count = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Key %(count)s") % {"count": count}

    def encrypt(self, text: str) -> str:
        """The secret as the database keeps it."""
        return lock(PURPOSE, {"secret": text})

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again. Raises Locked when the instance's key was lost."""
        return unlock(PURPOSE, encrypted_text)["secret"]


class ProviderAccounts(DefaultSocialAccountAdapter):  # type: ignore[misc]  # without types
    """Accounts of the OpenID provider: whoever it lets in has one here, and belongs nowhere until somebody says so.

    An account with the same verified mail address is the same person: addresses are set by administrators alone.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """The provider decides."""
        return True

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """The provider was configured by whoever runs the instance, so its verified addresses are believed."""
        return True

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        """A new account with the provider's name for the person; a name that is taken gets a number."""
        name = str(data.get("name") or "")
        if name and not (data.get("first_name") or data.get("last_name")):
            first, _, last = name.partition(" ")
            data |= {"first_name": first, "last_name": last}
        return super().populate_user(request, sociallogin, data)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Somebody who was here before comes again: their roles follow today's groups."""
        if sociallogin.user.pk is not None:
            follow(sociallogin.user, groups_of(sociallogin))

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> Any:
        """Somebody new, with the roles of their groups."""
        user = super().save_user(request, sociallogin, form)
        follow(user, groups_of(sociallogin))
        return user


def groups_of(sociallogin: SocialLogin) -> list[object]:
    """The groups the provider names, from the user information and from the identity token."""
    told = sociallogin.account.extra_data
    found: list[object] = []
    for part in (told, told.get("userinfo"), told.get("id_token")):
        groups = part.get(settings.OIDC_GROUPS_CLAIM) if isinstance(part, dict) else None
        found += groups if isinstance(groups, list) else [groups] if isinstance(groups, str) else []
    return found


OWES = "owes_second_factor"
"""Session key of somebody whose organisation asks for a second factor that is not set up."""


def asking(user: User) -> list[Organisation]:
    """The organisations of a person that ask for a second factor."""
    return list(Organisation.objects.filter(memberships__user=user, require_second_factor=True).distinct())


def owes_second_factor(user: User) -> bool:
    """Whether one of the person's organisations asks for a second factor and none is set up."""
    return bool(asking(user)) and not is_mfa_enabled(user)


class SecondFactorFirst:
    """Leads whoever owes a second factor to its set-up, from whatever page they ask for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page, or the way to the page about the second factor."""
        if isinstance(request.user, User) and request.session.get(OWES):
            if not owes_second_factor(request.user):
                del request.session[OWES]
            elif not request.path.startswith(reverse("mfa_index")) and request.path not in _open():
                return redirect("owed")
        return self.get_response(request)


def _open() -> set[str]:
    """What can be reached without it: proving who one is, changing the password, and leaving."""
    confirm = ("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn")
    return {reverse(name) for name in (*confirm, "password", "logout", "owed")}


@task
def send_text(email: str, subject: str, body: str, attempt: int = 1) -> None:
    """Mail a text; tried again while the mail server cannot be reached."""
    try:
        EmailMessage(subject, body, to=[email]).send()
    except OSError:
        try_again(send_text, attempt, email, subject, body)
