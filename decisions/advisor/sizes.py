"""The counts that costs grow with, taken from the baseline or estimated from what is there."""

from dataclasses import dataclass

from decisions.advisor.case import Case
from decisions.advisor.catalog import Catalog
from decisions.advisor.overhead.spread import exactly, product
from decisions.advisor.quantities import Range


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Counts over all clusters, each a range; a count that was given has no spread."""

    clusters: Range
    nodes: Range
    pods: Range
    services: Range
    namespaces: Range
    teams: Range


def divided(value: Range, by: Range) -> Range:
    """A range divided by an independent range of positive numbers."""
    return product(value, Range(low=1 / by.high, likely=1 / by.likely, high=1 / by.low))


SMALL = Range(low=10, likely=40, high=150)
"""Planning value: services of a team that gave no size at all."""


def sizes(case: Case, catalog: Catalog) -> Sizes:
    """Fill the gaps: services from pods, pods from nodes or services, nodes from pods, with the planning ratios."""
    baseline, ratio = case.baseline, {key: catalog.planning[key].value for key in RATIOS}
    clusters = float(baseline.clusters or 1)
    nodes = _given(baseline.nodes) or _given(clusters * (baseline.nodes_per_cluster_max or 0))
    pods = _given(baseline.pods)
    services = _given(baseline.services)
    if pods is None and services is not None:
        pods = product(services, ratio["pods_per_service"])
    if pods is None and nodes is not None:
        pods = product(nodes, ratio["pods_per_node"])
    if services is None:
        services = divided(pods, ratio["pods_per_service"]) if pods else SMALL
    pods = pods or product(services, ratio["pods_per_service"])
    nodes = nodes or divided(pods, ratio["pods_per_node"])
    namespaces = _given(baseline.namespaces) or divided(services, ratio["services_per_namespace"])
    teams = _given(case.context.application_teams or baseline.teams) or namespaces.times(0.5)
    return Sizes(
        clusters=exactly(clusters), nodes=nodes, pods=pods, services=services, namespaces=namespaces, teams=teams
    )


def counted(case: Case) -> tuple[object, ...]:
    """Everything of a case that `sizes` depends on, as a key."""
    one = case.baseline
    given = (one.clusters, one.nodes, one.nodes_per_cluster_max, one.pods, one.services, one.namespaces, one.teams)
    return (*given, case.context.application_teams)


RATIOS = ("pods_per_service", "pods_per_node", "services_per_namespace")


def _given(value: float | None) -> Range | None:
    return exactly(float(value)) if value else None
