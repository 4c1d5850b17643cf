"""Measured values and their intervals as people read them."""

from decisions.advisor.pilot.intervals import Interval
from decisions.advisor.quantities import Range

MINUS = "\N{MINUS SIGN}"


def plainly(value: float) -> str:
    """Three significant digits, whole numbers from a hundred on."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def amount(value: float, unit: str) -> str:
    """A value with its unit; a ratio, which has none, in percent."""
    return f"{plainly(value)} {unit}" if unit else percent(value)


def percent(value: float) -> str:
    """A ratio in percent, with as many digits as a small one needs."""
    return f"{100 * value:.3g} %"


def span(interval: Interval, unit: str) -> str:
    """The two ends, such as "11.2 to 12.9 ms"; empty when neither is known."""
    if interval.low is None and interval.high is None:
        return ""
    ends = ["unknown" if end is None else _end(end, unit) for end in (interval.low, interval.high)]
    return f"{' to '.join(ends)} {unit or '%'}"


def change(interval: Interval, unit: str) -> str:
    """What was added, with its sign, such as "+1.4 ms (0.9 to 2.1)"."""
    sign = "+" if interval.likely >= 0 else MINUS
    said = f"{sign}{amount(abs(interval.likely), unit)}"
    if interval.low is None and interval.high is None:
        return said
    ends = ["unknown" if end is None else _end(end, unit) for end in (interval.low, interval.high)]
    return f"{said} ({' to '.join(ends)})"


def projected(range_: Range, unit: str) -> str:
    """A projected range, such as "39.1 to 44 ms"."""
    return f"{plainly(range_.low)} to {plainly(range_.high)} {unit}".rstrip()


def _end(value: float, unit: str) -> str:
    said = plainly(value) if unit else f"{100 * value:.3g}"
    return said.replace("-", MINUS)
