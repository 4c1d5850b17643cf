"""Which requirements a decision counts, in rows of their own: what lists are narrowed by."""

from typing import Self

from django.db import models

from decisions.models.decision import Decision
from decisions.models.people import Person, reach


class NeedQuerySet(models.QuerySet["Need"]):
    """Needs as a user sees them."""

    def of(self, user: Person) -> Self:
        """Those of the decisions the user sees."""
        return self.filter(reach(user, organisation="decision__organisation", team="decision__team"))


class Need(models.Model):
    """One requirement that counts in a decision as it stands; the record is what was signed."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="needs")
    requirement = models.CharField(max_length=60)
    """An id of `requirements.BY_ID`."""
    must = models.BooleanField()
    """False for what counts as nice to have, demoted must-haves among them."""

    objects = NeedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("decision", "requirement"), name="need_once")]
        indexes = [models.Index(fields=("requirement", "must", "-decision"), name="need_list")]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.requirement}"
