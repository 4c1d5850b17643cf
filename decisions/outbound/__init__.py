"""HTTP to addresses that users typed: checked where they lead, bounded in time and size. Prometheus, web hooks."""

from decisions.outbound.addresses import Forbidden, why_forbidden
from decisions.outbound.credentials import Credentials
from decisions.outbound.http import MOST_BYTES, SECONDS, Late, Response, TooLarge, Unreachable, ask
from decisions.outbound.place import BadAddress, Place

__all__ = [
    "MOST_BYTES",
    "SECONDS",
    "BadAddress",
    "Credentials",
    "Forbidden",
    "Late",
    "Place",
    "Response",
    "TooLarge",
    "Unreachable",
    "ask",
    "why_forbidden",
]
