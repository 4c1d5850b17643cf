"""Filters every template of a page has: dates, numbers and sentences in the person's language and time zone."""

import datetime as dt
import re
from functools import lru_cache
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from decisions.advisor.quantities import Range
from decisions.languages import browsers, dates, moulds, numbers, sheets
from decisions.rendering.filters import DAY, OPTION, TERM, whole

register = template.Library()


@register.filter
def day(value: dates.Moment) -> str:
    """3 Nov 2026."""
    return dates.written(value, "SHORT_DATE_FORMAT")


@register.filter
def short_day(value: dates.Moment) -> str:
    """3 Nov."""
    return dates.written(value, "MONTH_DAY_FORMAT")


@register.filter
def long_day(value: dates.Moment) -> str:
    """3 November 2026."""
    return dates.written(value, "DATE_FORMAT")


@register.filter
def minute(value: dt.datetime | None) -> str:
    """3 Nov 2026, 14:05."""
    return dates.written(value, "SHORT_DATETIME_FORMAT")


@register.filter
def moment(value: dt.datetime | None) -> str:
    """3 Nov 2026, 14:05 CET."""
    return f"{minute(value)} {dates.zone(value)}" if value else ""


@register.filter
def clock(value: dt.datetime | None) -> str:
    """14:05 CET."""
    return f"{dates.written(value, 'TIME_FORMAT')} {dates.zone(value)}" if value else ""


@register.filter
def lately(value: dt.datetime | None) -> str:
    """14:05 CET of today; of another day with it: 3 Nov, 14:05 CET; of another year all of it."""
    if not value:
        return ""
    then, today = timezone.localtime(value), timezone.localdate()
    if then.year != today.year:
        return moment(value)
    return clock(value) if then.date() == today else f"{short_day(value)}, {clock(value)}"


@register.filter
def with_utc(value: dt.datetime | None) -> str:
    """3 Nov 2026, 14:05 CET (3 Nov 2026, 13:05 UTC): what a signature says."""
    return dates.with_utc(value)


@register.filter
def quantity(value: float | Range | None, unit: str = "") -> str:
    """A number or a range by locale, with its unit."""
    return "" if value is None else numbers.quantity(value, unit)


@register.filter
def noted(value: dt.date | str) -> str:
    """A day as the catalogue notes it, "2026-07-29", "2026-07" or "2026", as the person's language writes it."""
    return dates.noted(str(value))


@register.filter
def figure(value: str) -> str:
    """A number in English form with the marks of the person's language, all its digits kept."""
    return numbers.localised(value)


@register.filter
def translated(value: Any) -> Any:
    """A text made below the pages, in the person's language; what is no text of ours stays as it is."""
    text = str(value)
    if isinstance(text, SafeString) and "<" in text:
        return text  # markup that Django made, in the language of the page
    return _translated(get_language(), text) if value or value == 0 else value


@register.filter
def sentence(value: Any) -> Any:
    """The same for whole sentences: what has no translation is marked as English for whoever reads aloud."""
    return _sentence(get_language(), str(value or ""))


@register.filter
def browser(value: str) -> str:
    """Chrome on Linux: what a browser says it is, in words; what names itself otherwise as it stands, shortened."""
    return browsers.named(value)


CODE = re.compile(
    r"\b(?:kubectl(?: get)?|calicoctl) [a-z][\w./,-]*(?: -[lLncof] [\w./,=-]+| -[\w./=-]+)*"
    r"|\bistioctl [a-z][\w-]*(?: workloads?| services?| certificates?)?"
    r"|\blinkerd check\b|\bhelm [a-z]+(?: -[\w-]+ [\w-]+)*"
    r"|\b[a-z]{2,}(?:[A-Z][a-z0-9]+)+\b|(?<!\S)--[a-z][\w=-]+"
)
"""What one types or sets in the middle of a sentence: commands, options, and names of settings such as mtlsMode."""


@register.filter
def coded(value: Any) -> SafeString:
    """A text or markup of ours with its commands and names of settings set as code."""
    marked = CODE.sub(lambda found: f"<code>{whole(found.group(), OPTION)}</code>", conditional_escape(value))
    return mark_safe(marked)  # noqa: S308 - escaped just before


@register.filter
def wrapping(value: Any, sign: str = "_") -> SafeString:
    """A name of code that may go on in the next line behind each underscore, an address behind each "/"."""
    parts = ((part,) for part in str(value).split(sign))
    return format_html_join(format_html("{}<wbr>", sign), "{}", parts)


@register.filter
def opening(value: Any) -> Any:
    """The first sentence of a text of ours, told as `sentence` tells it."""
    return _divided(value)[0]


@register.filter
def remainder(value: Any) -> Any:
    """What follows its first sentence, told in the same way; empty where nothing does."""
    return _divided(value)[1]


def _divided(value: Any) -> tuple[Any, Any]:
    # Several sentences may be known together and not one by one, so they are told first and divided then.
    pieces = moulds.parts(str(value or ""))
    if any(english for _, english in pieces):
        first, *rest = sheets.ENDS.split(str(value), maxsplit=1)
        return sentence(first), sentence("".join(rest)) if rest else ""
    first, *rest = sheets.ENDS.split("".join(text for text, _ in pieces), maxsplit=1)
    return _unbroken(first), _unbroken("".join(rest))


# A panel says most of what it said before. `typed`: what is safe as it stands is no equal of what is not.
@lru_cache(maxsize=moulds.KEPT, typed=True)
def _translated(_language: str | None, text: str) -> str:
    return numbers.bound(moulds.translated(text))


@lru_cache(maxsize=moulds.KEPT, typed=True)
def _sentence(_language: str | None, text: str) -> SafeString:
    pieces = moulds.parts(text)
    return format_html_join("", "{}", ((_marked(text) if english else _unbroken(text),) for text, english in pieces))


def _marked(text: str) -> str:
    return format_html('<span lang="en">{}</span>', _unbroken(text))


def _unbroken(text: str) -> SafeString:
    return whole(conditional_escape(numbers.bound(text)), DAY, TERM)
