"""Files that wait to be read, and what was read of them, until a person keeps it."""

from typing import Self

from django.conf import settings
from django.db import models

from decisions.models.decision import Decision
from decisions.models.people import Person, reach
from decisions.models.prometheus import OPEN, Progress


class UploadQuerySet(models.QuerySet["Upload"]):
    """Uploads as a user sees them, and their guarded moves."""

    def of(self, user: Person) -> Self:
        """Those of the decisions the user reaches."""
        return self.filter(reach(user, organisation="decision__organisation", team="decision__team"))

    def move(self, key: int, before: tuple[Progress, ...], **changes: object) -> bool:
        """Change an upload that is still in one of the states `before`; whether it was."""
        return bool(self.filter(pk=key, status__in=before).update(**changes))


class Upload(models.Model):
    """Files of one request that are too large to be read while somebody waits. Their bytes are not here."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="uploads")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField()
    files = models.JSONField(default=list)
    """[{"name", "key", "size", "sha256"}]; `key` is the name in the spool."""
    status = models.CharField(max_length=20, default=Progress.WAITING.value)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)
    """Bytes that are read."""
    total = models.PositiveBigIntegerField(default=0)
    now = models.CharField(max_length=255, blank=True)
    """The file that is being read."""
    problem = models.TextField(blank=True)
    packed = models.JSONField(null=True)
    """The readings, as measurements keep them; None until there are some."""

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ("-sent_at", "-pk")

    def __str__(self) -> str:
        return ", ".join(str(one["name"]) for one in self.files)

    @property
    def is_open(self) -> bool:
        """Whether it still waits or is being read."""
        return self.status in OPEN

    @property
    def keys(self) -> list[str]:
        """The names of its files in the spool."""
        return [str(one["key"]) for one in self.files]
