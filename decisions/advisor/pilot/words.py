"""Measured values and their intervals as people read them."""

from math import floor, log10

from decisions.advisor.pilot.intervals import Interval
from decisions.advisor.quantities import Range

MINUS = "\N{MINUS SIGN}"
LEAST_POINTS = 0.001
"""Percentage points below which a difference of two ratios is none that anybody counts."""


def plainly(value: float) -> str:
    """Three significant digits, whole numbers from a hundred on."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def ends(low: float, high: float) -> tuple[str, str]:
    """The two ends of an interval with the digits that its width bears: two of the width, "-0.5" and "1.2"."""
    if low == high:
        return plainly(low), plainly(high)
    decimals = 1 - floor(log10(high - low))
    return _rounded(low, decimals), _rounded(high, decimals)


def _rounded(value: float, decimals: int) -> str:
    text = f"{round(value, decimals):,.{max(decimals, 0)}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def amount(value: float, unit: str) -> str:
    """A value with its unit; a ratio, which has none, in percent."""
    return f"{plainly(value)} {unit}" if unit else percent(value)


def percent(value: float) -> str:
    """A ratio in percent, with as many digits as a small one needs."""
    return f"{100 * value:.3g} %"


def span(interval: Interval, unit: str) -> str:
    """The two ends, such as "11.2 to 12.9 ms"; empty when neither is known."""
    said = _ends(interval, unit)
    return f"{said} {unit or '%'}" if said else ""


def change(interval: Interval, unit: str) -> str:
    """What was added, with its sign, such as "+1.4 ms (0.9 to 2.1)"; of a ratio in percentage points."""
    sign = "+" if interval.likely >= 0 else MINUS
    if not unit:
        return _points(sign, 100 * abs(interval.likely), _ends(interval, unit))
    said, ends = f"{sign}{amount(abs(interval.likely), unit)}", _ends(interval, unit)
    return f"{said} ({ends})" if ends else said


def _points(sign: str, size: float, ends: str) -> str:
    """A ratio that grew from 1 % to 2 % has grown by one percentage point, and not by one percent."""
    number = points(size / 100)
    sign = "" if number == "0" else sign
    return f"{sign}{number} percentage points ({ends})" if ends else f"{sign}{number} percentage points"


def points(value: float) -> str:
    """A difference of two ratios as a number of percentage points."""
    return f"{100 * value:.3g}" if 100 * value >= LEAST_POINTS else "0"


def _ends(interval: Interval, unit: str) -> str:
    if interval.low is None and interval.high is None:
        return ""
    if interval.low is None or interval.high is None:
        known = interval.high if interval.low is None else interval.low
        return f"{'at most' if interval.low is None else 'at least'} {_end(known or 0.0, unit)}"
    return _between(*(end if unit else 100 * end for end in (interval.low, interval.high)))


def projected(range_: Range, unit: str) -> str:
    """A projected range, such as "39.1 to 44 ms"."""
    return f"{_between(range_.low, range_.high)} {unit}".rstrip()


def _between(low: float, high: float) -> str:
    return " to ".join(one.replace("-", MINUS) for one in ends(low, high))


def _end(value: float, unit: str) -> str:
    said = plainly(value) if unit else f"{100 * value:.3g}"
    return said.replace("-", MINUS)
