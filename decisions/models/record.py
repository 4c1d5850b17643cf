"""What was submitted and signed: rows that are written once and never again."""

from enum import StrEnum
from typing import Any, NoReturn, Self, TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from decisions.models.decision import Decision, KeptError
from decisions.models.people import Person, reach


class Edition(StrEnum):
    """When a rendering was made: at submission, or with the approvals in it."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    RENEWED = "renewed"
    """The accepted file with a newer time stamp behind it; a number follows."""


class Meaning(StrEnum):
    """What a signature says."""

    AUTHOR = "author"
    APPROVAL = "approval"


Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class FrozenQuerySet(models.QuerySet[Row_co]):
    """Rows that can be added and read, never changed or deleted."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Never: raises KeptError."""
        message = f"{self.model._meta.verbose_name_plural} are frozen"
        raise KeptError(message, set(self[:20]))

    def delete(self) -> NoReturn:
        """Never: raises KeptError."""
        message = f"{self.model._meta.verbose_name_plural} are kept"
        raise KeptError(message, set(self[:20]))


class Frozen(models.Model):
    """A row that can be written once; the database refuses changes and deletion as well."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row; raises KeptError when it is already there."""
        if not self._state.adding:
            message = f"{self._meta.verbose_name} {self.pk} is frozen"
            raise KeptError(message, {self})
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        """Never: raises KeptError."""
        message = f"{self._meta.verbose_name} {self.pk} is kept"
        raise KeptError(message, {self})


class RecordQuerySet(FrozenQuerySet["Record"]):
    """Records as a user sees them."""

    def of(self, user: Person) -> Self:
        """Those of the decisions the user sees."""
        return self.filter(reach(user, organisation="decision__organisation", team="decision__team"))


class Record(Frozen):
    """A decision as it was submitted: inputs, versions and the canonical bytes everything is rendered from."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="records")
    revision = models.PositiveIntegerField()
    inputs = models.JSONField()
    """The case document the recommendation was made from."""
    catalogue_version = models.CharField(max_length=80)
    engine_version = models.CharField(max_length=40)
    canonical = models.BinaryField()
    """The record as canonical JSON (RFC 8785)."""
    digest = models.CharField(max_length=64, db_index=True)
    """SHA-256 of the canonical bytes, in hex: the record's name."""
    created_at = models.DateTimeField()

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("record"), _("records")
        ordering = ("decision", "-revision")
        constraints = [models.UniqueConstraint(fields=("decision", "revision"), name="revision_once")]
        # What the administration orders and narrows by, so that it never reads the records themselves.
        indexes = [
            models.Index(fields=("-created_at", "-id"), name="record_newest"),
            models.Index(fields=("catalogue_version",), name="record_catalogue"),
            models.Index(fields=("engine_version",), name="record_engine"),
        ]

    def __str__(self) -> str:
        return gettext("%(number)s, revision %(revision)s") % {
            "number": self.decision.number,
            "revision": self.revision,
        }

    def rendering(self, kind: str) -> "Rendering | None":
        """The newest edition in this format; None when it was not made."""
        return self.renderings.filter(kind=kind).order_by("-created_at", "-pk").first()


class RenderingQuerySet(FrozenQuerySet["Rendering"]):
    """Renderings as a user sees them."""

    def of(self, user: Person) -> Self:
        """Those of the records the user sees."""
        return self.filter(reach(user, organisation="record__decision__organisation", team="record__decision__team"))


class Rendering(Frozen):
    """A file made from a record; kept, never made again."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="renderings")
    kind = models.CharField(max_length=20)
    """The name of the format: md, html, json, pdf."""
    edition = models.CharField(max_length=20)
    """One of Edition."""
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    sealed = models.BooleanField(default=False)
    """True when the bytes carry the seal of this instance."""
    created_at = models.DateTimeField()

    objects = RenderingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("rendering"), _("renderings")
        constraints = [models.UniqueConstraint(fields=("record", "kind", "edition"), name="rendering_once")]
        indexes = [models.Index(fields=("-created_at", "-id"), name="rendering_newest")]

    def __str__(self) -> str:
        return f"{self.record} ({self.kind}, {self.edition})"


class SignatureQuerySet(FrozenQuerySet["Signature"]):
    """Signatures as a user sees them."""

    def of(self, user: Person) -> Self:
        """Those under the records the user sees."""
        return self.filter(reach(user, organisation="record__decision__organisation", team="record__decision__team"))


class Signature(Frozen):
    """One person standing for one record digest."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="signatures")
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signatures")
    meaning = models.CharField(max_length=20)
    """One of Meaning."""
    method = models.CharField(max_length=20, default="confirmation")
    """How the person signed or was recognised: one of the ways in `decisions.signing.approval`."""
    digest = models.CharField(max_length=64)
    """The record digest that was signed."""
    statement = models.TextField()
    """The sentence the person agreed to."""
    proof = models.JSONField(default=dict)
    """What anybody needs to check it offline: the statement, and where there is a key of their own the signature."""
    signed_at = models.DateTimeField()

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("signature"), _("signatures")
        ordering = ("signed_at", "pk")
        constraints = [models.UniqueConstraint(fields=("record", "signer", "meaning"), name="signed_once")]
        indexes = [models.Index(fields=("-signed_at", "-id"), name="signature_newest")]

    def __str__(self) -> str:
        return f"{self.signer}, {self.meaning}, {self.digest[:12]}"
