"""Filters of the record's templates."""

import re

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

ADDRESS = re.compile(r"https?://[^\s<>\"'\[\]]+")
TRAILING = ".,;:!?)"
DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
OPTION = re.compile(
    r"(?<![\w-])--?[a-z][\w-]*(?:=[\w./-]{0,20}\w)?(?: [\w./][\w./-]{0,19}(?:=[\w./-]{0,20})?\w)?(?![\w./=-]*\w)",
    re.IGNORECASE,
)
"""An option of a command with its value, as far as the value is no longer than a narrow column."""
TERM = re.compile(r"\b(?:(?:must|nice-to)-haves?|CNI-level|SHA-256|\d[\d.,]* (?:%|(?:ms|GiB|vCPU)\b))", re.IGNORECASE)
"""Words of the field that are read as one, and numbers with their unit."""


@register.filter(is_safe=True)
def linked(text: str) -> SafeString:
    """Text, escaped, whose http and https addresses are links; nothing else becomes one."""
    pieces: list[str] = []
    end = 0
    for found in ADDRESS.finditer(text):
        address = found.group().rstrip(TRAILING)
        pieces.append(whole(escape(text[end : found.start()]), DAY, OPTION, TERM))
        pieces.append(format_html('<a href="{}" rel="noopener nofollow">{}</a>', address, address))
        end = found.start() + len(address)
    pieces.append(whole(escape(text[end:]), DAY, OPTION, TERM))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece above is escaped


def whole(markup: str, *patterns: re.Pattern[str]) -> SafeString:
    """Escaped text in which what fits a pattern never breaks at its hyphens; not a character of it changes."""
    for pattern in patterns:
        markup = pattern.sub(r'<span class="nb">\g<0></span>', markup)
    return mark_safe(markup)  # noqa: S308 - escaped by the caller


@register.filter
def joined(text: str) -> str:
    """A range of numbers whose ends stay together: on a narrow page it breaks before its likely value."""
    return text.replace(" to ", "\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}")


@register.simple_tag
def translate(text: str) -> str:
    """The text as it stands: pages translate the parts they share with records, a record is English."""
    return text


@register.filter
def translated(text: str) -> str:
    """The same for texts that are values."""
    return text


@register.filter
def figure(text: str) -> str:
    """The same for figures."""
    return text
