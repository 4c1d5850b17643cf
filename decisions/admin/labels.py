"""What the columns of the tables are called, in the person's language: Django names them after the fields."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Permission
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from decisions.languages.moulds import translated
from decisions.models import Decision

COLUMNS = (
    pgettext_lazy("column", "type"),
    pgettext_lazy("column", "data"),
    pgettext_lazy("column", "created by"),
    pgettext_lazy("column", "ip"),
    pgettext_lazy("column", "user agent"),
    pgettext_lazy("column", "author may approve"),
    pgettext_lazy("column", "policy"),
    pgettext_lazy("column", "require second factor"),
    pgettext_lazy("column", "numbered"),
    pgettext_lazy("column", "status"),
    pgettext_lazy("column", "case"),
    pgettext_lazy("column", "revision"),
    pgettext_lazy("column", "outlook"),
    pgettext_lazy("column", "words"),
    pgettext_lazy("column", "changed by"),
    pgettext_lazy("column", "reminded for"),
    pgettext_lazy("column", "predecessors"),
    pgettext_lazy("column", "inputs"),
    pgettext_lazy("column", "catalogue version"),
    pgettext_lazy("column", "engine version"),
    pgettext_lazy("column", "digest"),
    pgettext_lazy("column", "kind"),
    pgettext_lazy("column", "edition"),
    pgettext_lazy("column", "content"),
    pgettext_lazy("column", "signer"),
    pgettext_lazy("column", "meaning"),
    pgettext_lazy("column", "method"),
    pgettext_lazy("column", "statement"),
    pgettext_lazy("column", "actor"),
    pgettext_lazy("column", "act"),
    pgettext_lazy("column", "detail"),
    pgettext_lazy("column", "task name"),
    pgettext_lazy("column", "number"),
    pgettext_lazy("column", "title"),
    pgettext_lazy("column", "name"),
    pgettext_lazy("column", "role"),
    pgettext_lazy("column", "product"),
    pgettext_lazy("column", "priority"),
    pgettext_lazy("column", "task path"),
    pgettext_lazy("column", "worker ids"),
    pgettext_lazy("column", "queue name"),
    pgettext_lazy("column", "backend name"),
    pgettext_lazy("column", "run after"),
    pgettext_lazy("column", "return value"),
    pgettext_lazy("column", "exception class path"),
    pgettext_lazy("column", "traceback"),
)
"""Names of fields that nobody else marks. A word such as “data” is one only here."""

OF_DJANGO = (
    gettext_lazy("After you\u2019ve created a user, you\u2019ll be able to edit more user options."),
    gettext_lazy("This action will <strong>enable</strong> password-based authentication for this user."),
    gettext_lazy("Disable password-based authentication"),
    gettext_lazy("Enable password-based authentication"),
    gettext_lazy("In case you\u2019ve forgotten, you are:"),
    gettext_lazy("Conflicting form data submitted. Please try again."),
    gettext_lazy("Password-based authentication was disabled."),
    gettext_lazy("Set password: %s"),
    gettext_lazy("Reset password"),
    gettext_lazy("Set password"),
    gettext_lazy(
        "Whether the user will be able to authenticate using a password or not. If disabled, they may still "
        "be able to authenticate using other backends, such as Single Sign-On or LDAP."
    ),
    gettext_lazy("Password-based authentication"),
    gettext_lazy("Enabled"),
    gettext_lazy("Disabled"),
    gettext_lazy("Raw passwords are not stored, so there is no way to see the user\u2019s password."),
    gettext_lazy("Enable password-based authentication for this user by setting a password."),
)
"""Texts of Django's own pages that have no German in Django."""


