"""An organisation: its settings, teams, people, invitations, and the tokens of its service accounts.

Reading is for accounts that administer or audit the organisation, changing for its administrators with a token of the
scope "administer". Whoever administers one team alone does that on the pages.
"""

import datetime as dt
import hashlib
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from decisions import membership
from decisions.advisor.policy import read_policy, write_policy
from decisions.api.caller import administered, caller, named_tag, once, overseen
from decisions.api.pages import Asked, Words, paged
from decisions.api.problems import Problem
from decisions.api.shapes import REFUSALS
from decisions.approval import MOST, AuthorMay, Rule, Stage, keep_rule, rule_of
from decisions.invitations import Place, invite
from decisions.models import Invitation, Membership, Organisation, Role, ServiceToken, Team
from decisions.tokens import Scope, revoke

router = Router(tags=["organisation"])


class StageIn(Schema):
    """Whom one approval comes from: an approver of this team, or somebody with this role."""

    role: Role = Role.APPROVER
    team: int | None = Field(None, ge=1, lt=2**31)


class SettingsIn(Schema):
    """All settings of an organisation; what is left out takes its default."""

    policy: dict[str, Any] = Field(
        default_factory=dict,
        description="accepted_evidence, not_allowed and planning, as the `policy` section of a case document.",
        examples=[{"not_allowed": {"sidecar-mesh": "Our nodes have no memory to spare."}}],
    )
    approvers: int = Field(1, ge=1, le=MOST)
    author: AuthorMay = AuthorMay.NEVER
    order: list[StageIn] = Field(default_factory=list, max_length=MOST)
    review_months: int = Field(12, ge=1, le=120)
    require_second_factor: bool = False
    name: Words = Field("", max_length=200, description="What the organisation is called; empty keeps the name it has.")


class SettingsOut(SettingsIn):
    """The settings as they are."""

    slug: str

    @staticmethod
    def of(one: Organisation) -> "SettingsOut":
        """From a row."""
        rule = rule_of(one)
        return SettingsOut(
            name=one.name,
            slug=one.slug,
            policy=one.policy,
            approvers=rule.approvers,
            author=rule.author,
            order=[StageIn(role=stage.role, team=stage.team) for stage in rule.order],
            review_months=one.review_months,
            require_second_factor=one.require_second_factor,
        )

    @property
    def tag(self) -> str:
        """The entity tag: a hash of everything in it."""
        said = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


@router.get("/organisation", response={200: SettingsOut, **REFUSALS}, summary="Settings")
def settings(request: HttpRequest, response: HttpResponse) -> SettingsOut:
    """What drafts are judged by, who approves, and when to look again. The ETag is what a change has to name."""
    found = SettingsOut.of(overseen(caller(request, Scope.READ)))
    response["ETag"] = found.tag
    return found


@router.put("/organisation", response={200: SettingsOut, **REFUSALS}, summary="Change the settings")
def settle(request: HttpRequest, response: HttpResponse, given: SettingsIn) -> SettingsOut:
    """All of them at once; drafts are judged under them from now on, records stay. Needs If-Match."""
    found = administered(caller(request, Scope.ADMINISTER))
    policy = write_policy(read_policy(given.policy))
    teams = {one.team for one in given.order if one.team is not None}
    if teams - set(found.teams.values_list("pk", flat=True)):
        raise Problem(422, "The order of approvals names a team of another organisation.")
    with transaction.atomic():
        locked = Organisation.objects.select_for_update().get(pk=found.pk)
        named_tag(request, SettingsOut.of(locked).tag, "The settings were")
        order = tuple(Stage(role=one.role, team=one.team) for one in given.order)
        keep_rule(locked, Rule(approvers=given.approvers, order=order, author=given.author))
        locked.policy, locked.review_months = policy, given.review_months
        locked.require_second_factor = given.require_second_factor
        locked.name = given.name.strip() or locked.name
        locked.save(update_fields=list(membership.SETTINGS))
    if given.require_second_factor and not found.require_second_factor:
        membership.sign_out_without_second_factor(locked)
    kept = SettingsOut.of(locked)
    response["ETag"] = kept.tag
    return kept


