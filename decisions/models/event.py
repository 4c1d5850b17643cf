"""The log of who did what when: the database itself refuses to change or delete a row."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from decisions.models.decision import Decision
from decisions.models.people import Organisation, Person, reach
from decisions.models.record import Frozen, FrozenQuerySet


class EventQuerySet(FrozenQuerySet["Event"]):
    """Events as a user sees them."""

    def of(self, user: Person) -> Self:
        """Those about the decisions the user sees."""
        return self.filter(reach(user, organisation="decision__organisation", team="decision__team"))


class Event(Frozen):
    """One act. It outlives the draft it speaks of, which may be deleted: hence no database constraint."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="events")
    decision = models.ForeignKey(
        Decision, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="events"
    )
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    """None when the application acted by itself."""
    act = models.CharField(max_length=40)
    """A past participle: started, answered, measured, proposed, approved, rejected, ..."""
    detail = models.JSONField(default=dict)
    at = models.DateTimeField()

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("event"), _("events")
        ordering = ("-at", "-pk")
        indexes = [
            models.Index(fields=("decision", "act"), name="event_of_decision"),
            models.Index(fields=("-at", "-id"), name="event_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act}"
