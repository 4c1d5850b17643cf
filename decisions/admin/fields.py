"""The fields of the administration's forms: what one types or ticks, said in words of this product."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth.models import Permission
from django.db.models import Field, ForeignKey
from django.forms.models import ModelChoiceIterator
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from decisions.admin.labels import ALONE, act_of, table_of
from decisions.languages.moulds import shown, translated
from decisions.models import User

ACTS = ("view", "add", "change", "delete")


class InWords(admin.options.BaseModelAdmin):
    """Forms without the small pictures that Django puts beside a relation; what is empty is said in words."""

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest | None, **kwargs: Any) -> Any:
        """The form field of a column, alone."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[arg-type]
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """A choice whose empty one has a name; people are named, not looked up by their key."""
        kwargs.setdefault("empty_label", translated("None" if db_field.blank else "Choose one"))
        if db_field.related_model is User:
            words = translated("The user name, as in the list of users")
            link = format_html('<a href="{}">{}</a>', reverse("admin:decisions_user_changelist"), words)
            kwargs |= {"form_class": Somebody, "to_field_name": "username", "widget": forms.TextInput}
            kwargs |= {"help_text": link}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class Somebody(forms.ModelChoiceField):
    """A person by their user name: there may be too many to list."""

    default_error_messages = {"invalid_choice": shown("Nobody here has this user name.")}

    def prepare_value(self, value: Any) -> Any:
        """The user name, also where a form that is opened knows the key alone."""
        if isinstance(value, int):
            value = User.objects.filter(pk=value).first() or value
        return super().prepare_value(value)

    def to_python(self, value: Any) -> User | None:
        """The person; ValidationError when there is none."""
        found: User | None = super().to_python(value.replace("\x00", "").strip() if isinstance(value, str) else value)
        return found


class Ticks(forms.CheckboxSelectMultiple):
    """Boxes to tick, those of one table together."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """One group for each table."""
        return render_to_string("admin/permissions.html", self.get_context(name, value, attrs))


class ByTable(ModelChoiceIterator):
    """The permissions, those of one table together."""

    def __iter__(self) -> Iterator[Any]:
        """Tables as they are called, each with what may be done there."""
        rows = sorted(self.queryset, key=lambda one: (table_of(one), ACTS.index(one.codename.partition("_")[0])))
        for table, ours in groupby(rows, key=table_of):
            yield table, [self.choice(one) for one in ours]


class Permissions(forms.ModelMultipleChoiceField):
    """What a reviewer who is no superuser may do in the administration, in their language."""

    widget = Ticks
    iterator = ByTable

    def label_from_instance(self, obj: Any) -> str:
        """Django keeps the English sentence in the database; here it is said anew."""
        return act_of(obj)


def offered(site: admin.AdminSite, request: HttpRequest) -> Any:
    """The permissions that open something: of what these pages let a superuser do, and those asked for by name."""
    opens = {
        f"{act}_{model._meta.model_name}"
        for model, page in site._registry.items()
        for act in ACTS
        if act == "view" or getattr(page, f"has_{act}_permission")(request)
    }
    tables: Sequence[str] = [model._meta.app_label for model in site._registry]
    rows = Permission.objects.select_related("content_type")
    return rows.filter(codename__in=opens | set(ALONE), content_type__app_label__in=tables)
