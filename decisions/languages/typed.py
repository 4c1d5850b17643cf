"""Numbers as people type them: grouped or not, in the form of their language or in one that can be told from it."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats, translation

SPACED = re.compile(r"-?\d{1,3}(?:[ \u00a0\u202f'\u2019]\d{3})+(?:[.,]\d+)?")
BOTH = re.compile(r"-?\d{1,3}(?:,\d{3})+\.\d+|-?\d{1,3}(?:\.\d{3})+,\d+")
"""1,234.5 and 1.234,5: the last of two marks is the decimal one."""
MANY = re.compile(r"-?\d{1,3}(?:,\d{3}){2,}|-?\d{1,3}(?:\.\d{3}){2,}")
ONCE = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")
"""1,234 is one thing in London and another in Berlin."""
COMMA = re.compile(r"-?\d+,\d+")


def plain(text: str, *, whole: bool) -> str:
    """The typed number with a point and without groups, "1234.5"; what looks like no number comes back as it is.

    `whole` says that only whole numbers are asked for: no mark can be a decimal one then. Where one mark could be
    either and is not the one that groups digits in the active language, it is asked back: raises ValidationError.
    """
    text = text.strip()
    if SPACED.fullmatch(text):
        text = re.sub(r"[ \u00a0\u202f'\u2019]", "", text)
    if BOTH.fullmatch(text):
        *groups, fraction = re.split("[.,]", text)
        return f"{''.join(groups)}.{fraction}"
    if MANY.fullmatch(text):
        return re.sub("[.,]", "", text)
    if ONCE.fullmatch(text):
        if whole or text[-4] == formats.get_format("THOUSAND_SEPARATOR"):
            return re.sub("[.,]", "", text)
        raise ValidationError(_two_ways(text))
    return text.replace(",", ".") if COMMA.fullmatch(text) else text


def _two_ways(text: str) -> str:
    digits, fraction = text[:-4], text[-3:].rstrip("0")
    # Four digits behind the mark are no group.
    fraction = f"{fraction}0" if len(fraction) == 3 else fraction
    decimal = f"{digits}{formats.get_format('DECIMAL_SEPARATOR')}{fraction}" if fraction else digits
    said = translation.gettext("“%(typed)s” can be read in two ways: type %(grouped)s or %(decimal)s.")
    return said % {"typed": text, "grouped": digits + text[-3:], "decimal": decimal}


def shown(value: float) -> str:
    """A number as a box shows it to somebody who goes on typing: ungrouped, with the language's decimal mark."""
    text = str(int(value) if float(value).is_integer() else value)
    return text.replace(".", str(formats.get_format("DECIMAL_SEPARATOR")))


class NumberField(forms.FloatField):
    """A number typed as its writer's language has it."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value: Any) -> Any:
        """The number. Raises ValidationError for what is none or can be read in two ways."""
        return super().to_python(plain(value, whole=False) if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        """What stands in the box. Three digits behind a mark could be a group; four cannot, and say the same."""
        text = shown(value) if isinstance(value, int | float) else value
        return f"{text}0" if isinstance(text, str) and text is not value and ONCE.fullmatch(text) else text
