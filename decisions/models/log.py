"""The log: hashes of what was submitted, approved and sealed, in a tree that cannot be rewritten unnoticed."""

from typing import ClassVar

from django.db import models

from decisions.models.record import Frozen, FrozenQuerySet


class LogEntry(Frozen):
    """One act, as hashes and ids only: what a person asks to be erased is never in it."""

    index = models.PositiveBigIntegerField(primary_key=True)
    """Counts from 0 without a gap."""
    content = models.BinaryField()
    """The entry as canonical JSON; its hash is the leaf."""
    record_sha256 = models.CharField(max_length=64, db_index=True)
    """The record it speaks of, also in the content."""
    act = models.CharField(max_length=40)
    at = models.DateTimeField()

    objects: ClassVar[models.Manager] = FrozenQuerySet.as_manager()

    class Meta:
        ordering = ("index",)
        verbose_name_plural = "log entries"

    def __str__(self) -> str:
        return f"log entry {self.index} ({self.act})"


LEVEL = 2**56
"""The place of a node is its level times this plus its index: one number, found with one look."""


class LogNode(Frozen):
    """The hash of a perfect subtree of the log."""

    place = models.PositiveBigIntegerField(primary_key=True)
    hash = models.BinaryField()

    objects: ClassVar[models.Manager] = FrozenQuerySet.as_manager()

    def __str__(self) -> str:
        return "log node {}/{}".format(*divmod(self.place, LEVEL))


class LogCheckpoint(Frozen):
    """A signed checkpoint: the log had this size and this root."""

    size = models.PositiveBigIntegerField(primary_key=True)
    note = models.TextField()
    at = models.DateTimeField()

    objects: ClassVar[models.Manager] = FrozenQuerySet.as_manager()

    class Meta:
        ordering = ("size",)

    def __str__(self) -> str:
        return f"log checkpoint {self.size}"


class LogHead(models.Model):
    """How many entries there are: one row, whose lock makes writers wait for each other."""

    size = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.size} log entries"
