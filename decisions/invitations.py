"""Invitations by link: signed, until a day, once."""

import datetime as dt
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django_tasks import task

from decisions.languages.moulds import translated
from decisions.models import Invitation, Membership, Organisation, Role, Team, User
from decisions.tasks import try_again

SALT = "decisions.invitation"
DAYS = 7
GONE = "This invitation cannot be used any more. Ask whoever sent it for a new one."


class InvitationError(Exception):
    """The link opens nothing. The text may be shown to whoever followed it."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """What is given: a role in a team, or in the whole organisation when `team` is None."""

    organisation: Organisation
    team: Team | None
    role: Role


def open_before(place: Place, email: str, now: dt.datetime) -> QuerySet[Invitation]:
    """The open invitations of this address to this place, which a new one takes the place of."""
    found = Invitation.objects.open(now).filter(organisation=place.organisation, team=place.team)
    return found.filter(email__iexact=email)


def invite(place: Place, email: str, *, by: User, now: dt.datetime) -> tuple[Invitation, str]:
    """A new invitation and its link, which is shown and mailed now and kept nowhere.

    An older one of the same address to the same place opens nothing any more: of two links one could give a role that
    was meant to be replaced.
    """
    with transaction.atomic():
        open_before(place, email, now).update(withdrawn_at=now)
        invitation = Invitation.objects.create(
            organisation=place.organisation,
            team=place.team,
            role=place.role.value,
            email=email,
            nonce=secrets.token_urlsafe(16),
            created_by=by,
            created_at=now,
            expires_at=now + dt.timedelta(days=DAYS),
        )
        address = link(invitation)
        mail_invitation.enqueue(email, *mail(invitation, address))
    return invitation, address


def link(invitation: Invitation) -> str:
    """The address that opens it."""
    token = signing.dumps([invitation.pk, invitation.nonce], salt=SALT)
    return f"{settings.ADDRESS}{reverse('invitation', args=[token])}"


def opened(token: str, now: dt.datetime) -> Invitation:
    """The invitation of a link. Raises InvitationError when it is forged, used, withdrawn or too old."""
    try:
        pk, nonce = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise InvitationError("This is no invitation of ours. Copy the whole link from the mail.") from error
    found = Invitation.objects.open(now).select_related("organisation", "team", "created_by")
    invitation = found.filter(pk=pk, nonce=nonce).first()
    if invitation is None:
        raise InvitationError(GONE)
    return invitation


def accept(invitation: Invitation, user: User, now: dt.datetime) -> None:
    """Give the role to the user, once: of two who follow the link the second is told. Raises InvitationError."""
    with transaction.atomic():
        taken = Invitation.objects.open(now).filter(pk=invitation.pk).update(used_at=now, used_by=user)
        if not taken:
            raise InvitationError(GONE)
        Membership.objects.update_or_create(
            user=user,
            organisation=invitation.organisation,
            team=invitation.team,
            defaults={"role": invitation.role, "from_group": ""},
        )


def mail(invitation: Invitation, address: str) -> tuple[str, str]:
    """Subject and text of the mail, in the language of whoever invites: that of the invited is not known yet."""
    by, organisation = invitation.created_by, invitation.organisation
    text = (
        f"{by.name} invites you to work on architecture decisions of {organisation.name}.\n\n"
        f"Open this link within {DAYS} days; it works once:\n\n{address}\n"
    )
    return " ".join(translated(f"Invitation to {organisation.name}").split()), translated(text)


@task
def mail_invitation(email: str, subject: str, text: str, attempt: int = 1) -> None:
    """Mail the link."""
    try:
        EmailMessage(subject, text, to=[email]).send()
    except OSError:
        try_again(mail_invitation, attempt, email, subject, text)
