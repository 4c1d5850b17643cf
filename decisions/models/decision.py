"""A decision on its way from draft to record; every move is guarded by the state it starts from."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, ProtectedError, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from decisions.models import search
from decisions.models.baselines import Baseline, System
from decisions.models.people import Organisation, Person, Role, Team, reach

if TYPE_CHECKING:
    from decisions.models.record import Record


class ConflictError(Exception):
    """The decision is not in the state the act starts from: somebody else was faster. The text is for the user."""


class KeptError(ProtectedError):
    """Something that must be kept cannot be deleted. The first argument is a sentence for the user."""


class Status(models.TextChoices):
    """Where a decision stands."""

    DRAFT = "draft", "Draft"
    PROPOSED = "proposed", "Proposed"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    DEPRECATED = "deprecated", "Deprecated"
    SUPERSEDED = "superseded", "Superseded"


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Decisions as a user sees them, and the guarded moves."""

    def of(self, user: Person) -> Self:
        """Those of the user's teams; whole organisations for their administrators."""
        return self.filter(reach(user))

    def with_names(self) -> Self:
        """With the rows every page names: organisation, team, system, author."""
        return self.select_related("organisation", "team", "system", "author")

    def awaiting(self, user: Person, roles: tuple[Role, ...]) -> Self:
        """Proposed decisions of teams in which the user holds one of the roles."""
        return self.filter(reach(user, roles), status=Status.PROPOSED)

    def move(self, decision: "Decision", before: Status, **changes: Any) -> None:
        """Change a decision that is still as it was read, or raise ConflictError and change nothing.

        Status and version are compared in the database, so of two people who act at once one is told.
        """
        updated = self.filter(pk=decision.pk, status=before, version=decision.version).update(
            version=F("version") + 1, **changes
        )
        if not updated:
            raise ConflictError(self._why_not(decision, before))
        decision.refresh_from_db()

    def _why_not(self, decision: "Decision", before: Status) -> str:
        now = self.filter(pk=decision.pk).select_related("changed_by").first()
        if now is None:
            return f"{decision.number} has been deleted meanwhile."
        who = f" by {now.changed_by.name}" if now.changed_by else ""
        if now.status != before:
            return f"{decision.number} is {now.get_status_display().lower()} now; it was changed meanwhile{who}."
        return f"{decision.number} was changed meanwhile{who}. Look at it again and repeat what you did."

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete drafts that nothing leans on; raises KeptError for everything else."""
        kept = list(self.model.objects.filter(pk__in=self.values("pk")).filter(KEPT).distinct()[:20])
        if kept:
            raise KeptError(kept[0].why_kept(), set(kept))
        return super().delete()


NARROWED = (
    *("approach", "product", "confidence", "outlook", "review_on", "musts_without_evidence", "decided_at", "team"),
    "revision",
)
"""What lists are narrowed by."""


class Decision(models.Model):
    """One question about one system, from the first answer to the signed record and its successor."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="decisions")
    number = models.CharField(max_length=20)
    """Unique in the organisation, such as "DR-0042"."""
    title = models.CharField(max_length=200)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="decisions")
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="decisions")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    """Counts every change; whoever saves names the version they saw."""
    case = models.JSONField(default=dict)
    """The answers: a case document (schema meshadvisor-case/1)."""
    baseline = models.ForeignKey(Baseline, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions")
    predecessors = models.ManyToManyField(
        "self",
        through="Succession",
        through_fields=("successor", "predecessor"),
        symmetrical=False,
        related_name="successors",
    )
    """What it starts from; accepted, it supersedes those that still stand. Added by `succession.follow`."""
    revision = models.PositiveIntegerField(default=0)
    """The revision of the newest frozen record; 0 before the first."""
    approach = models.CharField(max_length=40, blank=True)
    product = models.CharField(max_length=80, blank=True)
    confidence = models.CharField(max_length=20, blank=True)
    """What the newest answers recommend, for lists and filters; the record is what counts."""
    musts_without_evidence = models.PositiveSmallIntegerField(default=0)
    """Claimed must-haves that no accepted evidence backs, in the newest record; for lists and the board."""
    outlook = models.CharField(max_length=20, blank=True)
    """How the newest re-assessment of the newest record came out: one of Outlook, empty before the first."""
    words = models.TextField(blank=True, default="", editable=False)
    """What a search finds it by; see `search.words_of`."""
    outcome_reason = models.TextField(blank=True)
    """Why it was rejected or deprecated."""
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    reminded_for = models.DateField(null=True, blank=True, editable=False)
    """The review date that people were last written to about: whoever sets it writes, so nobody is written to twice."""
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    """Who hears of the review beside author and approvers, if an administrator named somebody."""

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("decision"), _("decisions")
        ordering = ("-changed_at", "-pk")
        constraints = [models.UniqueConstraint(fields=("organisation", "number"), name="number_unique")]
        # Each list is one of these read from its end: the number of rows beside those shown does not matter. What a
        # list can be narrowed by stands behind its order, so that rows which do not match are passed over unread: each
        # carries its answers, and reading a hundred thousand of them takes a second.
        indexes = [
            models.Index(fields=("organisation", "status", "-changed_at", "-id", *NARROWED), name="decision_listed"),
            models.Index(fields=("organisation", "-changed_at", "-id", "status", *NARROWED), name="decision_recent"),
            models.Index(fields=("team", "-changed_at", "-id"), name="decision_of_team"),
            models.Index(fields=("team", "status", "-changed_at", "-id"), name="decision_of_team_by_status"),
            models.Index(fields=("-changed_at", "-id"), name="decision_everywhere"),
            models.Index(fields=("status", "review_on"), name="decision_review"),
            models.Index(fields=("status", "proposed_at"), name="decision_waiting"),
            models.Index(fields=("system", "-created_at"), name="decision_of_system"),
            # One for each number of the board, which is counted without looking at what it does not count.
            models.Index(fields=("organisation", "status", "review_on", "team"), name="decision_overdue"),
            models.Index(fields=("organisation", "status", "outlook", "team"), name="decision_outlooks"),
            models.Index(fields=("organisation", "status", "musts_without_evidence", "team"), name="decision_unproven"),
            models.Index(fields=("organisation", "status", "approach", "product", "team"), name="decision_choices"),
            models.Index(fields=("organisation", "decided_at", "team"), name="decision_decided"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row; a new one with the words it is found by."""
        if self._state.adding:
            self.words = search.words_of(self)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The task list of a draft, the record of everything else."""
        return self.address("tasks" if self.is_draft else "decision")

    @property
    def judged(self) -> dict[str, Any]:
        """The answers under what the organisation has settled: what the recommendation is made from."""
        return self.under_policy(self.case)

    def under_policy(self, case: dict[str, Any]) -> dict[str, Any]:
        """A case document with the organisation's policy; one that a file brought along counts for nothing."""
        answers = {key: value for key, value in case.items() if key != "policy"}
        return answers | ({"policy": self.organisation.policy} if self.organisation.policy else {})

    @property
    def is_draft(self) -> bool:
        """Whether answers may still change."""
        return self.status == Status.DRAFT

    @property
    def key(self) -> tuple[str, str]:
        """What names it in addresses: the organisation's slug and the number."""
        return self.organisation.slug, self.number

    def address(self, view: str, *rest: object) -> str:
        """The address of one of its pages."""
        return reverse(view, args=(*self.key, *rest))

    def newest_record(self) -> "Record | None":
        """The record of the newest revision, or None for a decision that was never submitted."""
        return self.records.order_by("-revision").first()

    def why_kept(self) -> str:
        """The sentence that says why it cannot be deleted."""
        if self.records.exists():
            return f"{self.number} has a signed record and is kept. Deprecate it or supersede it instead."
        if self.successors.exists():
            return f"{self.number} is kept: another decision refers to it."
        return f"{self.number} is {self.get_status_display().lower()} and is kept; only drafts can be deleted."

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        """Delete a draft that nothing leans on; raises KeptError otherwise."""
        return Decision.objects.filter(pk=self.pk).delete()

    def age(self, today: dt.date) -> int:
        """Days since the last change."""
        return (today - self.changed_at.date()).days


KEPT = ~Q(status=Status.DRAFT) | Q(records__isnull=False) | Q(successors__isnull=False)