class TeamIn(Schema):
    """A new team."""

    name: Words = Field(min_length=1, max_length=200)


class TeamOut(Schema):
    """A team."""

    id: int
    name: str


class TeamsOut(Schema):
    """A page of teams."""

    items: list[TeamOut]
    next: str | None


@router.get("/teams", response={200: TeamsOut, **REFUSALS}, summary="List teams")
def teams(request: HttpRequest, asked: Query[Asked]) -> object:
    """Those the account sees."""
    bearer = caller(request, Scope.READ)
    found = Team.objects.of(bearer.user).filter(organisation_id=bearer.organisation_id)
    return paged(found, asked, lambda one: TeamOut(id=one.pk, name=one.name))


@router.post("/teams", response={201: TeamOut, **REFUSALS}, summary="Make a team")
@once
def make_team(request: HttpRequest, given: TeamIn) -> Status[TeamOut]:
    """Of this organisation."""
    found = administered(caller(request, Scope.ADMINISTER))
    try:
        with transaction.atomic():
            team = Team.objects.create(organisation=found, name=given.name)
    except IntegrityError as error:
        raise Problem(409, f"There is a team called {given.name} already.") from error
    return Status(201, TeamOut(id=team.pk, name=team.name))


class MemberOut(Schema):
    """A role that somebody holds; one person may hold several."""

    id: int
    user: str
    name: str
    is_service: bool
    team: str | None = Field(description="Null: in all teams.")
    role: Role
    from_group: str

    @staticmethod
    def of(one: Membership) -> "MemberOut":
        """From a row with its names."""
        return MemberOut(
            id=one.pk,
            user=one.user.get_username(),
            name=one.user.name,
            is_service=one.user.is_service,
            team=one.team.name if one.team else None,
            role=Role(one.role),
            from_group=one.from_group,
        )


class MembersOut(Schema):
    """A page of them."""

    items: list[MemberOut]
    next: str | None


class RoleIn(Schema):
    """What somebody may do from now on."""

    role: Role


@router.get("/people", response={200: MembersOut, **REFUSALS}, summary="Who holds which role")
def people(request: HttpRequest, asked: Query[Asked]) -> object:
    """People and service accounts."""
    rows = overseen(caller(request, Scope.READ)).memberships.select_related("user", "team")
    return paged(rows, asked, MemberOut.of)


@router.patch("/people/{int:key}", response={200: MemberOut, **REFUSALS}, summary="Change a role")
def change_role(request: HttpRequest, key: int, given: RoleIn) -> MemberOut:
    """An organisation keeps at least one administrator who is a person."""
    row = _member(administered(caller(request, Scope.ADMINISTER)), key)
    membership.change_role(row, given.role)
    row.refresh_from_db()
    return MemberOut.of(row)


@router.delete("/people/{int:key}", response={204: None, **REFUSALS}, summary="End a membership")
def end_membership(request: HttpRequest, key: int) -> Status[None]:
    """What the person signed stays."""
    membership.end(_member(administered(caller(request, Scope.ADMINISTER)), key))
    return Status(204, None)


class InvitationIn(Schema):
    """Whom to invite to what."""

    email: Words = Field(min_length=3, max_length=254)
    role: Role
    team: int | None = Field(None, ge=1, lt=2**31, description="The key of a team; null: all teams.")


class InvitationOut(Schema):
    """An invitation that nobody has used."""

    id: int
    email: str
    role: Role
    team: str | None
    expires_at: dt.datetime
    link: str | None = Field(None, description="Given once, when the invitation is made.")

    @staticmethod
    def of(one: Invitation, link: str | None = None) -> "InvitationOut":
        """From a row."""
        return InvitationOut(
            id=one.pk,
            email=one.email,
            role=Role(one.role),
            team=one.team.name if one.team else None,
            expires_at=one.expires_at,
            link=link,
        )


