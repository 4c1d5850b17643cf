"""Lists of the administration in the markup of our own lists."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import template
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext

register = template.Library()
YES_OR_NO = re.compile(r'<img [^>]*alt="(True|False)">')


@register.filter
def labelled(rows: Iterable[Iterable[SafeString]], headers: list[Mapping[str, Any]]) -> Iterator[list[SafeString]]:
    """The cells of each row, each with the name of its column: a narrow window has no head above them."""
    names = [capfirst(strip_tags(str(header["text"]))) for header in headers]
    for row in rows:
        yield [_with(name, cell) for name, cell in zip(names, row, strict=True)]


def _with(name: str, cell: SafeString) -> SafeString:
    # Django wrote the cell and escaped what stands in it; its picture for yes or no is named in English.
    text = YES_OR_NO.sub(lambda picture: gettext("Yes") if picture[1] == "True" else gettext("No"), cell)
    return mark_safe(re.sub("^<t[dh]", lambda tag: format_html('{} data-side="{}"', mark_safe(tag[0]), name), text))  # noqa: S308
