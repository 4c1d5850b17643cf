"""How people and services are let in: invitations, groups of the provider, tokens of service accounts."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext

from decisions.models.people import ADMINISTRATORS, Organisation, Person, Team, reach


class AdmissionQuerySet(models.QuerySet["Invitation"]):
    """Invitations as a user sees them."""

    def of(self, user: Person) -> Self:
        """Those to what the user administers: the whole organisation, or a team."""
        return self.filter(reach(user, ADMINISTRATORS))

    def open(self, now: dt.datetime) -> Self:
        """Those that can still be accepted."""
        return self.filter(used_at=None, withdrawn_at=None, expires_at__gt=now)


class Invitation(models.Model):
    """A role that waits for whoever opens the link: once, until a day. The link is signed and kept nowhere."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=20)
    email = models.EmailField()
    """Whom it is for: the address of the account that is made with it."""
    nonce = models.CharField(max_length=43)
    """Stands in the signed link; making the link anew changes it, and older links open nothing."""
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = AdmissionQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.email}, {gettext(self.role)}: {self.team or self.organisation}"


class GroupRule(models.Model):
    """Members of this group of the OpenID provider hold this role here, as long as the provider says so."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="group_rules")
    group = models.CharField(max_length=200)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="group_rules")
    role = models.CharField(max_length=20)

    class Meta:
        ordering = ("group", "pk")
        constraints = [
            models.UniqueConstraint(fields=("group", "organisation", "team"), name="one_rule_a_group_and_team"),
            models.UniqueConstraint(
                fields=("group", "organisation"), condition=models.Q(team=None), name="one_rule_a_group"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}, {gettext(self.role)}: {self.team or self.organisation}"


class ServiceToken(models.Model):
    """A token of a service account. The token itself is shown once; only its hash is kept."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="tokens")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    """The service account that acts with it."""
    scopes = models.JSONField(default=list)
    """Some of `decisions.tokens.Scope`."""
    sha256 = models.CharField(max_length=64, unique=True)
    """SHA-256 of the token, in hex: the token is 256 random bits, so a slow hash would add nothing."""
    hint = models.CharField(max_length=12)
    """Its first characters, by which people tell tokens apart."""
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.hint}… of {self.user}"
