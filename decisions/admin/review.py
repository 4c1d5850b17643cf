"""Past decisions with what belongs to them: found by team, status, approach and date, read, opened in our own pages."""

import datetime as dt
import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from decisions.admin.acts import ReviewActs
from decisions.admin.keeping import Frozen, Reviewed
from decisions.advisor.recommendation import APPROACH_TITLES
from decisions.models import Baseline, Decision, Event, Record, Rendering, Signature, Status
from decisions.models.decision import KEPT
from decisions.views.history import WORDS

TITLES = {approach.value: title for approach, title in APPROACH_TITLES.items()}
SOON = dt.timedelta(days=60)


class ByApproach(admin.SimpleListFilter):
    """By what is recommended, in words."""

    title = "approach"
    parameter_name = "approach"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The five approaches."""
        return list(TITLES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those with the chosen one."""
        return queryset.filter(approach=self.value()) if self.value() in TITLES else queryset


class ByReview(admin.SimpleListFilter):
    """Accepted decisions by when they should be looked at again."""

    title = "review"
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Overdue, soon, or nobody said when."""
        return [("overdue", "Overdue"), ("soon", f"Within {SOON.days} days"), ("none", "No date")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Accepted ones with such a date."""
        today = timezone.localdate()
        dates: dict[str, dict[str, Any]] = {
            "overdue": {"review_on__lt": today},
            "soon": {"review_on__gte": today, "review_on__lte": today + SOON},
            "none": {"review_on": None},
        }
        value = self.value()
        return queryset.filter(status=Status.ACCEPTED, **dates[value]) if value in dates else queryset


class ByAct(admin.SimpleListFilter):
    """By what was done. The acts are those a history has words for: asking all events would read all of them."""

    title = "act"
    parameter_name = "act"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The acts by name."""
        return [(act, act.capitalize()) for act in sorted({*WORDS, "answered"})]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of one act."""
        return queryset.filter(act=self.value()) if self.value() else queryset


