"""Secrets of other systems at rest: encrypted with the instance's key, opened only in the moment they are used."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = "for"
"""The key under which a sealed document says what it belongs to."""


class Locked(Exception):  # noqa: N818 - it is what the secret is, and its text is shown to the user
    """What was kept cannot be opened; the text says what to do."""


def lock(purpose: str, secret: Mapping[str, str]) -> str:
    """The secret as text that only this instance can open, and only for the same purpose.

    `purpose` names what the secret belongs to, such as the address it may be sent to: a row that is moved to another
    address in the database opens no more.
    """
    return _keys().encrypt(json.dumps({PURPOSE: purpose, "secret": dict(secret)}).encode()).decode("ascii")


def unlock(purpose: str, locked: str) -> dict[str, str]:
    """The secret that `lock` was given. Raises Locked when the key is another one or the purpose is."""
    try:
        document: dict[str, Any] = json.loads(_keys().decrypt(locked.encode()))
    except (InvalidToken, ValueError) as error:
        message = (
            "The credentials were encrypted with another key than today's (MESHADVISOR_VAULT_KEY, or vault_key in the "
            "data directory). Enter them again, or give the former key after the new one, with a comma."
        )
        raise Locked(message) from error
    if document[PURPOSE] != purpose:
        raise Locked("The credentials were kept for another address. Enter them again.")
    secret: dict[str, str] = document["secret"]
    return secret


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in settings.VAULT_KEYS])


def _derived(key: str) -> bytes:
    """A Fernet key from a long random text; not for passwords, which would need a slow function."""
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"meshadvisor vault").derive(key.encode())
    return base64.urlsafe_b64encode(derived)
