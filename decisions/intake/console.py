"""The text summary that hey began and oha took over: `Name: value unit` lines and lists in brackets."""

import re

from decisions.intake.units import milliseconds, scaled
from decisions.intake.units import number as as_number

# oha picks one unit by the slowest request, which may be "10 sec" or "10 min".
_TIME = r"(\d{1,15}(?:\.\d{1,15})?) ?(10 )?(secs?|s|ms|us|µs|ns|min|m|hr|h)"
_DURATION = re.compile(_TIME)
_PERCENTILE = re.compile(rf"^[ \t]*(\d{{1,3}}(?:\.\d{{1,9}})?) ?%+ in {_TIME}[ \t]*$", re.MULTILINE)
_ENTRY = re.compile(r"^[ \t]*\[(\d{1,15})\][ \t]+(\S.*)$", re.MULTILINE)
_STATUS = re.compile(r"^[ \t]*\[(\d{3})\][ \t]+(\d{1,15}) responses", re.MULTILINE)


def _milliseconds(amount: str, tens: str | None, unit: str) -> float | None:
    return scaled(milliseconds(f"{amount}{unit}"), 10.0 if tens else 1.0)


class Console:
    """One text summary."""

    def __init__(self, text: str) -> None:
        self._text = text

    def value(self, name: str) -> str:
        """What follows `Name:` on its line; "" when there is no such line."""
        match = re.search(rf"^[ \t]*{re.escape(name)}:[ \t]*(\S.*)$", self._text, re.MULTILINE)
        return match.group(1).rstrip() if match else ""

    def duration(self, name: str) -> float | None:
        """Milliseconds after `Name:`; None when it is NaN or missing."""
        match = _DURATION.fullmatch(self.value(name)[:64])
        return _milliseconds(*match.groups()) if match else None

    def number(self, name: str) -> float | None:
        """The plain number after `Name:`."""
        return as_number(self.value(name))

    def percentiles(self) -> dict[float, float]:
        """Milliseconds by percent ("99.00% in 0.2826 secs")."""
        return {
            float(percent): value
            for percent, *time in _PERCENTILE.findall(self._text)
            if (value := _milliseconds(*time)) is not None
        }

    def status_codes(self) -> dict[str, int]:
        """Answers by HTTP status ("[200] 234 responses")."""
        return {code: int(number_of) for code, number_of in _STATUS.findall(self._text)}

    def failures(self) -> dict[str, int]:
        """Failures without an answer by their text ("[5] connection refused")."""
        found: dict[str, int] = {}
        for number_of, text in _ENTRY.findall(self._text.partition("Error distribution:")[2]):
            found[text] = found.get(text, 0) + int(number_of)
        return found
