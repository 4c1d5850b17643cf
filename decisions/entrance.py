"""How people come in: what django-allauth asks of this application about accounts, second factors and the provider."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest

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
