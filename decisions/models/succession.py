"""What follows what: a decision may replace several, and never itself by whatever detour."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from decisions.models.decision import ConflictError, Decision
from decisions.models.people import Person, reach


class SuccessionQuerySet(models.QuerySet["Succession"]):
    """Successions as a user sees them."""

    def of(self, user: Person) -> Self:
        """Those whose successor the user sees."""
        return self.filter(reach(user, organisation="successor__organisation", team="successor__team"))


class Succession(models.Model):
    """One decision that starts where another one ended; accepted, it supersedes what still stands of them."""

    successor = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="successions")
    predecessor = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="followed_by")

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("successor", "predecessor"), name="succession_once"),
            models.CheckConstraint(condition=~Q(successor=F("predecessor")), name="succession_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.successor.number} after {self.predecessor.number}"


def follow(successor: Decision, predecessor: Decision) -> Succession:
    """Say that one decision follows another of its organisation.

    Raises ConflictError where that would close a circle, or cross the border of an organisation.
    """
    if successor.organisation_id != predecessor.organisation_id:
        message = f"{predecessor.number} belongs to another organisation."
        raise ConflictError(message)
    if successor.pk in ancestors(predecessor):
        message = f"{successor.number} cannot follow {predecessor.number}, which itself goes back to it."
        raise ConflictError(message)
    link, _ = Succession.objects.get_or_create(successor=successor, predecessor=predecessor)
    return link


def ancestors(decision: Decision) -> set[int]:
    """The decision and everything it goes back to; one query a generation."""
    found: set[int] = {decision.pk}
    latest = found
    while latest:
        before = Succession.objects.filter(successor__in=latest).values_list("predecessor", flat=True)
        latest = set(before) - found
        found |= latest
    return found
