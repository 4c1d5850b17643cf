"""Memberships that follow the groups of the OpenID provider."""

from collections.abc import Iterable

from django.db import transaction

from decisions.models import GroupRule, Membership, User

MOST = 500
"""Groups that are looked at; providers send thousands for people who have been there long."""


def follow(user: User, groups: Iterable[object]) -> None:
    """Give the roles that the rules name for these groups, and take back what earlier groups gave.

    A role that a person gave in the same place stays as it is. Of two groups for one place the rule that was made
    first counts.
    """
    named = [one for one in groups if isinstance(one, str)][:MOST]
    with transaction.atomic():
        wanted: dict[tuple[int, int | None], GroupRule] = {}
        for rule in GroupRule.objects.filter(group__in=named).order_by("pk"):
            wanted.setdefault((rule.organisation_id, rule.team_id), rule)
        for old in Membership.objects.filter(user=user).exclude(from_group=""):
            if (old.organisation_id, old.team_id) not in wanted:
                old.delete()
        for (organisation, team), rule in wanted.items():
            held = Membership.objects.filter(user=user, organisation=organisation, team=team).first()
            if held is None:
                Membership.objects.create(
                    user=user, organisation_id=organisation, team_id=team, role=rule.role, from_group=rule.group
                )
            elif held.from_group and (held.role, held.from_group) != (rule.role, rule.group):
                Membership.objects.filter(pk=held.pk).update(role=rule.role, from_group=rule.group)
