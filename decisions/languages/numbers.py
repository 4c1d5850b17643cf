"""Numbers as a page says them: by locale, with sensible digits, a unit and a range.

Records have a form of their own, fixed and English; see `decisions.advisor.quantities`.
"""

import re

from django.utils import formats, translation

from decisions.advisor.quantities import Range, number

ENGLISH = re.compile(r"(?<![\w.,])-?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w,]|\.\d)|(?<![\w.,])-?\d+\.\d+(?![\w,]|\.\d)")
"""A number in English form within a text: a comma between thousands, or a point. Versions (1.2.3) are none."""


PERCENT = re.compile(r"(?<=\d) (?=%)")


def bound(text: str) -> str:
    """A text in whose percentages the sign never leaves its number; German sets a narrow space between them."""
    space = "\u00a0" if translation.get_language() in {None, "en"} else "\u202f"
    return PERCENT.sub(space, text)


def quantity(value: float | Range, unit: str = "") -> str:
    """A value with its unit, such as "1.234,5 ms"; of a range its likely value with the ends, "6 Stunden (4 bis 9)"."""
    tail = f"\u00a0{unit}" if unit else ""
    if not isinstance(value, Range):
        return localised(number(value)) + tail
    if value.low == value.high:
        return localised(number(value.likely)) + tail
    ends = translation.gettext("%(low)s to %(high)s") % {
        "low": localised(number(value.low)),
        "high": localised(number(value.high)),
    }
    return f"{localised(number(value.likely))}{tail} ({ends})"


def localised(text: str) -> str:
    """A text with the numbers in it turned from English form into that of the active language."""
    if translation.get_language() in {None, "en"}:
        return text
    return ENGLISH.sub(lambda found: _turned(found.group()), text)


def _turned(number_text: str) -> str:
    thousands, point = formats.get_format("THOUSAND_SEPARATOR"), formats.get_format("DECIMAL_SEPARATOR")
    whole, _, fraction = number_text.partition(".")
    whole = whole.replace(",", str(thousands))
    return f"{whole}{point}{fraction}" if fraction else whole
