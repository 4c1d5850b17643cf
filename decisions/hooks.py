"""Web hooks of an organisation: made with a key of their own, which is shown once and kept locked."""

import datetime as dt
import secrets

from django.db import transaction

from decisions.models import Organisation, User, WebHook
from decisions.notices import purpose
from decisions.outbound.place import BadAddress, Place
from decisions.vault import lock

MOST = 20


class HookError(Exception):
    """The hook is not made. The text may be shown to whoever asked for it."""


def looked_at(address: str) -> str:
    """The address without spaces around it, when it looks like one; where it leads is looked at each time something
    is sent. Raises HookError."""
    typed = address.strip()
    try:
        Place.of(typed)
    except BadAddress as error:
        raise HookError(str(error)) from error
    return typed


def make(organisation: Organisation, address: str, *, by: User, now: dt.datetime) -> tuple[WebHook, str]:
    """A hook and its key. Raises HookError."""
    typed, secret = looked_at(address), secrets.token_urlsafe(32)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        if organisation.hooks.count() >= MOST:
            message = f"There are {MOST} hooks already; remove one first."
            raise HookError(message)
        locked = lock(purpose(typed), {"secret": secret})
        hook = WebHook.objects.create(
            organisation=organisation, address=typed, locked_secret=locked, created_by=by, created_at=now
        )
    return hook, secret
