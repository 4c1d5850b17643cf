"""Whose language and whose clock a page follows."""

import zoneinfo
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from decisions.models import User

PROGRAMS = "/api/v1/"
"""Where programs call. They get English and UTC, whatever headers they send."""
REGIONS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


class OwnLanguage:
    """Middleware: activates the person's language and time zone for one request.

    The language is the one kept with the account, else that of the cookie, else the browser's (Accept-Language), else
    English. The zone is the one kept with the account, else that of the instance (MESHADVISOR_TIME_ZONE).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page in the person's language."""
        if request.path.startswith(PROGRAMS):
            with translation.override(settings.LANGUAGE_CODE):
                return self.get_response(request)
        kept = request.user if isinstance(request.user, User) else None
        language = language_of(kept) or translation.get_language_from_request(request)
        with translation.override(language), timezone.override(zone_of(kept)):
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", language)
        return response


def language_of(user: User | None) -> str:
    """The language kept with the account; empty when it says nothing or names one we do not speak."""
    kept = user.language if user else ""
    return kept if kept in dict(settings.LANGUAGES) else ""


def zone_of(user: User | None) -> zoneinfo.ZoneInfo:
    """The person's time zone, or the instance's."""
    return _zone(user.time_zone if user and user.time_zone else settings.READERS_TIME_ZONE)


@cache
def _zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (ValueError, zoneinfo.ZoneInfoNotFoundError):  # a zone this machine's data no longer has
        return zoneinfo.ZoneInfo("UTC")


@cache
def zones() -> tuple[str, ...]:
    """The zones to choose from: UTC, then cities by region."""
    cities = (name for name in zoneinfo.available_timezones() if name.partition("/")[0] in REGIONS and "/" in name)
    return ("UTC", *sorted(cities))
