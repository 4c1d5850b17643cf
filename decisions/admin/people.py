"""Organisations, teams, people and their memberships, and the systems decisions are about."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    ReadOnlyPasswordHashField,
    ReadOnlyPasswordHashWidget,
    UserChangeForm,
)
from django.contrib.auth.hashers import is_password_usable
from django.core.exceptions import ValidationError
from django.db.models import Count, Field, ForeignKey, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from decisions.admin.fields import InWords, Permissions, offered
from decisions.admin.keeping import Reviewed, seen_by
from decisions.admin.labels import SaidValues, permission
from decisions.entrance import ask_for_password
from decisions.languages.dates import written
from decisions.languages.moulds import shown, translated
from decisions.models import Decision, Membership, Organisation, Role, System, Team, User

MEANING = {
    "username": "Letters, digits and @ . + - _",
    "is_active": "Take this away instead of deleting somebody: what they wrote and signed stays theirs.",
    "is_staff": "Opens these pages, as far as the permissions below reach.",
    "is_superuser": "May do everything here and sees every organisation.",
}
"""What the columns of a person mean in this product; Django's own words speak of its machinery."""
ROLES = [(role.value, shown(role.value.capitalize())) for role in Role]


def counted(model: type[Model], place: str) -> Coalesce:
    """How many rows of a model belong to each row, asked from the index of that column and not by joining them."""
    rows = model._default_manager.filter(**{place: OuterRef("pk")}).order_by().values(place)
    return Coalesce(Subquery(rows.annotate(many=Count("pk")).values("many")), 0)


class InOneOrganisation(forms.ModelForm):
    """A row that names a team and its organisation: they have to belong together."""

    def clean(self) -> dict[str, Any]:
        """What was given; ValidationError when the team is another organisation's."""
        given = super().clean() or {}
        organisation = given.get("organisation") or getattr(self.instance, "organisation", None)
        team = given.get("team")
        if team is not None and organisation is not None and team.organisation_id != organisation.pk:
            raise ValidationError({"team": translated(f"{team} is not a team of {organisation}.")})
        return given


class WithRole:
    """Admin pages of memberships: the role is chosen from a list that the database does not know."""

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest | None, **kwargs: Any) -> Any:
        """The form field of a column."""
        if db_field.name == "role":
            return forms.ChoiceField(label=capfirst(db_field.verbose_name), choices=ROLES, initial=Role.VIEWER)
        if db_field.name == "team":
            kwargs["empty_label"] = translated("None: the whole organisation")
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]


class MembershipInline(WithRole, InWords, admin.StackedInline):
    """The memberships of a person."""

    model = Membership
    form = InOneOrganisation
    extra = 0
    fields = (("organisation", "team", "role"),)

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """Organisations and teams as far as the user may see them."""
        kwargs["queryset"] = seen_by(request, db_field.related_model)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """Those of organisations the user belongs to."""
        reached = Membership.objects.filter(organisation__in=Organisation.objects.of(request.user))
        return Membership.objects.all() if request.user.is_superuser else reached


class Kept(ReadOnlyPasswordHashWidget):
    """That there is a password, and the way to set another; how it is hashed helps nobody who reads the page."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """What the field shows."""
        context = super().get_context(name, value, attrs)
        usable = bool(value) and is_password_usable(value)
        context["summary"] = [{"label": translated("One is set" if usable else "None is set")}]
        return context


class PersonForm(UserChangeForm):
    """A person, with their password as a fact."""

    password = ReadOnlyPasswordHashField(label=shown("Password"), widget=Kept)


class WithPassword(forms.BaseForm):
    """A form that gives somebody a password, with what it asks for in a line each."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_for_password(self)
        usable: Any = self.fields.get("usable_password")
        if usable is not None:
            usable.label, usable.help_text = shown("Signs in"), ""
            usable.choices = [("true", shown("With a password")), ("false", shown("Through the provider alone"))]


class NewPersonForm(WithPassword, AdminUserCreationForm):
    """A new person: how they sign in, and with which user name."""


