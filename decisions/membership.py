"""Changing who holds which role: an organisation never loses the last person who administers it."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Exists, OuterRef

from decisions.models import Membership, Organisation, Role

TEAM_ROLES = tuple(one for one in Role if one is not Role.AUDITOR)
"""An auditor reads a whole organisation and belongs to no team."""
SETTINGS = ("name", "policy", "approval", "author_may_approve", "review_months", "require_second_factor")
"""The columns of an organisation that its settings are kept in."""


class MembershipError(Exception):
    """The change is refused. The text says why, for whoever asked for it."""


def change_role(row: Membership, role: Role) -> None:
    """Give the member another role in the same place. Raises MembershipError."""
    if row.team_id and role not in TEAM_ROLES:
        raise MembershipError("There is no such role here: an auditor reads all teams.")
    with transaction.atomic():
        if role is not Role.ADMINISTRATOR:
            _not_the_last(row)
        Membership.objects.filter(pk=row.pk).update(role=role, from_group="")


def end(row: Membership) -> None:
    """End the membership; what the member signed stays. Raises MembershipError."""
    with transaction.atomic():
        _not_the_last(row)
        row.delete()


def _not_the_last(row: Membership) -> None:
    if row.team_id is not None or row.role != Role.ADMINISTRATOR:
        return
    whole = row.organisation.memberships.select_for_update().filter(role=Role.ADMINISTRATOR, team=None)
    others = [one for one in whole.select_related("user") if one.pk != row.pk]
    if not any(one.user.is_active and not one.user.is_service for one in others) and not row.user.is_service:
        message = f"{row.organisation} would have no administrator left. Name another one first."
        raise MembershipError(message)


def sign_out_without_second_factor(organisation: Organisation) -> None:
    """End the sessions of members without a second factor: from now on it is asked for at the door."""
    has = Authenticator.objects.filter(user=OuterRef("user")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    provider = SocialAccount.objects.filter(user=OuterRef("user"))
    members = Membership.objects.filter(organisation=organisation).values("user")
    for one in UserSession.objects.filter(~Exists(has), ~Exists(provider), user__in=members):
        one.end()
