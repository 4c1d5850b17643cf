"""Django's admin for those who run an instance and those who review past decisions: much to see, little to change."""

import allauth.socialaccount.admin  # noqa: F401 - registers what is taken away below
from allauth.socialaccount.models import SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.models import Group

from decisions.admin import people, review
from decisions.admin.entrance import sign_in

__all__ = ["people", "review"]

admin.site.site_header = "MeshAdvisor administration"
admin.site.site_title = "MeshAdvisor administration"
admin.site.index_title = "Administration"
admin.site.enable_nav_sidebar = True
admin.site.login = sign_in  # type: ignore[method-assign]
# What people may do hangs on memberships; a second system of groups beside them would only confuse.
admin.site.unregister(Group)
# The provider of sign-in is set up by the environment. In a row of the database its secret would lie in clear.
admin.site.unregister(SocialApp)
admin.site.unregister(SocialToken)