class OneTimePasswordForm(WithPassword, AdminPasswordChangeForm):
    """A password set for somebody else opens one page only: the one that replaces it."""

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Set it."""
        self.user.must_change_password = True
        return super().save(commit)


@admin.register(User)
class PersonAdmin(Reviewed, UserAdmin):
    """People. Nobody but a superuser makes or changes superusers."""

    list_display = ("username", "name", "email", "teams", "is_active", "signed_in")
    list_filter = ("is_active", "is_staff", "is_superuser", ("memberships__role", SaidValues))
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    filter_horizontal = ()
    inlines = (MembershipInline,)
    form = PersonForm
    add_form = NewPersonForm
    change_password_form = OneTimePasswordForm
    fieldsets = (
        (None, {"fields": ("username", "password", "must_change_password")}),
        (shown("Person"), {"fields": ("first_name", "last_name", "email")}),
        (shown("Access"), {"fields": ("is_active", "is_staff", "is_superuser", "user_permissions")}),
        (shown("Dates"), {"fields": ("signed_in", "date_joined")}),
    )

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest | None, **kwargs: Any) -> Any:
        """The form field of a column, with what it means here."""
        if db_field.name in MEANING:
            kwargs["help_text"] = translated(MEANING[db_field.name])
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def titled(self, row: User) -> str:
        """By the name that pages show."""
        return row.name

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Those permissions that open something; the others would only lengthen the list."""
        if db_field.name != "user_permissions":
            return super().formfield_for_manytomany(db_field, request, **kwargs)
        kwargs |= {"queryset": offered(self.admin_site, request), "form_class": Permissions}
        kwargs["help_text"] = translated("Beside what their roles open on all other pages. A superuser needs none.")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Everybody for a superuser; else the people of one's organisations and those who belong nowhere yet."""
        people = seen_by(request, User).order_by("username")
        return people.prefetch_related("memberships__team", "memberships__organisation")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What only a superuser may set, and the dates."""
        dates = ("signed_in", "date_joined")
        return dates if request.user.is_superuser else (*dates, "is_staff", "is_superuser", "permissions")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """For others than superusers permissions are words, not a choice."""
        sets = super().get_fieldsets(request, obj)
        if request.user.is_superuser or obj is None:
            return sets
        words = {"user_permissions": "permissions"}
        return [(title, {"fields": [words.get(str(one), one) for one in part["fields"]]}) for title, part in sets]

    @admin.display(description=shown("Permissions"))
    def permissions(self, row: User) -> str:
        """What the person may do in the administration."""
        return ", ".join(permission(one) for one in row.user_permissions.select_related("content_type"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers are changed by superusers alone."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not obj.is_superuser or bool(request.user.is_superuser))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        """A new person's password is a one-time password."""
        if not change:
            obj.must_change_password = obj.has_usable_password()
        super().save_model(request, obj, form, change)

    @admin.display(description=shown("Last signed in"), ordering="last_login")
    def signed_in(self, row: User) -> str:
        """When the person last signed in, if ever."""
        return written(row.last_login, "SHORT_DATETIME_FORMAT") if row.last_login else translated("Never")

    @admin.display(description=shown("Teams"))
    def teams(self, row: User) -> str:
        """Team and role of each membership."""
        return ", ".join(f"{one.team or one.organisation} ({translated(one.role)})" for one in row.memberships.all())


class Settled(Reviewed):
    """Rows whose organisation is settled once they exist: what hangs on them would lose its border."""

    form = InOneOrganisation
    settled: tuple[str, ...] = ("organisation",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The settled ones of a row that exists."""
        return (*self.readonly_fields, *(self.settled if obj else ()))


@admin.register(Membership)
class MembershipAdmin(WithRole, Settled):
    """Who may do what where."""

    list_display = ("user", "as_role", "team", "organisation")
    list_filter = (("role", SaidValues), ("organisation", admin.RelatedOnlyFieldListFilter))
    search_fields = ("user__username", "user__first_name", "user__last_name", "team__name")
    search_help_text = shown("Person or team")
    list_select_related = ("user", "team", "organisation")
    settled = ("user", "organisation")
    empty_value_display = shown("None: the whole organisation")
    readonly_fields = ("from_group",)
    ordering = ("organisation__name", "team__name", "user__username")

    @admin.display(description=shown("Role"), ordering="role")
    def as_role(self, row: Membership) -> str:
        """What the person is there."""
        return capfirst(translated(row.role))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A group of the provider gives memberships by itself: nobody names one here."""
        fields = ("user", "organisation", "team", "role")
        return (*fields, "from_group") if obj is not None and obj.from_group else fields


@admin.register(Organisation)
class OrganisationAdmin(Reviewed):
    """The border nothing is seen across."""

    list_display = ("name", "slug", "author_may_approve", "decided")
    search_fields = ("name", "slug")
    search_help_text = shown("Name, or how it stands in addresses")
    prepopulated_fields = {"slug": ("name",)}
    fields = ("name", "slug", "author_may_approve", "review_months", "require_second_factor", "rules")
    readonly_fields = ("rules",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With how many decisions each has."""
        rows: QuerySet[Any] = super().get_queryset(request).annotate(decided=counted(Decision, "organisation"))
        return rows

    @admin.display(description=shown("Decisions"), ordering="decided")
    def decided(self, row: Any) -> int:
        """How many decisions it has."""
        return int(row.decided)

    @admin.display(description=shown("Policy and approvals"))
    def rules(self, row: Organisation) -> SafeString | str:
        """The way to the page that asks for them in words; in the database they are documents."""
        if not row.pk:
            return translated("On its page of settings, once it is there")
        return format_html('<a href="{}">{}</a>', reverse("organisation", args=(row.slug,)), translated("Settings"))


@admin.register(Team)
class TeamAdmin(Settled):
    """Who owns systems and decides about them."""

    list_display = ("name", "organisation", "members", "decided")
    list_filter = (("organisation", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("name", "organisation__name")
    list_select_related = ("organisation",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With how many people and decisions each has."""
        counts = {"members": counted(Membership, "team"), "decided": counted(Decision, "team")}
        rows: QuerySet[Any] = super().get_queryset(request).annotate(**counts)
        return rows

    @admin.display(description=shown("People"), ordering="members")
    def members(self, row: Any) -> int:
        """How many people have a role in it."""
        return int(row.members)

    @admin.display(description=shown("Decisions"), ordering="decided")
    def decided(self, row: Any) -> int:
        """How many decisions it has."""
        return int(row.decided)


@admin.register(System)
class SystemAdmin(Settled):
    """Clusters and platforms."""

    list_display = ("name", "team", "organisation", "decided")
    list_filter = (("team", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("name", "team__name")
    list_select_related = ("team", "organisation")
    settled = ("organisation", "team")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With how many decisions are about each."""
        rows: QuerySet[Any] = super().get_queryset(request).annotate(decided=counted(Decision, "system"))
        return rows

    @admin.display(description=shown("Decisions"), ordering="decided")
    def decided(self, row: Any) -> int:
        """How many decisions are about it."""
        return int(row.decided)
