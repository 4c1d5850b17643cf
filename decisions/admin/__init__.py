"""Django's admin for those who run an instance and those who review past decisions: much to see, little to change."""

import allauth.mfa.admin
import allauth.socialaccount.admin
import allauth.usersessions.admin  # noqa: F401 - these register what is changed or taken away below
import django_tasks_db.admin  # noqa: F401 - and so does this
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django_tasks_db.models import DBTaskResult

from decisions.admin import people, review
from decisions.admin.entrance import sign_in
from decisions.languages.moulds import shown

__all__ = ["people", "review"]

admin.site.site_header = admin.site.site_title = shown("MeshAdvisor administration")
admin.site.index_title = shown("Administration")
admin.site.enable_nav_sidebar = False
admin.site.login = sign_in  # type: ignore[method-assign]
# What people may do hangs on memberships; a second system of groups beside them would only confuse.
admin.site.unregister(Group)
# The provider of sign-in is set up by the environment. In a row of the database its secret would lie in clear.
admin.site.unregister(SocialApp)
admin.site.unregister(SocialToken)
# A second factor and a session come about by the person's own act; here they are looked at and taken away. What is kept
# of a second factor is its secret, which no page shows.
for model, columns in (
    (Authenticator, ("user", "type", "created_at", "last_used_at")),
    (UserSession, ("user", "ip", "user_agent", "created_at", "last_seen_at")),
):
    kept = admin.site.get_model_admin(model)
    kept.has_add_permission = kept.has_change_permission = lambda *_: False  # type: ignore[method-assign]
    type(kept).fields = columns
# Of a task one looks for what it is and how it went; its key, its queue and its priority stand on its page.
tasks = admin.site.get_model_admin(DBTaskResult)
type(tasks).list_display = ("task_name", "status", "enqueued_at", "started_at", "finished_at")
type(tasks).list_filter = ("status",)
