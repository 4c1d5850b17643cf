"""Connections to a team's Prometheus, and runs of questions to it."""

from enum import StrEnum
from typing import Self

from django.conf import settings
from django.db import models

from decisions.models.baselines import System
from decisions.models.decision import Decision
from decisions.models.people import Person, reach


class ConnectionQuerySet(models.QuerySet["Connection"]):
    """Connections as a user sees them."""

    def of(self, user: Person) -> Self:
        """Those of the systems of the user's teams."""
        return self.filter(reach(user, organisation="system__organisation", team="system__team"))


class Connection(models.Model):
    """Where a system's Prometheus is, and how to sign in there.

    There is no way to change one: a stored secret must never follow an address that somebody typed later.
    """

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="connections")
    address = models.CharField(max_length=500)
    """Scheme, host, port and path prefix; never a user or a password."""
    method = models.CharField(max_length=20)
    """One of decisions.prometheus.connection.Method. Not `choices`: a new one must not need a migration."""
    tenant = models.CharField(max_length=150, blank=True)
    locked = models.TextField()
    """The credentials, encrypted by decisions.vault for this address."""
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)
    """Why the last check failed, for people; empty when it did not."""
    found = models.JSONField(default=list)
    """The sources of the last check, best first: [{"source", "native", "latency"}]."""

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        ordering = ("address", "pk")

    def __str__(self) -> str:
        return self.address


class Progress(StrEnum):
    """Where a run stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    KEPT = "kept"


OPEN = (Progress.WAITING, Progress.RUNNING)


class CollectionQuerySet(models.QuerySet["Collection"]):
    """Runs as a user sees them, and their guarded moves."""

    def of(self, user: Person) -> Self:
        """Those of the decisions the user reaches."""
        return self.filter(reach(user, organisation="decision__organisation", team="decision__team"))

    def move(self, key: int, before: tuple[Progress, ...], **changes: object) -> bool:
        """Change a run that is still in one of the states `before`; whether it was."""
        return bool(self.filter(pk=key, status__in=before).update(**changes))


class Collection(models.Model):
    """One run of the questions over a window, for the baseline of a draft. What it found is kept until it is used."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="collections")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="collections")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    source = models.CharField(max_length=40)
    native = models.BooleanField(default=False)
    status = models.CharField(max_length=20, default=Progress.WAITING.value)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    now = models.CharField(max_length=40, blank=True)
    """The figure that is being asked for."""
    problem = models.TextField(blank=True)
    packed = models.JSONField(null=True)
    """The reading, as a measurement keeps it; None until there is one."""
    unanswered = models.JSONField(default=dict)
    """{figure: why it is not known}."""

    objects = CollectionQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-pk")

    def __str__(self) -> str:
        return f"{self.connection}, {self.starts_at:%d %b %Y %H:%M} to {self.ends_at:%d %b %Y %H:%M}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits or runs."""
        return self.status in OPEN
