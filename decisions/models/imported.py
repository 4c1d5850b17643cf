"""Decision records that others wrote elsewhere: their bytes, and what they claim. None of them was approved here."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Min

from decisions.models.people import Person, Team, User, reach
from decisions.models.record import Frozen, FrozenQuerySet


class ImportDraftQuerySet(models.QuerySet["ImportDraft"]):
    """Uploads as a user sees them."""

    def of(self, user: Person) -> Self:
        """The user's own."""
        return self.filter(user=user) if isinstance(user, User) else self.none()


class ImportDraft(models.Model):
    """Files that somebody uploaded and has not decided about: shown, and then kept or thrown away."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    archive = models.BinaryField()
    """A zip file with the texts of the upload and nothing else."""
    uploaded_at = models.DateTimeField()

    objects = ImportDraftQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class ImportedRecordQuerySet(FrozenQuerySet["ImportedRecord"]):
    """Imported records as a user sees them."""

    def of(self, user: Person) -> Self:
        """Those that the user's teams took in."""
        return self.filter(reach(user, organisation="team__organisation"))

    def acts(self, limit: int) -> "list[tuple[ImportedRecord, int]]":
        """The latest times that records were brought in: one record of each, and how many came with it."""
        grouped = self.order_by("-imported_at").values("imported_at", "team", "source", "imported_by")
        counts = {row["first"]: row["count"] for row in grouped.annotate(first=Min("pk"), count=Count("pk"))[:limit]}
        light = self.select_related("team", "imported_by").defer("content", "problems", "relations")
        found = light.in_bulk(list(counts))
        return [(found[pk], count) for pk, count in counts.items()]


class ImportedRecord(Frozen):
    """One record as it came. Everything but the bytes and who took it in is what the source says of itself."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="imported")
    source = models.CharField(max_length=200)
    """The name of what was uploaded."""
    path = models.CharField(max_length=500)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    title = models.CharField(max_length=500, blank=True)
    number = models.PositiveIntegerField(null=True)
    claimed_status = models.CharField(max_length=60, blank=True)
    """One lower-case word with hyphens; empty where the source states none."""
    claimed_date = models.CharField(max_length=10, blank=True)
    relations = models.JSONField(default=dict)
    """{"superseded_by": [...], "supersedes": [...]}: targets as written."""
    problems = models.JSONField(default=list)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()

    objects = ImportedRecordQuerySet.as_manager()

    class Meta:
        ordering = ("-imported_at", "path", "pk")
        constraints = [models.UniqueConstraint(fields=("team", "path", "sha256"), name="imported_once")]

    def __str__(self) -> str:
        return self.title or self.path
