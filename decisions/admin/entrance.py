"""The way into the admin and the way to a new password: the pages that everybody uses."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


@login_not_required
def sign_in(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """To the sign-in page and back; PermissionDenied for somebody who is signed in and no administrator."""
    del extra_context
    if request.user.is_authenticated:
        message = "The administration of this instance needs another account."
        raise PermissionDenied(message)
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


def change_password(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """To the page on which everybody changes their password."""
    del request, extra_context
    return redirect("password")
