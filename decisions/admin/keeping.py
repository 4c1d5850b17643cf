"""What all admin pages share: one sees what one may see, and what must be kept is refused with the reason."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import ForeignKey, Model, ProtectedError, Q, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst

from decisions.admin.fields import InWords
from decisions.languages.moulds import translated
from decisions.models import KeptError, Organisation, User
from decisions.renaming import renamed

CONFLICT = 409
MOST_COUNTED = 10_000
NAMED = 5
"""Rows that lean on something, as many as the refusal names."""


class Bounded(Paginator):
    """Pages of a list that is not counted to its end: whoever looks for more narrows it."""

    @cached_property
    def count(self) -> int:
        """The rows, or MOST_COUNTED where there are more."""
        rows: Any = self.object_list
        return len(rows) if isinstance(rows, list) else int(rows.order_by().values("pk")[:MOST_COUNTED].count())


class Titled(InWords, admin.ModelAdmin):
    """Pages about one row say in words which it is."""

    def titled(self, row: Any) -> str:
        """What the row is called at the head of its pages."""
        return str(row)

    def get_action_choices(self, request: HttpRequest, default_choices: Any = ()) -> Any:
        """What can be done with the chosen rows; where nothing is chosen yet, that it can be."""
        return super().get_action_choices(request, default_choices or [("", translated("Choose what to do"))])

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """Who changed the row here, and when."""
        response = super().history_view(request, object_id, {"title": translated("History"), **(extra_context or {})})
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            response.context_data["subtitle"] = self.titled(response.context_data["object"])
        return response

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """The page of one row."""
        if context.get("original") is not None:
            context["subtitle"] = self.titled(context["original"])
        return super().render_change_form(request, context, *args, **kwargs)

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> Any:
        """The page that asks before a row is deleted."""
        context["subtitle"] = self.titled(context["object"])
        return super().render_delete_form(request, context)


class LeanedOnError(KeptError):
    """Rows are kept because others refer to them. `leaning` are links to those, as Django writes them."""

    def __init__(self, reason: str, rows: set[Any], leaning: Sequence[Any]) -> None:
        super().__init__(reason, rows)
        self.leaning = leaning


class Reviewed(Titled):
    """Rows of the user's organisations alone; what must not be deleted answers 409 with a sentence on every way."""

    list_per_page = 50
    paginator = Bounded
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Those the user may see."""
        ordering = self.get_ordering(request)
        reached: QuerySet[Any] = seen_by(request, self.model)
        return reached.order_by(*ordering) if ordering else reached

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """Choices of a relation, as far as the user may see them."""
        kwargs.setdefault("queryset", seen_by(request, db_field.related_model))
        field: ModelChoiceField | None = super().formfield_for_foreignkey(db_field, request, **kwargs)
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        """Keep it; decisions are found by its new name."""
        super().save_model(request, obj, form, change)
        if change:
            renamed(obj, form.changed_data)

    def why_kept(self, row: Any) -> str:
        """Why this row cannot be deleted; empty when nothing is known against it yet."""
        del row
        return ""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """What a deletion would take along. Raises KeptError when that must not be."""
        for row in objs:
            if reason := self.why_kept(row):
                raise KeptError(reason, {row})
        found = super().get_deleted_objects(objs, request)
        if found[3]:
            raise LeanedOnError(leaning(objs, found[3]), set(objs), found[3])
        return found

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The page that deletes, or the reason why not."""
        row = self.get_object(request, object_id)
        if row is not None and (reason := self.why_kept(row)):
            return self.refused(request, reason)
        try:
            return super().delete_view(request, object_id, extra_context)
        except ProtectedError as error:
            return self.refused(request, str(error.args[0]), getattr(error, "leaning", ()))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list with its actions; one of them deletes."""
        try:
            return super().changelist_view(request, extra_context)
        except ProtectedError as error:
            return self.refused(request, str(error.args[0]), getattr(error, "leaning", ()))

    def refused(self, request: HttpRequest, reason: str, leaning: Sequence[Any] = ()) -> HttpResponse:
        """The page that says why something is kept."""
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        context = {**self.admin_site.each_context(request), "title": translated("This is kept"), "opts": self.opts}
        context |= {"reason": reason, "list_address": address}
        context |= {"leaning": leaning[:NAMED], "more": max(0, len(leaning) - NAMED)}
        return TemplateResponse(request, "admin/kept.html", context, status=CONFLICT)


class Frozen(Reviewed):
    """Rows that were written once: to be read, by whoever reviews."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never here: the application writes them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def why_kept(self, row: Any) -> str:
        """Always something."""
        return f"{capfirst(self.opts.verbose_name)} “{row}” is kept as it was written. Nobody can change or delete it."


def seen_by(request: HttpRequest, model: Any) -> QuerySet[Any]:
    """The rows of a model that the user may see; all of them where nothing says who may.

    People are those of one's organisations and those who belong nowhere yet; superusers are seen by superusers.
    """
    rows = model._default_manager.all()
    if model is User and not request.user.is_superuser:
        ours = Q(memberships__organisation__in=Organisation.objects.of(request.user))
        return rows.filter(ours | Q(memberships=None, is_superuser=False)).distinct()  # type: ignore[no-any-return]
    return rows.of(request.user) if hasattr(rows, "of") else rows  # type: ignore[no-any-return]


def leaning(objs: Any, protected: Sequence[str]) -> str:
    """Why these rows are kept: what refers to them."""
    names = ", ".join(str(one) for one in list(objs)[:NAMED] if isinstance(one, Model))
    if len(protected) == 1:
        return translated(f"{names} cannot be deleted: another row refers to it.")
    return translated(f"{names} cannot be deleted: {len(protected)} other rows refer to it.")
