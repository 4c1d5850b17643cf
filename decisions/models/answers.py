"""Answers the REST interface gave, so that a request that is repeated is not done twice."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class KeptAnswer(models.Model):
    """The answer to one Idempotency-Key of one service account; forgotten after a day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request = models.CharField(max_length=64)
    """SHA-256 of method, address and body."""
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("user", "key"), name="answered_once")]

    def __str__(self) -> str:
        return f"answer to {self.key}"
