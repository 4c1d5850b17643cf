"""Tables that libraries keep: second factors, sessions, and the work that is done beside the pages."""

from typing import Any

from allauth.account.admin import EmailAddressAdmin
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from decisions.admin.keeping import Titled
from decisions.languages.browsers import named
from decisions.languages.moulds import shown, translated

WORK = {
    "collect": "Ask a Prometheus",
    "deliver": "Deliver a message to a hook",
    "forget_answers": "Forget old answers of the REST interface",
    "forget_uploads": "Sweep away old uploads",
    "go_on": "Judge decisions again",
    "look": "Look for decisions to judge again",
    "mail_invitation": "Mail an invitation",
    "mail_reminder": "Mail a reminder of a review",
    "publish_all": "Publish records to repositories",
    "read_upload": "Read uploaded files",
    "refresh_words": "Have decisions found by a new name",
    "remind": "Remind people of reviews",
    "renew_all": "Stamp sealed files anew",
    "seal_record": "Seal a record",
    "send_checkpoint": "Send the state of the log to witnesses",
    "send_notices": "Tell people of an event",
    "send_text": "Send a mail",
    "stamp_later": "Stamp a sealed file",
}
"""What each task does, by the name of its function."""

for library in (Authenticator, EmailAddress, SocialAccount, UserSession, DBTaskResult):
    admin.site.unregister(library)


def whose(row: UserSession) -> str:
    """Whose session it is, and in which browser."""
    return f"{row.user.name}, {named(row.user_agent)}"


# The library writes the whole line that the browser sends of itself, into the pages that delete and into the history.
UserSession.__str__ = whose


class LookedAt(Titled):
    """Rows that come about by somebody's own act; here they are looked at and taken away."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False


@admin.register(Authenticator)
class FactorAdmin(LookedAt):
    """Second factors. What is kept of one is its secret, which no page shows."""

    list_display = fields = ("user", "type", "created_at", "last_used_at")
    empty_value_display = shown("Never")
    list_filter = ("type", "created_at", "last_used_at")
    list_select_related = ("user",)


@admin.register(EmailAddress)
class MailAdmin(Titled, EmailAddressAdmin):  # type: ignore[misc]  # without types
    """Mail addresses of people, as sign-in knows them."""

    raw_id_fields = ()
    list_select_related = ("user",)


@admin.register(SocialAccount)
class ProviderAdmin(LookedAt):
    """Who signs in through the provider, and what it calls them there."""

    list_display = fields = ("user", "provider", "uid", "last_login", "date_joined")
    list_filter = ("provider",)
    search_fields = ("uid", "user__username", "user__first_name", "user__last_name")
    list_select_related = ("user",)


@admin.register(UserSession)
class SessionAdmin(LookedAt):
    """Where people are signed in."""

    list_display = ("user", "browser", "address", "created_at", "last_seen_at")
    fields = ("user", "browser", "address", "created_at", "last_seen_at", "user_agent")
    search_fields = ("user__username", "user__first_name", "user__last_name", "ip")
    search_help_text = shown("Person or IP address")
    list_select_related = ("user",)

    def titled(self, row: UserSession) -> str:
        """Whose it is, and in which browser."""
        return whose(row)

    @admin.display(description=shown("Browser"), ordering="user_agent")
    def browser(self, row: UserSession) -> str:
        """Browser and system in words."""
        return named(row.user_agent)

    @admin.display(description=shown("IP address"), ordering="ip")
    def address(self, row: UserSession) -> str:
        """From where."""
        return str(row.ip)


@admin.register(DBTaskResult)
class WorkAdmin(Titled, DBTaskResultAdmin):
    """Work beside the pages: what it is and how it went. All of it is in one queue, so its page does not say which."""

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """The columns of the list."""
        return ("work", "status", "enqueued_at", "started_at", "finished_at")

    def get_list_filter(self, request: HttpRequest) -> tuple[str, ...]:
        """What narrows it."""
        return ("status",)

    def get_fields(self, request: HttpRequest, obj: DBTaskResult | None = None) -> Any:
        """What tells one piece of work from another."""
        alike = {"id", "priority", "queue_name", "backend_name", "formatted_traceback", "trace"}
        fields = [name for name in super().get_fields(request, obj) if name not in alike]
        return [*fields, "trace"] if obj is not None and obj.traceback else fields

    def get_readonly_fields(self, request: HttpRequest, obj: DBTaskResult | None = None) -> list[str]:
        """All of it."""
        return [*super().get_readonly_fields(request, obj), "trace"]

    @admin.display(description=shown("Traceback"))
    def trace(self, row: DBTaskResult) -> SafeString:
        """Where it failed, for whoever mends it."""
        return format_html(
            '<pre class="document" tabindex="0" role="region" aria-label="Python">{}</pre>', row.traceback
        )

    def titled(self, row: DBTaskResult) -> str:
        """What it does."""
        name = row.task_path.rpartition(".")[2]
        return translated(WORK.get(name, name))

    @admin.display(description=shown("Work"), ordering="task_path")
    def work(self, row: DBTaskResult) -> str:
        """What it does."""
        return self.titled(row)
