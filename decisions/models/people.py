"""Who works with decisions, and which of them they reach."""

from enum import StrEnum
from typing import Self, TypeAlias

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    """What a member may do; from viewer to administrator each role includes the ones before it.

    The auditor belongs to a whole organisation, reads everything in it, its settings too, and changes nothing.
    """

    VIEWER = "viewer"
    AUTHOR = "author"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


READERS = tuple(Role)
AUTHORS = (Role.AUTHOR, Role.APPROVER, Role.ADMINISTRATOR)
APPROVERS = (Role.APPROVER, Role.ADMINISTRATOR)
ADMINISTRATORS = (Role.ADMINISTRATOR,)
OVERSEERS = (Role.ADMINISTRATOR, Role.AUDITOR)
"""Who sees the settings and the people of an organisation."""


class User(AbstractUser):
    """A person. Superusers run the instance and see every organisation."""

    must_change_password = models.BooleanField(default=False)
    """True after a one-time password: every page leads to the change of password until it is replaced."""
    language = models.CharField(max_length=10, blank=True)
    """The language of the pages; empty follows the browser. Not `choices`: a new one must not need a migration."""
    time_zone = models.CharField("time zone", max_length=64, blank=True)
    """The name of a zone, such as Europe/Berlin; empty follows the instance."""
    is_service = models.BooleanField(default=False, editable=False)
    """True for a service account: it has tokens instead of a password and never signs in."""

    @property
    def name(self) -> str:
        """The name shown in pages and records: the full name, or the user name where none was given."""
        return self.get_full_name() or self.get_username()

    @property
    def initials(self) -> str:
        """One or two letters for the avatar."""
        words = self.name.replace(".", " ").split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


Person: TypeAlias = User | AnonymousUser


def reach(
    user: Person, roles: tuple[Role, ...] = READERS, *, organisation: str = "organisation", team: str = "team"
) -> Q:
    """The condition that a row belongs to an organisation or team in which the user holds one of the roles.

    `organisation` and `team` are the lookups that lead from the row to them. A membership without a team counts in
    the whole organisation.
    """
    if not isinstance(user, User) or not user.is_active:
        return Q(pk__in=[])
    if user.is_superuser:
        return Q()
    held = Membership.objects.filter(user=user, role__in=roles)
    whole = held.filter(team=None).values("organisation")
    return Q(**{f"{organisation}__in": whole}) | Q(**{f"{team}__in": held.filter(team__isnull=False).values("team")})


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations as a user sees them."""

    def of(self, user: Person) -> Self:
        """Those the user is a member of in any role."""
        return self.filter(reach(user, organisation="pk", team="teams")).distinct()


class Organisation(models.Model):
    """One customer, company or department: the border nothing is seen across."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    author_may_approve = models.BooleanField(default=False)
    """False keeps the four-eyes rule: whoever wrote a decision cannot approve it."""
    policy = models.JSONField(default=dict, blank=True)
    """What the recommendation depends on: the `policy` section of a case document, laid under every draft."""
    approval = models.JSONField(default=dict, blank=True)
    """The approval rule in plain types; `decisions.approval.rule_of` reads it."""
    review_months = models.PositiveSmallIntegerField(default=12)
    """After how many months an accepted decision without a review date of its own is looked at again."""
    require_second_factor = models.BooleanField(default=False)
    """Whether its members reach nothing before a second factor is set up; those whom a provider signed in excepted."""
    numbered = models.PositiveIntegerField(default=0, editable=False)
    """How many decisions have been numbered so far; numbers are never given twice."""

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("organisation"), _("organisations")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def take_number(self) -> str:
        """The next decision number, such as "DR-0042". Runs inside the caller's transaction."""
        Organisation.objects.filter(pk=self.pk).update(numbered=F("numbered") + 1)
        self.refresh_from_db(fields=["numbered"])
        return f"DR-{self.numbered:04d}"


class TeamQuerySet(models.QuerySet["Team"]):
    """Teams as a user sees them."""

    def of(self, user: Person, roles: tuple[Role, ...] = READERS) -> Self:
        """Those in which the user holds one of the roles."""
        return self.filter(reach(user, roles, team="pk"))


class Team(models.Model):
    """Who owns systems and decides about them."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=200)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("team"), _("teams")
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=("organisation", "name"), name="team_name_unique")]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships as a user sees them."""

    def of(self, user: Person) -> Self:
        """Those of the organisations the user belongs to."""
        return self.filter(organisation__in=Organisation.objects.of(user))

    def oversees(self, user: Person, roles: tuple[Role, ...], organisation: int) -> bool:
        """Whether the user holds one of the roles in the organisation as a whole."""
        if not isinstance(user, User) or not user.is_active:
            return False
        return (
            user.is_superuser or self.filter(user=user, role__in=roles, organisation=organisation, team=None).exists()
        )

    def allows(self, user: Person, roles: tuple[Role, ...], *, organisation: int, team: int) -> bool:
        """Whether the user holds one of the roles in this team or in its whole organisation."""
        if not isinstance(user, User) or not user.is_active:
            return False
        if user.is_superuser:
            return True
        where = Q(team=team) | Q(team=None)
        return self.filter(where, user=user, role__in=roles, organisation=organisation).exists()

    def held(self, user: Person, *, organisation: int, team: int) -> frozenset[str]:
        """The roles the user holds in this team or in its whole organisation; all of them for a superuser."""
        if not isinstance(user, User) or not user.is_active:
            return frozenset()
        if user.is_superuser:
            return frozenset(Role)
        where = Q(team=team) | Q(team=None)
        return frozenset(self.filter(where, user=user, organisation=organisation).values_list("role", flat=True))


class Membership(models.Model):
    """A person's role in one team, or in every team of the organisation when `team` is empty."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20)
    """One of Role. Not `choices`: a new role must not need a migration."""
    from_group = models.CharField(max_length=200, blank=True)
    """The group of the OpenID provider it comes from; empty when a person gave it."""

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("membership"), _("memberships")
        constraints = [
            models.UniqueConstraint(fields=("user", "team"), name="one_role_a_team"),
            models.UniqueConstraint(
                fields=("user", "organisation"), condition=Q(team=None), name="one_role_an_organisation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {gettext(self.role)}: {self.team or self.organisation}"
