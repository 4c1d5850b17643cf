"""What is said about a record before it is decided, and who hears of it."""

from typing import Self

from django.conf import settings
from django.db import models

from decisions.models.event import Event
from decisions.models.people import Organisation, Person, reach
from decisions.models.record import Frozen, FrozenQuerySet, Record


class CommentQuerySet(FrozenQuerySet["Comment"]):
    """Comments as a user sees them."""

    def of(self, user: Person) -> Self:
        """Those on the records the user sees."""
        return self.filter(reach(user, organisation="record__decision__organisation", team="record__decision__team"))


class Comment(Frozen):
    """A remark on one section of a frozen record. It stays with that revision and is never changed."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="comments")
    section = models.CharField(max_length=80, blank=True)
    """The id of a section of the record; empty for the record as a whole."""
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField()
    asks_for_change = models.BooleanField(default=False)
    """True for the reason with which a reviewer sent the record back."""
    token = models.UUIDField(unique=True)
    """Made with the form: sent twice, it is kept once."""
    created_at = models.DateTimeField()

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ("created_at", "pk")

    def __str__(self) -> str:
        return f"{self.author} on {self.record}"


class WebHook(models.Model):
    """An address that is told what happens to an organisation's decisions."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="hooks")
    address = models.CharField(max_length=500)
    locked_secret = models.TextField()
    """The key of the HMAC, encrypted for this address by `decisions.vault`."""
    active = models.BooleanField(default=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("address", "pk")

    def __str__(self) -> str:
        return self.address


class Delivery(models.Model):
    """One message to one hook: its bytes are kept, so that each attempt sends the same."""

    hook = models.ForeignKey(WebHook, on_delete=models.CASCADE, related_name="deliveries")
    source = models.ForeignKey(Event, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    """The event it tells of; None for a trial."""
    event = models.CharField(max_length=40)
    body = models.TextField()
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    """Why the last attempt failed, in words."""

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = [models.UniqueConstraint(fields=("hook", "source"), name="told_once")]

    def __str__(self) -> str:
        return f"{self.event} to {self.hook}"


class Mailing(models.Model):
    """That somebody was mailed about an event, so that a second attempt leaves them out."""

    event = models.ForeignKey(Event, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("event", "user"), name="mailed_once")]

    def __str__(self) -> str:
        return f"{self.user}, {self.event}"
