"""Numbers that are each possible but cannot stand together."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from itertools import combinations
from typing import TYPE_CHECKING

from decisions.advisor.metrics import METRICS
from decisions.advisor.questions.answers import Problem
from decisions.advisor.questions.asking import Field

if TYPE_CHECKING:
    from decisions.advisor.case import Case

AT_MOST = (
    ("baseline", "single_node_clusters", "clusters"),
    ("baseline", "nodes_per_cluster_max", "nodes"),
    ("baseline", "windows_nodes", "nodes"),
    ("baseline", "pods_in_scope", "pods"),
    ("baseline", "host_network_pods", "pods"),
    ("baseline", "gvisor_pods", "pods"),
    ("baseline", "virtual_node_pods", "pods"),
    ("baseline", "network_init_pods", "pods"),
    ("baseline", "mean_rps", "peak_rps"),
)
PERCENTILES = ("p50_ms", "p90_ms", "p95_ms", "p99_ms")
SHARES = ("http1_share", "http2_share", "grpc_share", "udp_share")
ROUNDING = 0.005


def contradictions(case: "Case") -> Iterator[Problem]:
    """Each pair of answers that cannot both be true, reported at the first of the two."""
    pairs = [*AT_MOST, *(("baseline", low, high) for low, high in combinations(PERCENTILES, 2))]
    for section, low, high in pairs:
        less, more = getattr(getattr(case, section), low), getattr(getattr(case, section), high)
        if less is not None and more is not None and less > more:
            yield Problem(
                path=f"{section}.{low}",
                text=f"{less:,} is not possible; at most the {more:,} of “{_label(case, section, high)}” is expected",
            )
    yield from _shares(case)


STOP_RULE = ("plan.stop_metric", "plan.stop_threshold")
TODAY: Mapping[str, Callable[["Case"], float | None]] = {
    "p99_ms": lambda case: case.baseline.p99_ms,
    "error_ratio": lambda case: case.baseline.error_ratio,
    "busiest_pod_ratio": lambda case: case.baseline.busiest_pod_ratio,
    # Of what is added, and of what is denied by mistake, there is nothing before the first stage.
    "cpu_vcpu": lambda _case: 0.0,
    "memory_gib": lambda _case: 0.0,
    "denied_connections": lambda _case: 0.0,
}
"""The numbers that may end a roll-out by rising, as they are today."""


def stops_at_once(case: "Case") -> Iterator[Problem]:
    """A stop rule that today's numbers meet already: the first stage would be taken back whatever it does.

    No contradiction: whoever measures anew may get above a rule that was sound, and the measurement is to be kept. It
    is refused where the rule itself is answered, and otherwise said in the record.
    """
    metric, threshold = case.plan.stop_metric, case.plan.stop_threshold
    if metric is None or threshold is None or metric not in TODAY:
        return
    today = TODAY[metric](case)
    if today is not None and today >= threshold:
        label = dict(_field(case, "plan", "stop_metric").choices)[metric]
        yield Problem(
            path="plan.stop_threshold",
            text=f"{label} is {today:,.10g} today, so that going back at {threshold:,.10g} would end the roll-out "
            "before it begins; more than today's value is expected",
        )


def stop_rules(case: "Case") -> Iterator[Problem]:
    """What is wrong with when the team wants to go back: met already, or met by a stage that meets its gate."""
    yield from stops_at_once(case)
    yield from _stops_within_the_gate(case)


def _stops_within_the_gate(case: "Case") -> Iterator[Problem]:
    plan = case.plan
    gate, stop = plan.measure_threshold, plan.stop_threshold
    if plan.measure_metric != plan.stop_metric or gate is None or stop is None or plan.stop_metric == "other":
        return
    known = METRICS.get(plan.stop_metric or "")
    rises = known is not None and known.rises
    if stop > gate if rises else stop < gate:
        yield Problem(
            path="plan.stop_threshold",
            text=f"going back at {stop:,.10g} would take back stages that meet their gate of {gate:,.10g}; "
            f"{'at most' if rises else 'at least'} the gate is expected",
        )


def _label(case: "Case", section: str, name: str) -> str:
    """What a field is called where a person fills it in."""
    return _field(case, section, name).label or name


def _field(case: "Case", section: str, name: str) -> Field:
    found: Field = next(one for one in fields(getattr(case, section)) if one.name == name).metadata["field"]
    return found


def _shares(case: "Case") -> Iterator[Problem]:
    # Plain TCP is left out of the sum: some meters count everything that rides on TCP under it.
    given = {name: value for name in SHARES if (value := getattr(case.baseline, name)) is not None}
    if (total := sum(given.values())) > 1 + ROUNDING:
        yield _too_much(case, tuple(given), total)
    tcp, udp = case.baseline.tcp_share, case.baseline.udp_share
    if tcp is not None and udp is not None and tcp + udp > 1 + ROUNDING:
        yield _too_much(case, ("tcp_share", "udp_share"), tcp + udp)


def _too_much(case: "Case", names: tuple[str, ...], total: float) -> Problem:
    *others, last = (_label(case, "baseline", one) for one in names)
    called = f"{', '.join(others)} and {last}" if others else last
    text = f"{called} are {total * 100:,.4g} % together; at most 100 % is possible"
    return Problem(path=f"baseline.{names[0]}", text=text)
