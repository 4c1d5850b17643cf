"""How people come in: what django-allauth asks of this application about accounts, second factors and the provider."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest

from decisions.groups import follow
from decisions.vault import lock, unlock

PURPOSE = "second factor"
"""What the vault keeps the secrets of authenticator apps and recovery codes for."""


class LocalAccounts(DefaultAccountAdapter):  # type: ignore[misc]  # without types
    """Accounts with a password: made by invitation or by an administrator, never by whoever comes along."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # without types
    """Authenticator apps and passkeys; what they share with us is kept encrypted."""

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
