"""What decisions are about, and what was measured there."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from decisions.models.people import Organisation, Person, Team, reach


class SystemQuerySet(models.QuerySet["System"]):
    """Systems as a user sees them."""

    def of(self, user: Person) -> Self:
        """Those of the user's teams."""
        return self.filter(reach(user))


class System(models.Model):
    """A cluster or platform that decisions are about."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="systems")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="systems")
    name = models.CharField(max_length=200)

    objects = SystemQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("system"), _("systems")
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=("team", "name"), name="system_name_unique")]

    def __str__(self) -> str:
        return self.name


class BaselineQuerySet(models.QuerySet["Baseline"]):
    """Baselines as a user sees them."""

    def of(self, user: Person) -> Self:
        """Those of the systems of the user's teams."""
        return self.filter(reach(user, organisation="system__organisation", team="system__team"))


class Baseline(models.Model):
    """How a system behaved: the measurements one or more decisions argue from."""

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="baselines")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = BaselineQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("baseline"), _("baselines")
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.system}, {self.created_at:%d %b %Y}"


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    """Measurements as a user sees them."""

    def of(self, user: Person) -> Self:
        """Those of the baselines the user sees."""
        return self.filter(reach(user, organisation="baseline__system__organisation", team="baseline__system__team"))


class Measurement(models.Model):
    """What one file, or one set of cluster files, said. The figures are kept; the bytes of the source are not."""

    baseline = models.ForeignKey(Baseline, on_delete=models.CASCADE, related_name="measurements")
    kind = models.CharField(max_length=40)
    """What was recognised: loadtest, cluster, ..."""
    tool = models.CharField(max_length=80, blank=True)
    format = models.CharField(max_length=80, blank=True)
    figures = models.JSONField(default=dict)
    """The normalised figures; null where the source does not say."""
    answers = models.JSONField(default=dict)
    """{path of the case document: {"value": ..., "source": ...}}: what it can answer."""
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    measured_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    file_name = models.CharField(max_length=255)

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        ordering = ("read_at", "pk")
        constraints = [models.UniqueConstraint(fields=("baseline", "sha256"), name="source_once_a_baseline")]

    def __str__(self) -> str:
        return self.file_name