CLEARER = {
    "at": pgettext_lazy("column", "time"),
    "changed_at": pgettext_lazy("column", "changed"),
    "created_at": pgettext_lazy("column", "created"),
    "decided_at": pgettext_lazy("column", "decided"),
    "enqueued_at": pgettext_lazy("column", "queued"),
    "finished_at": pgettext_lazy("column", "finished"),
    "last_seen_at": pgettext_lazy("column", "last seen"),
    "last_used_at": pgettext_lazy("column", "last used"),
    "proposed_at": pgettext_lazy("column", "proposed"),
    "reviewer": pgettext_lazy("column", "told of the next review"),
    "review_on": pgettext_lazy("column", "review due"),
    "signed_at": pgettext_lazy("column", "signed"),
    "started_at": pgettext_lazy("column", "started"),
    "args_kwargs": pgettext_lazy("column", "arguments"),
    "slug": pgettext_lazy("column", "name in addresses"),
    "outcome_reason": pgettext_lazy("column", "reason of the outcome"),
    "review_months": pgettext_lazy("column", "months until a review"),
    "must_change_password": pgettext_lazy("column", "password for one time only"),
    "is_active": pgettext_lazy("column", "may sign in"),
    "is_staff": pgettext_lazy("column", "administration"),
    "is_superuser": pgettext_lazy("column", "superuser"),
    "date_joined": pgettext_lazy("column", "since"),
    "user_permissions": pgettext_lazy("column", "permissions"),
    "is_service": pgettext_lazy("column", "service"),
    "from_group": pgettext_lazy("column", "from a group of the provider"),
}
"""Names of fields that are no words to read, and what is said instead."""


TABLES = {
    "authenticator": (pgettext_lazy("column", "second factor"), pgettext_lazy("column", "second factors")),
    "dbtaskresult": (pgettext_lazy("column", "task"), pgettext_lazy("column", "tasks")),
    "socialaccount": (
        pgettext_lazy("column", "account at the provider"),
        pgettext_lazy("column", "accounts at the provider"),
    ),
    "usersession": (pgettext_lazy("column", "session"), pgettext_lazy("column", "sessions")),
}
"""What tables of libraries hold, one and many, as this product calls it."""


def _said(text: object) -> str:
    named = pgettext("column", str(text))
    return translated(str(text)) if named == str(text) else named


said = lazy(_said, str)


def name_columns() -> None:
    """Have the names of fields and tables said in the language of whoever looks at them."""
    for model in admin.site._registry:
        options: Any = model._meta
        names = (said(options.verbose_name), said(options.verbose_name_plural))
        options.verbose_name, options.verbose_name_plural = TABLES.get(options.model_name, names)
        for field in options.get_fields():
            if hasattr(field, "verbose_name"):
                field.verbose_name = CLEARER.get(field.name) or said(field.verbose_name)


ACTS = {
    "add": pgettext_lazy("permission", "add"),
    "change": pgettext_lazy("permission", "change"),
    "delete": pgettext_lazy("permission", "delete"),
    "view": pgettext_lazy("permission", "look at"),
}
ALONE = {
    "add_reassessment": pgettext_lazy("permission", "judge again"),
    "change_decision": pgettext_lazy("permission", "name a reviewer"),
}
"""Permissions that an act on decisions asks for: nobody adds or changes a row of that name by hand."""


def act_of(row: Permission) -> str:
    """What a permission lets somebody do with the rows of its table."""
    act = row.codename.partition("_")[0]
    said_so: object = ALONE.get(row.codename) or ACTS.get(act) or row.name
    return str(said_so)


def table_of(row: Permission) -> str:
    """What the table is called in the lists of the administration."""
    model = Decision if row.codename in ALONE else row.content_type.model_class()
    return capfirst(str(model._meta.verbose_name_plural)) if model else row.content_type.model


def permission(row: Permission) -> str:
    """A permission with its table."""
    return f"{table_of(row)}: {act_of(row)}"


class Said(admin.ChoicesFieldListFilter):
    """By a choice, in the person's language."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Each with its title translated."""
        for one in super().choices(changelist):
            yield one | {"display": capfirst(translated(str(one["display"])))}


class SaidValues(admin.AllValuesFieldListFilter):
    """By a value that is there, in the person's language."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Each translated."""
        for one in super().choices(changelist):
            yield one | {"display": capfirst(translated(str(one["display"])))}
