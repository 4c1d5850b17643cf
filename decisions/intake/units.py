"""Numbers, durations and addresses as tools write them."""

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlsplit

_MILLISECONDS = {
    "ns": 1e-6,
    "us": 1e-3,
    "µs": 1e-3,
    "μs": 1e-3,
    "ms": 1.0,
    "s": 1e3,
    "sec": 1e3,
    "secs": 1e3,
    "m": 6e4,
    "min": 6e4,
    "h": 3.6e6,
    "hr": 3.6e6,
}
_PART = re.compile(r"(\d{1,15}(?:\.\d{1,15})?)\s*(ns|us|µs|μs|ms|secs|sec|s|min|m|hr|h)(?![a-z])")
_DURATION = re.compile(r"\s*(?:\d{1,15}(?:\.\d{1,15})?\s*(?:ns|us|µs|μs|ms|secs|sec|s|min|m|hr|h)(?![a-z])\s*)+")
_VERSION = re.compile(r"v?\d{1,4}\.\d{1,4}[\w.+-]{0,40}")
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}")


def number(value: object) -> float | None:
    """A finite number from a JSON number or its text; None for anything else, and for true and false."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and len(value) > 64:
        return None
    try:
        result = float(value)
    except (ValueError, OverflowError):
        return None
    return result if math.isfinite(result) else None


def count(value: object) -> int | None:
    """A whole number >= 0, or None."""
    result = number(value)
    return int(result) if result is not None and 0 <= result < 1e18 and result == int(result) else None


def scaled(value: object, factor: float) -> float | None:
    """A number times `factor`, for units: None stays None, and so does a product that is not finite."""
    result = number(value)
    return None if result is None else number(result * factor)


def milliseconds(text: str) -> float | None:
    """A duration with units ("4.17ms", "5.00m", "1m30s", "0s 000ms 190us") in milliseconds, or None."""
    if len(text) > 64 or not _DURATION.fullmatch(text):
        return None
    return number(math.fsum(float(amount) * _MILLISECONDS[unit] for amount, unit in _PART.findall(text)))


def host(address: object) -> str | None:
    """Host and port of a URL or of `host:port`; user, password, path and query are dropped. None if unclear."""
    if not isinstance(address, str) or len(address) > 4096:
        return None
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
        name, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not name or not _HOST.fullmatch(name):
        return None
    return name if port is None else f"{name}:{port}"


def ratio(part: float | None, whole: float | None) -> float | None:
    """part / whole, or None when either is unknown or the whole is zero."""
    return part / whole if part is not None and whole else None


def version(value: object) -> str | None:
    """A version number as tools write it ("2.2.0", "v1.32.3-eks-473151a"); None for any other text."""
    return value if isinstance(value, str) and _VERSION.fullmatch(value) else None


def moment(value: object) -> datetime | None:
    """A time stamp as an aware datetime: ISO 8601 text (UTC when it names no zone); None for anything else."""
    if not isinstance(value, str) or not 10 <= len(value) <= 40:
        return None
    # Go writes nanoseconds; Python reads at most microseconds.
    shortened = re.sub(r"(\.\d{6})\d{1,15}", r"\1", value.strip())
    try:
        found = datetime.fromisoformat(shortened)
    except ValueError:
        return None
    if not 1990 <= found.year <= 2200:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def instant(seconds: float | None) -> datetime | None:
    """A time since the epoch in seconds as an aware datetime; None outside 2000 to 2100."""
    if seconds is None or not 946_684_800 <= seconds <= 4_102_444_800:
        return None
    return datetime.fromtimestamp(seconds, tz=UTC)


def oldest_first(values: Iterable[str]) -> tuple[str, ...]:
    """Distinct versions, oldest first by their numbers."""
    return tuple(
        sorted(set(values) - {""}, key=lambda value: ([int(one) for one in re.findall(r"\d{1,9}", value)], value))
    )


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 pod", "2 pods", "3 network policies"."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun[:-1]}ies" if noun.endswith("y") else f"{number:,} {noun}s"
