"""The site: the pages about decisions, and Django's admin."""

from django.contrib import admin
from django.urls import include, path

from decisions.api import api

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
    path("", include("decisions.urls")),
]
