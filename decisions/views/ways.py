"""In which ways a person can sign an approval here, and where passkeys belong."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from decisions.models import SigningKey, User
from decisions.signing import passkey, sshsig
from decisions.signing.approval import PASSKEY, SSH


@dataclass(frozen=True, kw_only=True)
class Ways:
    """What the page offers to somebody who may approve."""

    passkeys: bool
    ssh_keys: tuple[SigningKey, ...]
    code: bool
    """Whether the confirmation asks for a code of the second factor."""
    password: bool
    """Whether it asks for the password."""
    namespace: str = sshsig.NAMESPACE


def ways(user: User) -> Ways:
    """What can be offered to the user."""
    keys = list(SigningKey.objects.of(user).in_use())
    return Ways(
        passkeys=any(one.kind == PASSKEY for one in keys),
        ssh_keys=tuple(one for one in keys if one.kind == SSH),
        code=second_factor(user) is not None,
        password=has_password(user),
    )


def second_factor(user: User) -> Authenticator | None:
    """The app that gives the person codes; None while none is set up."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()


def has_password(user: User) -> bool:
    """Whether the person signs in with a password of this instance."""
    return bool(user.password) and user.has_usable_password()


def site(request: HttpRequest) -> passkey.Site:
    """Where passkeys belong: the configured address, or the one that was typed where none is."""
    origin = settings.ORIGIN or f"{request.scheme}://{request.get_host()}"
    host = settings.ORIGIN_HOST or request.get_host().rpartition(":")[0] or request.get_host()
    return passkey.Site(host=host, origin=origin)
