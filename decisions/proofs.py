"""The forms in which people prove who they are once more, in words of ours: password, code, key."""

from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeOnceMoreForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.utils.translation import gettext_lazy as _

LABELS = {
    "code": _("Code"),
    "name": _("What do you call it?"),
    "passwordless": _("Make it a passkey: it signs you in without name and password"),
}
HINTS = {"passwordless": _("It then asks for your finger, your face or a PIN each time.")}
DIGITS = 6


class Plain:
    """The label says what a field is for, and nothing in the field repeats it."""

    fields: dict[str, Any]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            field.help_text = HINTS.get(name, field.help_text)


class PasswordForm(Plain, ReauthenticateForm):  # type: ignore[misc]  # without types
    """The password once more."""


class CodeForm(Plain, AuthenticateForm):  # type: ignore[misc]  # without types
    """A code of the app, or a recovery code, to sign in."""


class CodeAgainForm(Plain, CodeOnceMoreForm):  # type: ignore[misc]  # without types
    """The same, to confirm."""


class AppForm(Plain, ActivateTOTPForm):  # type: ignore[misc]  # without types
    """The first code of an app."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["code"].label = _("First code")
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "maxlength": DIGITS}


class AddKeyForm(Plain, AddWebAuthnForm):  # type: ignore[misc]  # without types
    """A key and its name."""


class RenameKeyForm(Plain, EditWebAuthnForm):  # type: ignore[misc]  # without types
    """Another name for a key."""
