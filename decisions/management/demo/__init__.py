"""A demo organisation: a public transport operator whose two teams have decided, doubted and started again.

People, dates and numbers are invented. Everything goes through the same functions as the pages do, so the records are
real ones: frozen, sealed by this instance, and verifiable.
"""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from decisions.management.demo.people import SLUG, renew, settle
from decisions.management.demo.story import BEGINS, tell
from decisions.models import Organisation, Sealing

__all__ = ["BEGINS", "DemoError", "fill", "is_here", "renew"]


class DemoError(Exception):
    """The demo cannot be filled in here. The text is for the user."""


def is_here() -> bool:
    """Whether the demo has been filled in already."""
    return Organisation.objects.filter(slug=SLUG).exists()


def fill(password: str, say: Callable[[str], None]) -> Organisation:
    """Make the organisation, its people (all with this password) and its seven decisions, or nothing at all.

    `say` is told of each decision. Raises DemoError when the database already holds an organisation.
    """
    if Organisation.objects.exists():
        message = "there is an organisation already; choose an empty directory: DATA_DIR=... meshadvisor demo"
        raise DemoError(message)
    with transaction.atomic():
        cast = settle(password)
        for decision in tell(cast):
            say(f"  {decision}")
        # The story is told in the past, but its PDFs are asked for today.
        Sealing.objects.due().update(asked_at=timezone.now())
    return cast.organisation
