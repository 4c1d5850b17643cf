"""A deadline as people write it: a day, the last day of a period, or a length of time.

What has two readings has none here: 03/04/2027, "Q1 or Q2 2027", "3 to 4 months", quarters of somebody's fiscal year.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from decisions.advisor import dates

DAYS_A_MONTH = 30.4


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """The last day that is left, or a length of time in months that begins with the day of the answer."""

    day: date | None = None
    months: float = 0.0

    def months_from(self, today: date) -> float:
        """How many months are left; none of a day that has passed."""
        return max(0.0, (self.day - today).days / DAYS_A_MONTH) if self.day else self.months


@lru_cache(maxsize=1024)
def read_deadline(said: str | None) -> Deadline | None:
    """What a text means by its deadline; None where it names none, or where nobody can tell which."""
    text = _in_full((said or "").lower())
    if not text or dates.readings(text) or _OF_SOMEBODY.search(text):
        return None
    if day := dates.first(text):
        return Deadline(day=date.fromisoformat(day)) if day == dates.latest(text) else None
    found = {one for one in _periods(text) if one}
    if found:
        return Deadline(day=found.pop()) if len(found) == 1 and not _is_choice(text) else None
    lengths = set(_lengths(text))
    return Deadline(months=lengths.pop()) if len(lengths) == 1 and not _RANGE.search(text) else None


def names_a_time(said: str | None) -> bool:
    """Whether a text speaks of a time at all: "no date" does not, "end of March" does, though nobody knows of when."""
    return bool(re.search(r"\d", said or "") or _NAME.search((said or "").lower()))


def _in_full(text: str) -> str:
    """The text with the years of dotted dates in four digits: 31.03.27 has its day first wherever it is written so."""
    return re.sub(r"(?<![\d.])(\d{1,2}\.\s?\d{1,2}\.\s?)(2\d)(?![\d.])", r"\g<1>20\2", text)


_YEAR = r"(?P<year>20\d\d)(?!\d)"
_SHORT = r"'?(?P<year>20\d\d|2\d)(?!\d)"
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "erste": 1, "zweite": 2, "dritte": 3, "vierte": 4}
_WHICH = rf"(?P<which>{'|'.join(_ORDINALS)}|[1-4](?=\.|st|nd|rd|th))(?:\.|st|nd|rd|th|[sn])?"
_PARTS = {
    3: (
        re.compile(rf"(?<!\w)(?:q(?P<which>[1-4])|(?P<first>[1-4])q)[\s/-]*(?:of )?{_SHORT}"),
        re.compile(rf"(?<!\w){_YEAR}[\s/-]*q(?P<which>[1-4])(?!\w)"),
        re.compile(rf"(?<!\w){_WHICH} (?:quarter|quartals?)(?: of| in)?,? {_YEAR}"),
    ),
    6: (
        re.compile(rf"(?<!\w)h(?P<which>[12])[\s/-]*(?:of )?{_SHORT}"),
        re.compile(rf"(?<!\w){_YEAR}[\s/-]*h(?P<which>[12])(?!\w)"),
        re.compile(rf"(?<!\w){_WHICH} (?:half|halbjahre?s?)(?: of| in)?,? {_YEAR}"),
    ),
}
"""Months of a part of a year -> how people write which one."""
_WEEKS = (
    re.compile(rf"(?<!\w)(?:kw|cw|week|kalenderwoche)\s?(?P<week>\d{{1,2}})(?: of| in)?[\s/,-]+{_YEAR}"),
    re.compile(rf"(?<!\w){_YEAR}-?w(?P<week>\d\d)(?!\d)"),
)
_WHOLE_YEAR = re.compile(rf"\b(?:end of(?: the year)?|year[ -]end|eoy|ende|jahresende)\s+{_YEAR}")
_MID_YEAR = re.compile(rf"\b(?:mid|middle of|mitte)[ -]{_YEAR}")

_BEFORE = re.compile(r"\b(?:before|prior to|vor)\s+(?:the |dem )?(?:(?:start|beginning|beginn) (?:of |des )?)?$")
_AT_ITS_START = re.compile(r"\b(?:start|beginning|beginn) (?:of |des )?$")
_MID = re.compile(r"\b(?:mid|middle of|mitte)[ -]$")
_VAGUE = re.compile(r"\b(?:early|late|around|about|anfang|gegen|circa|ca\.)(?: in)? $|\d(?:st|nd|rd|th|\.)?\s*$")
"""What stands before a period: which end of it is meant; where that is vague, nobody can count with it. A number
there is a day that the month does not have.
"""
_OF_SOMEBODY = re.compile(r"\bfy\s?'?\d|\bfiscal\b|\bgeschäftsjahr")
"""A year of somebody's books, whose quarters begin where that somebody says."""
_NAME = re.compile(rf"\bq[1-4]\b|\b(?:{'|'.join(one for one in dates.NUMBERS if len(one) > 3)})\b")
"""A month or a quarter, with or without its year."""


