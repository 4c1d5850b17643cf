"""Filters of the record's templates."""

import re

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

ADDRESS = re.compile(r"https?://[^\s<>\"'\[\]]+")
TRAILING = ".,;:!?)"


@register.filter(is_safe=True)
def linked(text: str) -> SafeString:
    """Text, escaped, whose http and https addresses are links; nothing else becomes one."""
    pieces: list[str] = []
    end = 0
    for found in ADDRESS.finditer(text):
        address = found.group().rstrip(TRAILING)
        pieces.append(escape(text[end : found.start()]))
        pieces.append(format_html('<a href="{}" rel="noopener nofollow">{}</a>', address, address))
        end = found.start() + len(address)
    pieces.append(escape(text[end:]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece above is escaped


LONGEST_TIED = 24
"""A longer last word may be parted from its note: tied, it could run out of its column."""


@register.filter
def but_last_word(text: str) -> str:
    """Everything up to and with the space before the last word."""
    return text.removesuffix(last_word(text))


@register.filter
def last_word(text: str) -> str:
    """The last word, which the number of a source must not be parted from."""
    word = text[text.rfind(" ") + 1 :]
    return word if len(word) <= LONGEST_TIED else ""
