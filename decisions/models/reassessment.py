"""What would be recommended today for what was decided then; kept beside the records, which never change."""

from enum import StrEnum
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from decisions.models.people import Organisation, Person, reach
from decisions.models.record import Frozen, FrozenQuerySet, Record


class Outlook(StrEnum):
    """How today's judgement of a record compares with the record."""

    SAME = "same"
    NUMBERS = "numbers"
    """The same approach, product and add-ons; hours, overhead, money or the order behind it differ."""
    DIFFERENT = "different"
    """Another approach, product or set of add-ons comes first."""
    UNREADABLE = "unreadable"
    """The answers cannot be read by this version any more."""

    @property
    def label(self) -> str:
        """What people read."""
        return OUTLOOK_WORDS[self]


OUTLOOK_WORDS = {
    Outlook.SAME: "Would come out the same",
    Outlook.NUMBERS: "Same choice, other numbers",
    Outlook.DIFFERENT: "Would come out differently",
    Outlook.UNREADABLE: "Answers can no longer be read",
}


class ReassessmentQuerySet(FrozenQuerySet["Reassessment"]):
    """Re-assessments as a user sees them."""

    def of(self, user: Person) -> Self:
        """Those of the decisions the user sees."""
        return self.filter(reach(user, organisation="record__decision__organisation", team="record__decision__team"))


class Reassessment(Frozen):
    """One record judged under one catalogue and one engine. Judging it again under the same adds nothing."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="reassessments")
    catalogue_version = models.CharField(max_length=80)
    engine_version = models.CharField(max_length=40)
    outlook = models.CharField(max_length=20)
    """One of Outlook."""
    approach = models.CharField(max_length=40)
    product = models.CharField(max_length=80)
    summary = models.TextField()
    """One sentence: what would be recommended, or that it stays."""
    reasons = models.JSONField(default=list)
    """What differs, in sentences; empty for the same."""
    judged_at = models.DateTimeField()

    objects = ReassessmentQuerySet.as_manager()

    class Meta:
        ordering = ("-judged_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=("record", "catalogue_version", "engine_version"), name="judged_once")
        ]

    def __str__(self) -> str:
        return f"{self.record}: {self.outlook}"

    @property
    def label(self) -> str:
        """How it came out, in words."""
        return Outlook(self.outlook).label


class RoundQuerySet(models.QuerySet["ReassessmentRound"]):
    """Rounds as a user sees them."""

    def of(self, user: Person) -> Self:
        """Those of the organisations the user belongs to."""
        return self.filter(organisation__in=Organisation.objects.of(user))


class ReassessmentRound(models.Model):
    """One pass over the accepted decisions of an organisation under one catalogue and engine.

    `cursor` is the decision judged last: a pass that was interrupted goes on behind it.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="rounds")
    catalogue_version = models.CharField(max_length=80)
    engine_version = models.CharField(max_length=40)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    """None when the application noticed by itself that the catalogue or the engine changed."""
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField()
    """Accepted decisions when it started."""
    done = models.PositiveIntegerField(default=0)
    cursor = models.PositiveBigIntegerField(default=0)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ("-started_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("organisation", "catalogue_version", "engine_version"),
                condition=Q(finished_at=None),
                name="one_round_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.done}/{self.total}"
