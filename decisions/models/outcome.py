"""What became of a stage: a sealed addendum to a record, which it names and never rewrites."""

from typing import Self

from django.conf import settings
from django.db import models

from decisions.models.people import Person, reach
from decisions.models.record import Frozen, FrozenQuerySet, Record


class OutcomeQuerySet(FrozenQuerySet["Outcome"]):
    """Outcomes as a user sees them."""

    def of(self, user: Person) -> Self:
        """Those of the decisions the user sees."""
        return self.filter(reach(user, organisation="record__decision__organisation", team="record__decision__team"))


class Outcome(Frozen):
    """One check of one stage: measured before and after, with the verdict."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="outcomes")
    number = models.PositiveIntegerField()
    """Counts the checks under one record from 1."""
    stage = models.PositiveIntegerField()
    """The number of the stage in the record's plan."""
    verdict = models.CharField(max_length=20)
    """go on, hold, go back or not comparable."""
    canonical = models.BinaryField()
    """The outcome as canonical JSON (RFC 8785), schema meshadvisor-outcome/1."""
    digest = models.CharField(max_length=64, db_index=True)
    """SHA-256 of the canonical bytes, in hex."""
    sealed = models.BinaryField()
    """The canonical bytes in a CMS container under the seal of this instance."""
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    statement = models.TextField()
    """The sentence the person stood for when it was kept."""
    kept_at = models.DateTimeField()

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        ordering = ("record", "number")
        constraints = [models.UniqueConstraint(fields=("record", "number"), name="outcome_once")]

    def __str__(self) -> str:
        return f"{self.record}, check {self.number}: {self.verdict}"
