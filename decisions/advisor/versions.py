"""Version texts as numbers, and until when the community supports a minor of Kubernetes."""

import re
from functools import lru_cache

from decisions.advisor.recommendation import Source

KUBERNETES_ENDS: dict[tuple[int, ...], str] = {
    (1, 23): "2023-02-28",
    (1, 24): "2023-07-28",
    (1, 25): "2023-10-28",
    (1, 26): "2024-02-28",
    (1, 27): "2024-07-16",
    (1, 28): "2024-10-22",
    (1, 29): "2025-02-28",
    (1, 30): "2025-07-15",
    (1, 31): "2025-11-11",
    (1, 32): "2026-02-28",
    (1, 33): "2026-06-28",
    (1, 34): "2026-10-27",
    (1, 35): "2027-02-28",
    (1, 36): "2027-06-28",
    (1, 37): "2027-10-28",
}
"""Minor of Kubernetes -> the day its community support ends; older ones ended before the first of these days.

Those that have ended are listed in kubernetes/website, data/releases/eol.yaml (read 2026-11-27).
"""

KUBERNETES_SOURCE = Source(
    text="kubernetes.io/releases, end of life of each minor",
    version="1.37",
    date="2026-09-15",
)


@lru_cache(maxsize=1024)
def version(text: str | None) -> tuple[int, ...]:
    """The leading dotted numbers of a version text ("v1.31.4-gke.100" -> (1, 31, 4)); empty when there are none."""
    match = re.search(r"\d+(?:\.\d+)*", text or "")
    return tuple(int(part) for part in match[0].split(".")) if match else ()


def older(have: str | None, need: str) -> bool:
    """Whether a version is known and below another; nothing is older than an empty text."""
    return bool(need) and bool(version(have)) and version(have) < version(need)


def support_ended(kubernetes: str | None, on: str) -> str:
    """When community support of a Kubernetes minor ended, in words, if it ended before the day `on` (ISO 8601)."""
    minor = version(kubernetes)[:2]
    if not minor:
        return ""
    first, day = next(iter(KUBERNETES_ENDS.items()))
    if minor < first:
        return f"before {day}"
    ended = KUBERNETES_ENDS.get(minor, "")
    return f"on {ended}" if ended and ended < on else ""
