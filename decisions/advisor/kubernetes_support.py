"""Whether the Kubernetes that runs still gets fixes: by its provider's calendar, else by that of the community."""

from collections.abc import Mapping
from dataclasses import dataclass

from decisions.advisor.case import Case
from decisions.advisor.clouds import AKS, EKS, GKE, managed_by
from decisions.advisor.recommendation import Source
from decisions.advisor.versions import KUBERNETES_SOURCE, support_ended, version

Ends = tuple[str, str]
"""The days on which standard support and extended support end; the latter empty where no day is published."""
CALENDARS: Mapping[str, Mapping[tuple[int, ...], Ends]] = {
    EKS: {
        (1, 28): ("2024-11-26", "2025-11-26"),
        (1, 29): ("2025-03-23", "2026-03-23"),
        (1, 30): ("2025-07-23", "2026-07-23"),
        (1, 31): ("2025-11-26", "2026-11-26"),
        (1, 32): ("2026-03-23", "2027-03-23"),
        (1, 33): ("2026-07-29", "2027-07-29"),
        (1, 34): ("2026-12-02", "2027-12-02"),
        (1, 35): ("2027-03-27", "2028-03-27"),
        (1, 36): ("2027-08-02", "2028-08-02"),
    },
    AKS: {
        (1, 28): ("2025-01-31", "2026-02-28"),
        (1, 29): ("2025-03-31", "2026-04-30"),
        (1, 30): ("2025-08-22", "2026-07-31"),
        (1, 31): ("2025-11-01", "2026-11-30"),
        (1, 32): ("2026-03-31", "2027-03-31"),
        (1, 33): ("2026-07-31", "2027-07-31"),
        (1, 34): ("2026-11-30", "2027-11-30"),
        (1, 35): ("2027-03-31", "2028-03-31"),
        (1, 36): ("2027-06-30", "2028-06-30"),
    },
    GKE: {
        (1, 28): ("2025-02-04", ""),
        (1, 29): ("2025-04-12", ""),
        (1, 30): ("2025-09-30", ""),
        (1, 31): ("2026-01-16", ""),
        (1, 32): ("2026-04-11", ""),
        (1, 33): ("2026-08-03", ""),
        (1, 34): ("2026-10-01", ""),
        (1, 35): ("2027-04-11", ""),
        (1, 36): ("2027-08-09", ""),
    },
}
"""By service, the minors of Kubernetes and when they leave its support; older ones left it before the first of them."""
_READ = "endoflife.date as of 2026-08-22 (commit a70eca3)"
CALENDAR_SOURCES: Mapping[str, Source] = {
    EKS: Source(
        text=f"AWS, Amazon EKS User Guide, Kubernetes release calendar, by {_READ}", version="1.36", date="2026-08-22"
    ),
    AKS: Source(
        text=f"Microsoft, Supported Kubernetes versions in AKS, release calendar, by {_READ}",
        version="1.36",
        date="2026-08-22",
    ),
    GKE: Source(text=f"Google, GKE release schedule, by {_READ}", version="1.36", date="2026-08-22"),
}


@dataclass(frozen=True, kw_only=True)
class Unsupported:
    """That a Kubernetes has left support: as a reason, and as what comes first; empty where nothing has to."""

    because: str
    first: str
    source: Source


def unsupported(case: Case, on: str) -> Unsupported | None:
    """What is to be said of the Kubernetes that runs on the day `on` (ISO 8601); None where it is in support.

    A provider repairs a minor longer than the community does, and says until when. Only what gets no fixes at all any
    more comes before a first stage.
    """
    have, service = case.baseline.kubernetes_version, managed_by(case)
    if service in CALENDARS:
        return _by_calendar(have, service, on)
    ended = support_ended(have, on)
    if not ended:
        return None
    if service:
        because = (
            f"Community support of Kubernetes {have} ended {ended}; on {service} the provider's own calendar decides: "
            "see there whether it still gets fixes."
        )
        return Unsupported(because=because, first="", source=KUBERNETES_SOURCE)
    return Unsupported(
        because=f"Community support of Kubernetes {have} ended {ended}: unless your distribution still repairs it, "
        "upgrade it before anything new goes into the path of calls.",
        first=f"Kubernetes {have} lost community support {ended}: upgrade it before the first stage, unless your "
        "distribution still repairs it.",
        source=KUBERNETES_SOURCE,
    )


def _by_calendar(have: str | None, service: str, on: str) -> Unsupported | None:
    minor, calendar = version(have)[:2], CALENDARS[service]
    oldest = min(calendar)
    standard, last = calendar[max(minor, oldest)] if minor and minor <= max(calendar) else ("", "")
    if not standard or standard >= on:
        return None
    name, source = service.upper(), CALENDAR_SOURCES[service]
    if last and last < on:
        since = _when(last, before=minor < oldest)
        return Unsupported(
            because=f"All support of Kubernetes {have} on {name} ended {since}: upgrade it before anything new goes "
            "into the path of calls.",
            first=f"All support of Kubernetes {have} on {name} ended {since}: upgrade it before the first stage.",
            source=source,
        )
    over = _when(standard, before=minor < oldest)
    ended = f"Standard support of Kubernetes {have} on {name} ended {over}"
    goes_on = {
        EKS: f"{ended}; extended support goes on until {last} and costs more. Plan the upgrade.",
        AKS: f"{ended}; long-term support, for clusters that have it, goes on until {last}. Plan the upgrade.",
        GKE: f"{ended}, and GKE upgrades clusters outside the Extended channel by itself. Plan the upgrade.",
    }
    return Unsupported(because=goes_on[service], first="", source=source)


def _when(day: str, *, before: bool) -> str:
    return f"before {day}" if before else f"on {day}"
