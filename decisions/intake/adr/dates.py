"""Dates as people write them, as ISO 8601 text. A date that can be read in two ways is none."""

import re
from collections.abc import Iterator
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\d.])(?P<year>(?:19|20)\d\d)(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)",
        rf"(?<![\d.])(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}(?![\d]|\.\d)",
        rf"(?<!\w){_DAY}[ -]+(?:of )?{_MONTH},?[ -]+{_YEAR}(?!\d)",
        rf"(?<!\w){_MONTH} {_DAY},? {_YEAR}(?!\d)",
        rf"(?<!\d){_YEAR} {_MONTH} {_DAY}(?!\d)",
        rf"(?<!\d)(?P<first>\d{{1,2}})[/-](?P<second>\d{{1,2}})[/-]{_YEAR}(?!\d)",
    )
)


def first(text: str) -> str | None:
    """The first date in the text, such as "2023-09-15"; None where there is none."""
    return min(_found(text), default=(0, None))[1]


def latest(text: str) -> str | None:
    """The latest date in the text."""
    return max((iso for _, iso in _found(text)), default=None)


def without(text: str) -> str:
    """The text without its dates."""
    for pattern in PATTERNS:
        text = pattern.sub(" ", text)
    return text


def _found(text: str) -> Iterator[tuple[int, str]]:
    for pattern in PATTERNS:
        for match in pattern.finditer(text[:20_000]):
            iso = _iso(match.groupdict())
            if iso:
                yield match.start(), iso


def _iso(parts: dict[str, str | None]) -> str | None:
    year, month, day = int(parts["year"] or 0), parts.get("month"), parts.get("day")
    if month is None or day is None:
        one, two = int(parts["first"] or 0), int(parts["second"] or 0)
        if one <= 12 and two <= 12 and one != two:
            return None  # 03/04/2020 is March in one country and April in the next
        month, day = (str(two), str(one)) if one > 12 else (str(one), str(two))
    number = int(month) if month.isdigit() else MONTHS.index(month[:3].lower()) + 1
    try:
        return date(year, number, int(day)).isoformat()
    except ValueError:
        return None
