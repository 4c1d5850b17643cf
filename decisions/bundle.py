"""The trust bundle of this instance: what somebody keeps so that they can check its records without it."""

import datetime as dt
from typing import Any

from django.conf import settings

from decisions import journal, stamps
from decisions.models import Organisation, SigningKey
from decisions.sealing import instance_seal
from decisions.signing.keystore import seals
from decisions.signing.trust import Person, Trust, document


def trust(*organisations: Organisation) -> Trust:
    """Authorities, seals, time stamps and log of this instance; with organisations, whose keys sign for them."""
    newest = journal.checkpoint()
    return Trust(
        authorities=instance_seal().trusted,
        seals=seals(settings.DATA_DIR, instance_seal()),
        stamp_roots=stamps.roots(),
        log_key=journal.log_key().public,
        checkpoint=newest.note if newest else "",
        people=tuple(dict.fromkeys(one for each in organisations for one in _people(each))),
        own=True,
    )


def bundle(now: dt.datetime, *organisations: Organisation) -> dict[str, Any]:
    """The same as a document in plain JSON types."""
    return document(trust(*organisations), settings.ORIGIN, now)


def _people(organisation: Organisation) -> list[Person]:
    keys = SigningKey.objects.of_members(organisation).select_related("user").order_by("pk")
    return [Person(account=one.user.get_username(), kind=one.kind, public_key=one.public_key) for one in keys]
