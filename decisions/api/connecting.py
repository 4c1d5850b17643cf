"""What an organisation is connected with: addresses that are told of its decisions, and groups of its sign-in provider.

Reading is for accounts that administer or audit the organisation, changing for its administrators with a token of the
scope "administer".
"""

import datetime as dt

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from decisions import hooks
from decisions.api.caller import administered, caller, once, overseen
from decisions.api.pages import Asked, Words, paged
from decisions.api.problems import Problem
from decisions.api.shapes import REFUSALS
from decisions.models import GroupRule, Role, WebHook
from decisions.tokens import Scope

router = Router(tags=["organisation"])


class HookIn(Schema):
    """Where to; the address is looked at each time something is sent."""

    address: Words = Field(min_length=1, max_length=500, examples=["https://chat.example.org/hooks/decisions"])


class HookOut(Schema):
    """A web hook, without its key."""

    id: int
    address: str
    active: bool
    created_at: dt.datetime
    secret: str | None = Field(None, description="The key of the HMAC. Given once, when the hook is made.")

    @staticmethod
    def of(one: WebHook, secret: str | None = None) -> "HookOut":
        """From a row."""
        return HookOut(id=one.pk, address=one.address, active=one.active, created_at=one.created_at, secret=secret)


class HooksOut(Schema):
    """A page of them."""

    items: list[HookOut]
    next: str | None


@router.get("/hooks", response={200: HooksOut, **REFUSALS}, summary="List web hooks")
def list_hooks(request: HttpRequest, asked: Query[Asked]) -> object:
    """Addresses that are told what happens to the decisions of the organisation."""
    return paged(overseen(caller(request, Scope.READ)).hooks.all(), asked, HookOut.of)


@router.post("/hooks", response={201: HookOut, **REFUSALS}, summary="Make a web hook")
def make_hook(request: HttpRequest, given: HookIn) -> Status[HookOut]:
    """The key is given here once. No Idempotency-Key: its answer would keep the key."""
    bearer = caller(request, Scope.ADMINISTER)
    found = administered(bearer)
    try:
        hook, secret = hooks.make(found, given.address, by=bearer.user, now=timezone.now())
    except hooks.HookError as error:
        raise Problem(422, str(error), [{"where": "address", "what": given.address}]) from error
    return Status(201, HookOut.of(hook, secret))


@router.delete("/hooks/{int:key}", response={204: None, **REFUSALS}, summary="Remove a web hook")
def remove_hook(request: HttpRequest, key: int) -> Status[None]:
    """With what is known of its messages."""
    found = administered(caller(request, Scope.ADMINISTER))
    row = found.hooks.filter(pk=_small(key)).first()
    if row is None:
        raise Problem(404, "There is no web hook of this key.")
    row.delete()
    return Status(204, None)


class GroupIn(Schema):
    """A group of the provider and the role its members hold."""

    group: Words = Field(min_length=1, max_length=200)
    role: Role
    team: int | None = Field(None, ge=1, lt=2**31, description="The key of a team; null: all teams.")


class GroupOut(Schema):
    """A rule that gives a role to the members of a group."""

    id: int
    group: str
    role: Role
    team: str | None

    @staticmethod
    def of(one: GroupRule) -> "GroupOut":
        """From a row."""
        return GroupOut(id=one.pk, group=one.group, role=Role(one.role), team=one.team.name if one.team else None)


class GroupsOut(Schema):
    """A page of them."""

    items: list[GroupOut]
    next: str | None


@router.get("/groups", response={200: GroupsOut, **REFUSALS}, summary="Roles that follow groups")
def list_groups(request: HttpRequest, asked: Query[Asked]) -> object:
    """Of the OpenID provider."""
    rows = overseen(caller(request, Scope.READ)).group_rules.select_related("team")
    return paged(rows, asked, GroupOut.of)


@router.post("/groups", response={201: GroupOut, **REFUSALS}, summary="Let a group hold a role")
@once
def make_group(request: HttpRequest, given: GroupIn) -> Status[GroupOut]:
    """It counts from each person's next sign-in on; a rule of the same group and place is replaced."""
    found = administered(caller(request, Scope.ADMINISTER))
    team = found.teams.filter(pk=given.team).first() if given.team is not None else None
    if given.team is not None and team is None:
        raise Problem(422, "There is no such team here.", [{"where": "team", "what": str(given.team)}])
    if given.role is Role.AUDITOR and team is not None:
        raise Problem(422, "An auditor reads all teams: leave the team out.", [{"where": "team", "what": team.name}])
    row, _ = GroupRule.objects.update_or_create(
        organisation=found, team=team, group=given.group, defaults={"role": given.role.value}
    )
    return Status(201, GroupOut.of(row))


@router.delete("/groups/{int:key}", response={204: None, **REFUSALS}, summary="Take a group rule away")
def remove_group(request: HttpRequest, key: int) -> Status[None]:
    """Roles it gave end with each person's next sign-in."""
    found = administered(caller(request, Scope.ADMINISTER))
    deleted, _ = found.group_rules.filter(pk=_small(key)).delete()
    if not deleted:
        raise Problem(404, "There is no group rule of this key.")
    return Status(204, None)


def _small(key: int) -> int:
    """A key that the database can compare; larger ones name nothing."""
    return key if key < 2**62 else 0
