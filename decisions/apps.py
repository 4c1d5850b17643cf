"""The application as Django knows it."""

from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from decisions.languages.compiling import compile_stale

TABLES = {
    "mfa": _("Second factors"),
    "usersessions": _("Sessions"),
    "socialaccount": _("Sign-in by a provider"),
    "django_tasks_database": _("Work beside the pages"),
}
"""What the administration calls the tables of the libraries."""


class DecisionsConfig(AppConfig):
    """Everything about decisions."""

    name = "decisions"
    verbose_name = _("Decisions")

    def ready(self) -> None:
        """Compile translations that have changed, and have the guards of the tables put up after every migration."""
        # Django offers the moment after a migration as a signal only.
        post_migrate.connect(put_up_guards, sender=self)
        for label, name in TABLES.items():
            apps.get_app_config(label).verbose_name = name
        compile_stale(settings.MESSAGES_DIR, settings.LOCALE_PATHS[0])


def put_up_guards(*, using: str, **_: Any) -> None:
    """Put up the triggers and the search index that a migration may have lost."""
    from decisions.models import guards  # noqa: PLC0415  (models load after the application)

    if "decisions_decision" in connections[using].introspection.table_names():
        guards.put_up(connections[using])
