"""Dates as people write them, as ISO 8601 text: a day, "2021-03-04", or a month where no day is stated, "2021-03".

Of 03/04/2020 nobody can say which is the month. Such a date is read when other dates around show the order in which
their author writes, and is none otherwise.
"""

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum

MONTHS = (
    "january|januar|janvier|enero|janeiro|gennaio|januari|jänner|jan|janv|ene|gen",
    "february|februar|février|fevrier|febrero|fevereiro|febbraio|februari|feb|févr|fev",
    "march|märz|maerz|mars|marzo|março|marco|maart|mar|mär|mrz",
    "april|avril|abril|aprile|apr|avr|abr",
    "may|mai|mayo|maio|maggio|mei|mag",
    "june|juni|juin|junio|junho|giugno|jun|giu",
    "july|juli|juillet|julio|julho|luglio|jul|juil|lug",
    "august|août|aout|agosto|augustus|aug|ago",
    "september|septembre|septiembre|setembro|settembre|sept|sep|set",
    "october|oktober|octobre|octubre|outubro|ottobre|oct|okt|out|ott",
    "november|novembre|noviembre|novembro|nov",
    "december|dezember|décembre|decembre|diciembre|dezembro|dicembre|dec|dez|déc|dic",
)
"""The spellings of each month, January first: English, German, French, Spanish, Portuguese, Italian and Dutch."""
NUMBERS = {spelling: number for number, spellings in enumerate(MONTHS, 1) for spelling in spellings.split("|")}
_MONTH = rf"(?P<month>{'|'.join(sorted(NUMBERS, key=len, reverse=True))})(?!\w)\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_OF = r"(?:of |de |di |d')?"


class Order(StrEnum):
    """Which of two numbers is the day."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


DAYS = _compiled(
    r"(?<![\d.])(?P<year>(?:19|20)\d\d)(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?!\d)",
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)",
    r"(?<!\d)(?P<year>(?:19|20)\d\d)年(?P<month>\d{1,2})月(?P<day>\d{1,2})日",
    rf"(?<![\d.])(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}(?!\.\d)",
    rf"(?<!\w){_DAY}[ /-]+{_OF}{_MONTH},?[ /-]+{_OF}{_YEAR}",
    rf"(?<!\w){_MONTH}[ -]{_DAY},?[ -]{_YEAR}",
    rf"(?<!\d){_YEAR}[ -]{_MONTH}[ -]{_DAY}(?!\d)",
    # Of the year two digits will do between strokes: 15/12/22.
    r"(?<![\d/])(?P<first>\d{1,2})(?P<sign>[/-])(?P<second>\d{1,2})(?P=sign)"
    r"(?P<year>(?:19|20)\d\d|(?<=/)\d\d)(?!\d|/\d)",
)
MONTHS_ALONE = _compiled(
    rf"(?<!\w){_MONTH},?[ -]{_OF}{_YEAR}",
    r"(?<![\d./-])(?P<year>(?:19|20)\d\d)[-/](?P<month>0[1-9]|1[0-2])(?![\d/-])",
    r"(?<![\d./-])(?P<month>0[1-9]|1[0-2])/(?P<year>(?:19|20)\d\d)(?![\d/-])",
)
MAX_TEXT = 20_000


def first(text: str, order: Order | None = None) -> str | None:
    """The first date in the text, such as "2023-09-15"; None where there is none."""
    return min(_found(text, order), default=(0, None))[1]


def latest(text: str, order: Order | None = None) -> str | None:
    """The latest date in the text."""
    return max((iso for _, iso in _found(text, order)), default=None)


def first_month(text: str) -> str | None:
    """The first month with its year in a text that states no day, such as "2021-03"."""
    found = [
        (match.start(), f"{match['year']}-{month:02}")
        for pattern in MONTHS_ALONE
        for match in pattern.finditer(text[:MAX_TEXT])
        if (month := month_of(match["month"]))
    ]
    return min(found, default=(0, None))[1]


def readings(text: str) -> tuple[str, str] | None:
    """Both readings, day first and month first, of the first date in the text that has two."""
    for match in DAYS[-1].finditer(text[:MAX_TEXT]):
        if _order(match) is None and match["first"] != match["second"]:
            day_first, month_first = (_iso(match.groupdict(), order) for order in Order)
            if day_first and month_first:
                return day_first, month_first
    return None


def orders(text: str) -> frozenset[Order]:
    """The orders that dates in the text can only be written in."""
    found = (_order(match) for match in DAYS[-1].finditer(text[:MAX_TEXT]))
    return frozenset(order for order in found if order)


def without(text: str) -> str:
    """The text without its dates."""
    for pattern in DAYS:
        text = pattern.sub(" ", text)
    return text


def _found(text: str, order: Order | None) -> Iterator[tuple[int, str]]:
    for pattern in DAYS:
        for match in pattern.finditer(text[:MAX_TEXT]):
            iso = _iso(match.groupdict(), order)
            if iso:
                yield match.start(), iso


def _order(match: re.Match[str]) -> Order | None:
    one, two = int(match["first"]), int(match["second"])
    if (one > 12) == (two > 12):
        return None
    return Order.DAY_FIRST if one > 12 else Order.MONTH_FIRST


def _iso(parts: dict[str, str | None], order: Order | None) -> str | None:
    month, day = parts.get("month"), parts.get("day")
    if month is None or day is None:
        one, two = str(parts["first"]), str(parts["second"])
        if int(one) <= 12 and int(two) <= 12 and int(one) != int(two) and order is None:
            return None  # 03/04/2020 is March in one country and April in the next
        is_month_first = order is Order.MONTH_FIRST if int(one) <= 12 and int(two) <= 12 else int(two) > 12
        month, day = (one, two) if is_month_first else (two, one)
    try:
        year = int(parts["year"] or 0)
        return date(year if year > 99 else 2000 + year, month_of(month), int(day)).isoformat()
    except ValueError:
        return None


def month_of(word: str) -> int:
    """The number of a month by its number or name; 0 for what only looks like a name, such as one with a long s."""
    return int(word) if word.isdigit() else NUMBERS.get(word.lower(), 0)
