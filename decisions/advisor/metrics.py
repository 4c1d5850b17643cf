"""The numbers by which a team says that a stage worked, or when it goes back: what each shows, and how it is said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Said = Callable[[float, str], str]
"""(limit, where) -> the clause; `where` is the part of the system with a space before it, or empty for all of it."""

ENCRYPTING = frozenset(
    {"encryption_between_nodes", "encryption_same_node", "workload_identity", "fips_cryptography"},
)
"""The requirements whose changes encrypt."""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One number a team may choose.

    shows: the requirements whose effect it shows. It can be met from the stage on that brings one of them, and only
    there; empty for a number that guards what was there before, which holds in every stage. rises: more is better, so
    that its stop rule too holds only from there on.
    """

    holds: Said
    breaks: Said
    shows: frozenset[str] = field(default=frozenset())
    rises: bool = False


def share(part: float) -> str:
    """A share in percent: "95 %"."""
    return f"{part * 100:,.6g} %"


def _encrypted(limit: float, where: str) -> str:
    if limit == 1:
        return f"All connections{where} are encrypted"
    return f"At least {share(limit)} of the connections{where} are encrypted"


def _not_encrypted(limit: float, where: str) -> str:
    if limit == 1:
        return f"A connection{where} is not encrypted"
    return f"Less than {share(limit)} of the connections{where} are encrypted"


def _failing(limit: float, _where: str) -> str:
    return f"Less than {share(limit)} of the requests fail" if limit else "No request fails"


def _denied(limit: float, _where: str) -> str:
    if not limit:
        return "No connection is denied by mistake"
    return f"The connections denied by mistake stay below {limit:,.10g} an hour"


def _cpu(limit: float, _where: str) -> str:
    return f"The CPU added stays below {limit:,.10g} vCPU" if limit else "No CPU is added"


def _memory(limit: float, _where: str) -> str:
    return f"The memory added stays below {limit:,.10g} GiB" if limit else "No memory is added"


METRICS: Mapping[str, Metric] = {
    "p99_ms": Metric(
        holds=lambda limit, _where: f"p99 of the critical path stays below {limit:,.10g} ms",
        breaks=lambda limit, _where: f"p99 of the critical path reaches {limit:,.10g} ms",
    ),
    "error_ratio": Metric(
        holds=_failing,
        breaks=lambda limit, _where: f"{share(limit)} of the requests fail",
    ),
    "busiest_pod_ratio": Metric(
        holds=lambda limit, where: f"The busiest pod{where} carries less than {limit:,.10g} times the median pod",
        breaks=lambda limit, where: f"The busiest pod{where} carries {limit:,.10g} times the median pod",
        shows=frozenset({"grpc_load_balancing"}),
    ),
    "cpu_vcpu": Metric(
        holds=_cpu,
        breaks=lambda limit, _where: f"The CPU added reaches {limit:,.10g} vCPU",
    ),
    "memory_gib": Metric(
        holds=_memory,
        breaks=lambda limit, _where: f"The memory added reaches {limit:,.10g} GiB",
    ),
    "encrypted_share": Metric(holds=_encrypted, breaks=_not_encrypted, shows=ENCRYPTING, rises=True),
    "denied_connections": Metric(
        holds=_denied,
        breaks=lambda limit, _where: f"The connections denied by mistake reach {limit:,.10g} an hour",
    ),
}
"""By the choice in the form. A number that is not here is the team's own: nobody knows what it shows, so it guards."""


def own(note: str) -> Metric:
    """A number with a name of the team's."""
    return Metric(
        holds=lambda limit, _where: (
            f"{note} stays below the limit of {limit:,.10g}" if limit else f"{note} does not rise above nothing"
        ),
        breaks=lambda limit, _where: f"{note} reaches the limit of {limit:,.10g}",
    )