class InvitationsOut(Schema):
    """A page of them."""

    items: list[InvitationOut]
    next: str | None


@router.get("/invitations", response={200: InvitationsOut, **REFUSALS}, summary="Open invitations")
def invitations(request: HttpRequest, asked: Query[Asked]) -> object:
    """Without their links, which are kept nowhere."""
    found = overseen(caller(request, Scope.READ))
    rows = Invitation.objects.open(timezone.now()).filter(organisation=found).select_related("team")
    return paged(rows, asked, InvitationOut.of)


@router.post("/invitations", response={201: InvitationOut, **REFUSALS}, summary="Invite somebody")
def make_invitation(request: HttpRequest, given: InvitationIn) -> Status[InvitationOut]:
    """The link is mailed and given here once. No Idempotency-Key: its answer would keep the link."""
    bearer = caller(request, Scope.ADMINISTER)
    found = administered(bearer)
    team = found.teams.filter(pk=given.team).first() if given.team is not None else None
    if given.team is not None and team is None:
        raise Problem(422, "There is no such team here.", [{"where": "team", "what": str(given.team)}])
    if given.role is Role.AUDITOR and team is not None:
        raise Problem(422, "An auditor reads all teams: leave the team out.", [{"where": "team", "what": team.name}])
    try:
        validate_email(given.email)
    except ValidationError as error:
        raise Problem(422, "This is no mail address.", [{"where": "email", "what": given.email}]) from error
    place = Place(organisation=found, team=team, role=given.role)
    made, link = invite(place, given.email, by=bearer.user, now=timezone.now())
    return Status(201, InvitationOut.of(made, link))


@router.delete("/invitations/{int:key}", response={204: None, **REFUSALS}, summary="Withdraw an invitation")
def withdraw_invitation(request: HttpRequest, key: int) -> Status[None]:
    """Its link opens nothing any more."""
    found = administered(caller(request, Scope.ADMINISTER))
    now = timezone.now()
    if not Invitation.objects.open(now).filter(organisation=found, pk=_small(key)).update(withdrawn_at=now):
        raise Problem(404, "There is no open invitation of this key.")
    return Status(204, None)


class TokenOut(Schema):
    """A token, without itself: only its hash is kept."""

    id: int
    account: str
    hint: str
    scopes: list[str]
    created_at: dt.datetime
    expires_at: dt.datetime
    last_used_at: dt.datetime | None
    revoked_at: dt.datetime | None

    @staticmethod
    def of(one: ServiceToken) -> "TokenOut":
        """From a row with its account."""
        same = ("hint", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at")
        return TokenOut(id=one.pk, account=one.user.name, **{name: getattr(one, name) for name in same})


class TokensOut(Schema):
    """A page of them."""

    items: list[TokenOut]
    next: str | None


@router.get("/tokens", response={200: TokensOut, **REFUSALS}, summary="List tokens")
def tokens(request: HttpRequest, asked: Query[Asked]) -> object:
    """Of all service accounts. Tokens are made on the pages, by people: one must not beget the next."""
    return paged(overseen(caller(request, Scope.READ)).tokens.select_related("user"), asked, TokenOut.of)


@router.delete("/tokens/{int:key}", response={204: None, **REFUSALS}, summary="Revoke a token")
def revoke_token(request: HttpRequest, key: int) -> Status[None]:
    """At once; the token of this very request too."""
    found = administered(caller(request, Scope.ADMINISTER))
    row = found.tokens.filter(pk=_small(key)).first()
    if row is None:
        raise Problem(404, "There is no token of this key.")
    revoke(row, timezone.now())
    return Status(204, None)


def _member(found: Organisation, key: int) -> Membership:
    rows = found.memberships.select_related("user", "team", "organisation")
    row = rows.filter(pk=_small(key)).first()
    if row is None:
        raise Problem(404, "Nobody here holds a role of this key.")
    return row


def _small(key: int) -> int:
    """A key that the database can compare; larger ones name nothing."""
    return key if key < 2**62 else 0
