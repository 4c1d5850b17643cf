"""Files that wait to be read, and what was read of them, until a person keeps it."""

from typing import Self

from django.conf import settings
from django.db import models

from decisions.models.baselines import System
from decisions.models.decision import Decision
from decisions.models.people import Person, reach
from decisions.models.prometheus import OPEN, Progress


class UploadQuerySet(models.QuerySet["Upload"]):
    """Uploads as a user sees them, and their guarded moves."""

    def of(self, user: Person) -> Self:
        """Those of the decisions and systems the user reaches."""
        drafts = reach(user, organisation="decision__organisation", team="decision__team")
        return self.filter(drafts | reach(user, organisation="system__organisation", team="system__team"))

    def move(self, key: int, before: tuple[Progress, ...], **changes: object) -> bool:
        """Change an upload that is still in one of the states `before`; whether it was."""
        return bool(self.filter(pk=key, status__in=before).update(**changes))


class Upload(models.Model):
    """Files of one request that are too large to be read while somebody waits. Their bytes are not here.

    What was read while a person waited is held here too until they keep it: done from the start, of 0 bytes in `total`.

    They are for a draft, or for a system where a pipeline sends them as a baseline of it.
    """

    decision = models.ForeignKey(Decision, null=True, on_delete=models.CASCADE, related_name="uploads")
    system = models.ForeignKey(System, null=True, on_delete=models.CASCADE, related_name="uploads")
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
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decision=None, system__isnull=False) | models.Q(decision__isnull=False, system=None),
                name="upload_for_one",
            )
        ]

    def __str__(self) -> str:
        return ", ".join(str(one["name"]) for one in self.files)

    @property
    def is_open(self) -> bool:
        """Whether it still waits or is being read."""
        return self.status in OPEN

    @property
    def keys(self) -> list[str]:
        """The names of its files in the spool."""
        return [str(one["key"]) for one in self.files if one["key"]]
