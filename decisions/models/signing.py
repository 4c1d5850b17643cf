"""The keys people sign with, and how far the sealing of a record is."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from decisions.models.people import Organisation, Person, User, reach
from decisions.models.record import Record


class SigningKeyQuerySet(models.QuerySet["SigningKey"]):
    """Signing keys as a user sees them."""

    def of(self, user: Person) -> Self:
        """The user's own."""
        return self.filter(user=user) if isinstance(user, User) and user.is_active else self.none()

    def in_use(self) -> Self:
        """Those that may still sign."""
        return self.filter(retired_at=None)

    def of_members(self, organisation: Organisation) -> Self:
        """Those of everybody who is or was a member of the organisation, also retired ones: they signed once."""
        return self.filter(Q(user__memberships__organisation=organisation) | _signed_for(organisation)).distinct()


def _signed_for(organisation: Organisation) -> Q:
    return Q(user__signatures__record__decision__organisation=organisation)


class SigningKey(models.Model):
    """A key of a person's own, for approvals: never deleted, so that it stays known whose it was."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signing_keys")
    kind = models.CharField(max_length=20)
    """One of the ways in `decisions.signing.approval.OWN_KEY`: passkey or ssh."""
    name = models.CharField(max_length=100)
    """What the person calls it."""
    identity = models.CharField(max_length=1400, unique=True)
    """The id of a passkey in base64url, the fingerprint of an SSH key."""
    public_key = models.TextField()
    """PEM for a passkey, "kind base64" for an SSH key."""
    added_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    """Since when it signs no more; what it signed before stands."""

    objects = SigningKeyQuerySet.as_manager()

    class Meta:
        ordering = ("added_at", "pk")

    def __str__(self) -> str:
        return f"{self.name} ({self.kind}) of {self.user}"


class SealState(models.TextChoices):
    """How far it is."""

    WAITING = "waiting", "Waiting"
    FAILED = "failed", "Failed"
    DONE = "done", "Done"


class SealingQuerySet(models.QuerySet["Sealing"]):
    """Sealings as a user sees them."""

    def of(self, user: Person) -> Self:
        """Those of the records the user sees."""
        return self.filter(reach(user, organisation="record__decision__organisation", team="record__decision__team"))

    def due(self) -> Self:
        """Those that are not done."""
        return self.exclude(state=SealState.DONE)


class Sealing(models.Model):
    """The PDF of one edition of a record on its way: asked for with the act, made beside the pages, tried again."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="sealings")
    edition = models.CharField(max_length=20)
    """One of Edition."""
    state = models.CharField(max_length=20, choices=SealState, default=SealState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    problem = models.TextField(blank=True)
    """Why the last attempt failed, or why the seal has less than was configured; a sentence for the user."""
    level = models.CharField(max_length=10, blank=True)
    """The PAdES level that was reached: B-B, B-T or B-LTA."""
    renew_by = models.DateTimeField(null=True, blank=True)
    """When the certificate of the last time stamp ends; None without time stamps."""
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = SealingQuerySet.as_manager()

    class Meta:
        ordering = ("asked_at", "pk")
        constraints = [models.UniqueConstraint(fields=("record", "edition"), name="sealing_once")]

    def __str__(self) -> str:
        return f"{self.record}, {self.edition}: {self.state}"

    @property
    def is_waiting(self) -> bool:
        """Whether it will be done without anybody's help."""
        return self.state == SealState.WAITING

    def is_slow(self, now: dt.datetime) -> bool:
        """Whether it has waited longer than a worker takes: perhaps none is running."""
        return self.is_waiting and now - self.asked_at > dt.timedelta(minutes=1)
