"""The site: the pages about decisions, and Django's admin."""

from django.contrib import admin
from django.urls import include, path

from decisions.api import addresses

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", addresses()),
    path("", include("decisions.urls")),
]
