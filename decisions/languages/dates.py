"""Dates and times as a page says them: in the person's language and time zone. Records keep ISO dates in UTC."""

import datetime as dt
import re

from django.utils import formats, timezone

NOTED = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
Moment = dt.datetime | dt.date | None


def written(value: Moment, name: str) -> str:
    """A date or time in the format of that name; empty for None, so that a template need not ask first."""
    if not value:
        return ""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return formats.date_format(value, name)


def noted(text: str) -> str:
    """A day or a month in ISO form by locale, as exact as it was noted; what is neither stays as it is."""
    if not NOTED.fullmatch(text):
        return text
    exact = len(text) > len("2026-07")
    try:
        first = dt.date.fromisoformat(text if exact else f"{text}-01")
    except ValueError:
        return text
    return formats.date_format(first, "SHORT_DATE_FORMAT" if exact else "YEAR_MONTH_FORMAT")


def zone(value: dt.datetime) -> str:
    """The short name of the zone in force at that time: UTC, CET, CEST."""
    return timezone.localtime(value).tzname() or ""


def to_the_second(value: dt.datetime | None) -> str:
    """3 Nov 2026, 14:05:09 CET: when a measurement began; empty for None."""
    if not value:
        return ""
    return f"{written(value, 'SHORT_DATE_FORMAT')}, {timezone.localtime(value):%H:%M:%S} {zone(value)}"


def with_utc(value: dt.datetime | None) -> str:
    """The time with its zone and, where that is another, the same time in UTC: what a signature says."""
    if not value:
        return ""
    here = f"{written(value, 'SHORT_DATETIME_FORMAT')} {zone(value)}"
    if zone(value) == "UTC":
        return here
    return f"{here} ({formats.date_format(value.astimezone(dt.UTC), 'SHORT_DATETIME_FORMAT')} UTC)"