def _periods(text: str) -> Iterator[date | None]:
    """The day that each period in the text ends for its deadline; None for one that is named vaguely."""
    for months, patterns in _PARTS.items():
        for match in (one for pattern in patterns for one in pattern.finditer(text)):
            which = match.groupdict().get("first") or match["which"]
            number = _ORDINALS.get(which) or int(which)
            if number * months <= 12:
                yield _deadline(text[: match.start()], _year(match), (number - 1) * months + 1, months)
    for match in (one for pattern in dates.MONTHS_ALONE for one in pattern.finditer(text)):
        if month := dates.month_of(match["month"]):
            yield _deadline(text[: match.start()], _year(match), month, 1)
    for match in (one for pattern in _WEEKS for one in pattern.finditer(text)):
        if 1 <= int(match["week"]) <= date(_year(match), 12, 28).isocalendar().week:
            yield date.fromisocalendar(_year(match), int(match["week"]), 7)
    yield from (date(_year(match), 12, 31) for match in _WHOLE_YEAR.finditer(text))
    yield from (date(_year(match), 6, 30) for match in _MID_YEAR.finditer(text))


def _year(match: re.Match[str]) -> int:
    year = int(match["year"])
    return year if year > 99 else 2000 + year


def _deadline(before: str, year: int, first: int, months: int) -> date | None:
    """The last day that is left of a period of so many months, by the words before it."""
    start, last = date(year, first, 1), first + months - 1
    if _VAGUE.search(before):
        return None
    if _BEFORE.search(before):
        return start - timedelta(days=1)
    if _AT_ITS_START.search(before):
        return start
    if _MID.search(before):
        return date(year, first + months // 2, 15)
    return date(year, last, calendar.monthrange(year, last)[1])


def _is_choice(text: str) -> bool:
    """Whether more than one month or quarter is named, such as one without its year beside the one that has it."""
    return len({match[0] for match in _NAME.finditer(text)}) > 1


_WORDS = {
    **{word: float(count) for count, word in enumerate(("one", "two", "three", "four", "five", "six"), 1)},
    **{word: float(count) for count, word in enumerate(("seven", "eight", "nine", "ten", "eleven", "twelve"), 7)},
    **{word: float(count) for count, word in enumerate(("zwei", "drei", "vier", "fünf", "sechs", "sieben"), 2)},
    **{word: float(count) for count, word in enumerate(("acht", "neun", "zehn", "elf", "zwölf"), 8)},
    **dict.fromkeys(("a", "ein", "eine", "einem", "einer", "einen"), 1.0),
    **dict.fromkeys(("half a", "ein halbes", "einem halben"), 0.5),
}
_UNITS = {
    **dict.fromkeys(("day", "tag"), DAYS_A_MONTH),
    **dict.fromkeys(("week", "woche"), 4.35),
    **dict.fromkeys(("month", "monat"), 1.0),
    **dict.fromkeys(("quarter", "quartal"), 1 / 3),
    **dict.fromkeys(("year", "jahr"), 1 / 12),
}
"""How many of a length of time make a month, by how its name begins in English and in German."""
_AMOUNT = rf"\d+(?:[.,]\d+)?|(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})(?=[\s-])"
_LENGTH = re.compile(rf"(?<![\w.,/-])(?P<amount>{_AMOUNT})[\s-]*(?P<unit>{'|'.join(_UNITS)})(?:e?[sn]?)\b")
_RANGE = re.compile(
    rf"(?:{_AMOUNT})\s*(?:-|\u2013|/|to|bis|or|oder)\s*(?:{_AMOUNT})[\s-]*(?:{'|'.join(_UNITS)})"
    r"|\b(?:and a|und ein) hal|\b(?:every|each|alle|jede[nrs]?)\b|\b(?:ago|vor)\b"
)
"""Lengths that have two ends, that come again and again, or that are over."""


def _lengths(text: str) -> Iterator[float]:
    """Every length of time in months."""
    for match in _LENGTH.finditer(text):
        amount = match["amount"]
        yield (_WORDS.get(amount) or float(amount.replace(",", "."))) / _UNITS[match["unit"]]
