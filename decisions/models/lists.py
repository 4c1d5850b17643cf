"""What people keep of the list of decisions for themselves: saved filters, and the address of their feeds."""

import hashlib
import secrets
from typing import Self

from django.conf import settings
from django.db import models

from decisions.models.people import Person, User


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    """Saved filters as a user sees them."""

    def of(self, user: Person) -> Self:
        """The user's own."""
        return self.filter(user=user) if isinstance(user, User) else self.none()


class SavedFilter(models.Model):
    """A view of the list under a name, for the person who saved it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    """What stands behind the question mark of the address."""

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=("user", "name"), name="filter_name_unique")]

    def __str__(self) -> str:
        return self.name


class FeedAddressQuerySet(models.QuerySet["FeedAddress"]):
    """Feed addresses as a user sees them."""

    def of(self, user: Person) -> Self:
        """The user's own."""
        return self.filter(user=user) if isinstance(user, User) else self.none()


class FeedAddress(models.Model):
    """The secret in the address of a person's feeds, which calendars and readers fetch without signing in.

    Only its hash is kept: a lost address is replaced by a new one, and the old one is dead from then on.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feed_address")
    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    objects = FeedAddressQuerySet.as_manager()

    def __str__(self) -> str:
        return f"feeds of {self.user}"


def new_secret() -> str:
    """256 random bits, as an address holds them."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """What is kept of a secret: enough for one that nobody can guess."""
    return hashlib.sha256(secret.encode()).hexdigest()
