"""Django's admin for those who run an instance and those who review past decisions: much to see, little to change."""

import allauth.account.admin
import allauth.mfa.admin
import allauth.socialaccount.admin
import allauth.usersessions.admin  # noqa: F401 - these register what is changed or taken away below
import django_tasks_db.admin  # noqa: F401 - and so does this
from allauth.socialaccount.models import SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.models import Group

from decisions.admin import machinery, people, review
from decisions.admin.entrance import change_password, sign_in
from decisions.languages.moulds import shown

__all__ = ["machinery", "people", "review"]

admin.site.site_header = admin.site.site_title = shown("MeshAdvisor administration")
admin.site.index_title = shown("Administration")
admin.site.empty_value_display = shown("Nothing recorded")
admin.site.enable_nav_sidebar = False
admin.site.login = sign_in  # type: ignore[method-assign]
admin.site.password_change = change_password  # type: ignore[assignment, method-assign]
# What people may do hangs on memberships; a second system of groups beside them would only confuse.
admin.site.unregister(Group)
# The provider of sign-in is set up by the environment. In a row of the database its secret would lie in clear.
admin.site.unregister(SocialApp)
admin.site.unregister(SocialToken)
