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
from django.utils.text import capfirst
from django.utils.translation import gettext

from decisions.admin.acts import ReviewActs
from decisions.admin.keeping import Frozen, Reviewed
from decisions.admin.labels import Said, SaidValues
from decisions.advice import catalogue
from decisions.advisor.recommendation import APPROACH_TITLES
from decisions.drafting import what_was_answered
from decisions.languages.dates import written
from decisions.languages.moulds import shown, translated
from decisions.models import Baseline, Decision, Event, Record, Rendering, Signature, Status
from decisions.models.decision import KEPT
from decisions.views.history import WORDS

TITLES = {approach.value: title for approach, title in APPROACH_TITLES.items()}
SOON = dt.timedelta(days=60)


class ByApproach(admin.SimpleListFilter):
    """By what is recommended, in words."""

    title = shown("approach")
    parameter_name = "approach"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The five approaches."""
        return [(approach, translated(title)) for approach, title in TITLES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those with the chosen one."""
        return queryset.filter(approach=self.value()) if self.value() in TITLES else queryset


class ByReview(admin.SimpleListFilter):
    """Accepted decisions by when they should be looked at again."""

    title = shown("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Overdue, soon, or nobody said when."""
        choices = (("overdue", "Overdue"), ("soon", f"Within {SOON.days} days"), ("none", "No date"))
        return [(name, translated(title)) for name, title in choices]

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

    title = shown("act")
    parameter_name = "act"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The acts by name."""
        return [(act, capfirst(translated(act))) for act in sorted({*WORDS, "answered", "imported"})]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of one act."""
        return queryset.filter(act=self.value()) if self.value() else queryset


@admin.register(Decision)
class DecisionAdmin(ReviewActs, Reviewed):
    """All decisions. They are written, signed and closed in our own pages, where every move is guarded."""

    list_display = ("named", "team", "state", "recommended", "changed")
    list_filter = (
        ("status", Said),
        ByApproach,
        ByReview,
        ("team", admin.RelatedOnlyFieldListFilter),
        ("changed_at", admin.DateFieldListFilter),
        ("confidence", SaidValues),
    )
    search_fields = ("words",)
    search_help_text = shown(
        "Words by their beginnings: number, title, system, team, author, product, answers in own words"
    )
    ordering = ("-changed_at", "-pk")
    fieldsets = (
        (None, {"fields": ("page", "number", "title", "state", "outcome_reason", "follows", "revisions", "log")}),
        (shown("Recommended"), {"fields": ("recommended", "as_product", "sure")}),
        (shown("Filed under"), {"fields": ("organisation", "team", "system", "author", "changed_by", "reviewer")}),
        (shown("Dates"), {"fields": ("created_at", "changed_at", "proposed_at", "decided_at", "review_on")}),
        (shown("Answers"), {"fields": ("answers",)}),
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

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Deleting is said to be for drafts: all else is kept."""
        found: dict[str, Any] = super().get_actions(request)
        if "delete_selected" in found:
            function, name, _words = found["delete_selected"]
            found["delete_selected"] = (function, name, translated("Delete the chosen drafts"))
        return found

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """A draft and nothing else: its events stay."""
        deleted, counts, _needed, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, set(), protected

    @admin.display(description=shown("Decision"), ordering="number")
    def named(self, row: Decision) -> SafeString:
        """Title and number."""
        return format_html('{} <span class="s">{}</span>', row.title, row.number)

    @admin.display(description=shown("Status"), ordering="status")
    def state(self, row: Decision) -> SafeString:
        """The status as our pages show it."""
        return format_html('<span class="tag status {}">{}</span>', row.status, translated(row.get_status_display()))

    @admin.display(description=shown("Recommended"), ordering="approach")
    def recommended(self, row: Decision) -> str:
        """The approach in words."""
        return translated(TITLES.get(row.approach, row.approach or "Not yet"))

    @admin.display(description=shown("Product"))
    def as_product(self, row: Decision) -> str:
        """The product by its name."""
        known = catalogue().products.get(row.product)
        return known.title if known else row.product

    @admin.display(description=shown("Confidence"))
    def sure(self, row: Decision) -> str:
        """How sure the recommendation is, in words."""
        return capfirst(translated(row.confidence))

    @admin.display(description=shown("Changed"), ordering="changed_at")
    def changed(self, row: Decision) -> str:
        """The day of the last change."""
        return written(row.changed_at, "SHORT_DATE_FORMAT")

    @admin.display(description=shown("Page"))
    def page(self, row: Decision) -> SafeString:
        """The way to the decision in our pages, where it can be approved, rejected, superseded and compared."""
        address = row.get_absolute_url()
        return format_html('<a href="{}">{}</a>', address, translated(f"Open {row.number}"))

    @admin.display(description=shown("Revisions"))
    def revisions(self, row: Decision) -> SafeString | str:
        """Its records, each a link."""
        records = row.records.order_by("-revision").defer("canonical", "inputs")
        parts = [
            (
                reverse("admin:decisions_record_change", args=(one.pk,)),
                one.revision,
                written(one.created_at, "SHORT_DATE_FORMAT"),
                one.digest,
            )
            for one in records
        ]
        return format_html_join("", '<p><a href="{}">Revision {}</a>, {}, {}</p>', parts) or translated(
            "Never proposed"
        )

    @admin.display(description=shown("Supersedes"))
    def follows(self, row: Decision) -> str:
        """The numbers of what it starts from."""
        return ", ".join(row.predecessors.order_by("pk").values_list("number", flat=True)) or translated("Nothing")

    @admin.display(description=shown("Events"))
    def log(self, row: Decision) -> SafeString:
        """The way to its events."""
        address = reverse("admin:decisions_event_changelist")
        return format_html(
            '<a href="{}?decision__id__exact={}">{}</a>', address, row.pk, translated("Who did what when")
        )

    @admin.display(description=shown("Answers"))
    def answers(self, row: Decision) -> SafeString | str:
        """The case document."""
        return pretty(row.case)


@admin.register(Record)
class RecordAdmin(Frozen):
    """Frozen snapshots."""

    list_display = ("decision", "revision", "created_at", "catalogue_version")
    list_filter = (("created_at", admin.DateFieldListFilter), "catalogue_version", "engine_version")
    search_fields = ("decision__number", "decision__title", "digest")
    search_help_text = shown("Number or title of the decision, or a digest")
    ordering = ("-created_at", "-pk")
    fields = ("decision", "revision", "created_at", "catalogue_version", "engine_version", "digest", "page", "answers")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Record]:
        """Without the large columns; a detail page fetches the one it shows."""
        related = super().get_queryset(request).select_related("decision__organisation")
        return related.defer("canonical", "inputs", "decision__case")

    @admin.display(description=shown("Page"))
    def page(self, row: Record) -> SafeString:
        """The way to this revision in our pages."""
        return format_html('<a href="{}">{}</a>', row.decision.address("revision", row.revision), translated("Open"))

    @admin.display(description=shown("Answers"))
    def answers(self, row: Record) -> SafeString | str:
        """The case document it was made from."""
        return pretty(row.inputs)


FORMATS = {"md": "Markdown", "txt": "Text"}
"""Kinds of files whose name is no abbreviation."""


@admin.register(Rendering)
class RenderingAdmin(Frozen):
    """Kept files."""

    list_display = ("record", "format", "made_for", "sealed", "created_at", "short")
    list_filter = ("kind", ("edition", SaidValues), "sealed", ("created_at", admin.DateFieldListFilter))
    search_fields = ("record__decision__number", "sha256")
    search_help_text = shown("Number of the decision, or the SHA-256 of a file")
    ordering = ("-created_at", "-pk")
    fields = ("record", "format", "made_for", "sealed", "created_at", "sha256", "file")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rendering]:
        """Without the bytes."""
        related = super().get_queryset(request).select_related("record__decision__organisation")
        return related.defer("content", "record__canonical", "record__inputs", "record__decision__case")

    @admin.display(description=shown("Kind"), ordering="kind")
    def format(self, row: Rendering) -> str:
        """What kind of file it is, as people call it."""
        return FORMATS.get(row.kind, row.kind.upper())

    @admin.display(description=shown("Edition"), ordering="edition")
    def made_for(self, row: Rendering) -> str:
        """At which act it was made."""
        return capfirst(translated(row.edition))

    @admin.display(description="SHA-256")
    def short(self, row: Rendering) -> str:
        """The first characters of the SHA-256 of the file."""
        return f"{row.sha256[:12]}…"

    @admin.display(description=shown("File"))
    def file(self, row: Rendering) -> SafeString:
        """The way to the kept bytes."""
        address = row.record.decision.address("download", row.record.revision, row.kind)
        return format_html('<a href="{}?edition={}">{}</a>', address, row.edition, translated("Download"))


@admin.register(Signature)
class SignatureAdmin(Frozen):
    """Who stands for what."""

    list_display = ("signer", "what", "record", "signed_at", "method")
    list_filter = (("meaning", SaidValues), "method", ("signed_at", admin.DateFieldListFilter))
    search_fields = ("record__decision__number", "signer__first_name", "signer__last_name", "digest")
    search_help_text = shown("Number of the decision, name of the signer, or a digest")
    ordering = ("-signed_at", "-pk")
    fields = ("record", "signer", "meaning", "method", "statement", "digest", "signed_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Signature]:
        """Without the large columns."""
        related = super().get_queryset(request).select_related("signer", "record__decision")
        return related.defer("record__canonical", "record__inputs", "record__decision__case")

    @admin.display(description=shown("Meaning"), ordering="meaning")
    def what(self, row: Signature) -> str:
        """As what the person signed."""
        return capfirst(translated(row.meaning))


@admin.register(Event)
class EventAdmin(Frozen):
    """Who did what when."""

    list_display = ("at", "what", "decision", "actor", "organisation")
    list_filter = (ByAct, ("at", admin.DateFieldListFilter), ("organisation", admin.RelatedOnlyFieldListFilter))
    search_fields = ("decision__number", "decision__title", "actor__first_name", "actor__last_name")
    search_help_text = shown("Number or title of the decision, or name of the person")
    ordering = ("-at", "-pk")
    # What was imported or measured speaks of no decision, which is nothing that is missing.
    empty_value_display = "\u2013"
    fields = ("at", "what", "decision", "actor", "organisation", "details")

    def titled(self, row: Event) -> str:
        """What was done, and when."""
        return f"{self.what(row)}, {written(row.at, 'SHORT_DATETIME_FORMAT')}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """Without the answers of the decisions they speak of."""
        related = super().get_queryset(request).select_related("decision", "actor", "organisation")
        return related.defer("decision__case")

    @admin.display(description=shown("Act"), ordering="act")
    def what(self, row: Event) -> str:
        """What was done; of answers, to what."""
        act, changed = capfirst(translated(row.act)), tuple(row.detail.get("changes", ()))
        if row.act != "answered" or not changed:
            return act
        first = translated(what_was_answered(changed[:1]))
        return (
            f"{act}: {first}"
            if len(changed) == 1
            else gettext("%(first)s and %(count)s more") % {"first": f"{act}: {first}", "count": len(changed) - 1}
        )

    @admin.display(description=shown("Detail"))
    def details(self, row: Event) -> SafeString | str:
        """What was recorded with it."""
        return pretty(row.detail)


@admin.register(Baseline)
class BaselineAdmin(Frozen):
    """What decisions argue from."""

    list_display = ("system", "created_by", "created_at")
    list_filter = (("created_at", admin.DateFieldListFilter),)
    search_fields = ("system__name", "measurements__file_name", "measurements__sha256")
    search_help_text = shown("System, name of a file or its SHA-256")
    list_select_related = ("system", "created_by")
    fields = ("system", "created_by", "created_at", "measurements")

    @admin.display(description=shown("Measurements"))
    def measurements(self, row: Baseline) -> SafeString | str:
        """What files said, one line each."""
        parts = [
            (one.file_name, one.tool or one.kind, written(one.read_at, "SHORT_DATE_FORMAT"), one.sha256)
            for one in row.measurements.all()
        ]
        return format_html_join("", "<p>{} ({}), {}, SHA-256 {}</p>", parts) or translated("None")


def pretty(document: object) -> SafeString | str:
    """A JSON document to be read; words where there is none."""
    if not document:
        return translated("Nothing recorded")
    text = json.dumps(document, indent=2, ensure_ascii=False)
    return format_html('<pre class="document" tabindex="0" role="region" aria-label="JSON">{}</pre>', text)