@admin.register(Decision)
class DecisionAdmin(ReviewActs, Reviewed):
    """All decisions. They are written, signed and closed in our own pages, where every move is guarded."""

    list_display = ("number", "title", "team", "state", "recommended", "changed")
    list_display_links = ("number", "title")
    list_filter = (
        "status",
        ByApproach,
        ByReview,
        ("team", admin.RelatedOnlyFieldListFilter),
        ("changed_at", admin.DateFieldListFilter),
        "confidence",
    )
    search_fields = ("words",)
    search_help_text = "Words by their beginnings: number, title, system, team, author, product, answers in own words"
    ordering = ("-changed_at", "-pk")
    fieldsets = (
        (None, {"fields": ("page", "number", "title", "state", "outcome_reason", "follows", "revisions", "log")}),
        ("Recommended", {"fields": ("recommended", "product", "confidence")}),
        ("Filed under", {"fields": ("organisation", "team", "system", "author", "changed_by", "reviewer")}),
        ("Dates", {"fields": ("created_at", "changed_at", "proposed_at", "decided_at", "review_on")}),
        ("Answers", {"fields": ("answers",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        """With what list and detail page name."""
        named = ("organisation", "team", "system", "author", "changed_by", "reviewer")
        return super().get_queryset(request).select_related(*named)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Decisions start in the wizard."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never here: a change goes through the wizard, or through an act that is signed."""
        return False

    def why_kept(self, row: Any) -> str:
        """The reason of the decision itself."""
        return row.why_kept() if Decision.objects.filter(KEPT, pk=row.pk).exists() else ""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Drafts that nothing leans on can be deleted by whoever holds the permission."""
        return super().has_delete_permission(request, obj) and (obj is None or not self.why_kept(obj))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """A draft and nothing else: its events stay."""
        deleted, counts, _needed, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, set(), protected

    @admin.display(description="Status", ordering="status")
    def state(self, row: Decision) -> SafeString:
        """The status as our pages show it."""
        return format_html('<span class="status {}">{}</span>', row.status, row.get_status_display())

    @admin.display(description="Recommended", ordering="approach")
    def recommended(self, row: Decision) -> str:
        """The approach in words."""
        return TITLES.get(row.approach, row.approach or "Not yet")

    @admin.display(description="Changed", ordering="changed_at")
    def changed(self, row: Decision) -> str:
        """The day of the last change."""
        return f"{row.changed_at:%-d %b %Y}"

    @admin.display(description="Page")
    def page(self, row: Decision) -> SafeString:
        """The way to the decision in our pages, where it can be approved, rejected, superseded and compared."""
        address = row.get_absolute_url()
        return format_html('<a href="{}">Open {}</a>', address, row.number)

    @admin.display(description="Revisions")
    def revisions(self, row: Decision) -> SafeString | str:
        """Its records, each a link."""
        records = row.records.order_by("-revision").defer("canonical", "inputs")
        parts = [
            (reverse("admin:decisions_record_change", args=(one.pk,)), one.revision, one.created_at.date(), one.digest)
            for one in records
        ]
        return format_html_join("", '<p><a href="{}">Revision {}</a>, {}, {}</p>', parts) or "Never proposed"

    @admin.display(description="Supersedes")
    def follows(self, row: Decision) -> str:
        """The numbers of what it starts from."""
        return ", ".join(row.predecessors.order_by("pk").values_list("number", flat=True)) or "Nothing"

    @admin.display(description="Events")
    def log(self, row: Decision) -> SafeString:
        """The way to its events."""
        address = reverse("admin:decisions_event_changelist")
        return format_html('<a href="{}?decision__id__exact={}">Who did what when</a>', address, row.pk)

    @admin.display(description="Answers")
    def answers(self, row: Decision) -> SafeString:
        """The case document."""
        return pretty(row.case)


@admin.register(Record)
class RecordAdmin(Frozen):
    """Frozen snapshots."""

    list_display = ("decision", "revision", "created_at", "catalogue_version", "engine_version", "short")
    list_filter = (("created_at", admin.DateFieldListFilter), "catalogue_version", "engine_version")
    search_fields = ("decision__number", "decision__title", "digest")
    search_help_text = "Number or title of the decision, or a digest"
    ordering = ("-created_at", "-pk")
    fields = ("decision", "revision", "created_at", "catalogue_version", "engine_version", "digest", "page", "answers")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Record]:
        """Without the large columns; a detail page fetches the one it shows."""
        related = super().get_queryset(request).select_related("decision__organisation")
        return related.defer("canonical", "inputs", "decision__case")

    @admin.display(description="Digest")
    def short(self, row: Record) -> str:
        """The first characters of the digest."""
        return f"{row.digest[:12]}…"

    @admin.display(description="Page")
    def page(self, row: Record) -> SafeString:
        """The way to this revision in our pages."""
        return format_html('<a href="{}">Open</a>', row.decision.address("revision", row.revision))

    @admin.display(description="Answers")
    def answers(self, row: Record) -> SafeString:
        """The case document it was made from."""
        return pretty(row.inputs)


@admin.register(Rendering)
class RenderingAdmin(Frozen):
    """Kept files."""

    list_display = ("record", "kind", "edition", "sealed", "created_at", "sha256")
    list_filter = ("kind", "edition", "sealed", ("created_at", admin.DateFieldListFilter))
    search_fields = ("record__decision__number", "sha256")
    search_help_text = "Number of the decision, or the SHA-256 of a file"
    ordering = ("-created_at", "-pk")
    fields = ("record", "kind", "edition", "sealed", "created_at", "sha256", "file")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rendering]:
        """Without the bytes."""
        related = super().get_queryset(request).select_related("record__decision__organisation")
        return related.defer("content", "record__canonical", "record__inputs", "record__decision__case")

    @admin.display(description="File")
    def file(self, row: Rendering) -> SafeString:
        """The way to the kept bytes."""
        address = row.record.decision.address("download", row.record.revision, row.kind)
        return format_html('<a href="{}?edition={}">Download</a>', address, row.edition)


@admin.register(Signature)
class SignatureAdmin(Frozen):
    """Who stands for what."""

    list_display = ("signer", "meaning", "record", "signed_at", "method")
    list_filter = ("meaning", "method", ("signed_at", admin.DateFieldListFilter))
    search_fields = ("record__decision__number", "signer__first_name", "signer__last_name", "digest")
    search_help_text = "Number of the decision, name of the signer, or a digest"
    ordering = ("-signed_at", "-pk")
    fields = ("record", "signer", "meaning", "method", "statement", "digest", "signed_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Signature]:
        """Without the large columns."""
        related = super().get_queryset(request).select_related("signer", "record__decision")
        return related.defer("record__canonical", "record__inputs", "record__decision__case")


@admin.register(Event)
class EventAdmin(Frozen):
    """Who did what when."""

    list_display = ("at", "act", "decision", "actor", "organisation")
    list_filter = (ByAct, ("at", admin.DateFieldListFilter), ("organisation", admin.RelatedOnlyFieldListFilter))
    search_fields = ("decision__number", "decision__title", "actor__first_name", "actor__last_name")
    search_help_text = "Number or title of the decision, or name of the person"
    ordering = ("-at", "-pk")
    fields = ("at", "act", "decision", "actor", "organisation", "details")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """Without the answers of the decisions they speak of."""
        related = super().get_queryset(request).select_related("decision", "actor", "organisation")
        return related.defer("decision__case")

    @admin.display(description="Detail")
    def details(self, row: Event) -> SafeString:
        """What was recorded with it."""
        return pretty(row.detail)


@admin.register(Baseline)
class BaselineAdmin(Frozen):
    """What decisions argue from."""

    list_display = ("system", "created_by", "created_at")
    list_filter = (("created_at", admin.DateFieldListFilter),)
    search_fields = ("system__name", "measurements__file_name", "measurements__sha256")
    search_help_text = "System, name of a file or its SHA-256"
    list_select_related = ("system", "created_by")
    fields = ("system", "created_by", "created_at", "measurements")

    @admin.display(description="Measurements")
    def measurements(self, row: Baseline) -> SafeString | str:
        """What files said, one line each."""
        parts = [
            (one.file_name, one.tool or one.kind, one.read_at.date(), one.sha256) for one in row.measurements.all()
        ]
        return format_html_join("", "<p>{} ({}), read {}, SHA-256 {}</p>", parts) or "None"


def pretty(document: object) -> SafeString:
    """A JSON document to be read."""
    text = json.dumps(document, indent=2, ensure_ascii=False)
    return format_html('<pre class="document" tabindex="0" role="region" aria-label="JSON">{}</pre>', text)
