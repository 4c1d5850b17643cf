"""The site: the pages about decisions, and Django's admin."""

from django.contrib import admin
from django.urls import include, path, re_path

from decisions.admin.labels import name_columns
from decisions.api import addresses, interface, nothing_here

# By now every library has brought its tables.
name_columns()
urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", interface, name="interface"),
    path("api/v1/", addresses()),
    re_path("^api/", nothing_here, name="nothing_here"),
    path("", include("decisions.urls")),
]
