"""The counts that costs grow with, taken from the baseline or estimated from what is there."""

from typing import Generic

from decisions.advisor.case import Case
from decisions.advisor.catalog import Catalog
from decisions.advisor.once import once
from decisions.advisor.quantities import Range
from decisions.advisor.reckoning import A, Reckoning

SMALL = Range(low=10, likely=40, high=150)
"""Planning value: services of a team that gave no size at all."""


class Sizes(Generic[A]):
    """Counts over all clusters, each an amount; a count that was given has no spread, a gap is filled from the others.

    Services come from pods, pods from services or nodes, nodes from pods, by the planning ratios; each is worked out
    when it is asked for, and reads no more than it needs.
    """

    def __init__(self, case: Case, catalog: Catalog, reckoning: Reckoning[A]) -> None:
        self._case, self._catalog = case, catalog
        self._reckoning: Reckoning[A] = reckoning

    def _times(self, value: A, ratio: str) -> A:
        return self._reckoning.product(value, self._ratio(ratio))

    def _divided(self, value: A, ratio: str) -> A:
        return self._reckoning.product(value, self._reckoning.inverse(self._ratio(ratio)))

    def _ratio(self, key: str) -> A:
        return self._reckoning.of(self._catalog.planning[key].value)

    @once
    def clusters(self) -> A:
        """Clusters; one where nothing was said."""
        return self._reckoning.exactly(float(self._case.baseline.clusters or 1))

    @once
    def nodes(self) -> A:
        """Nodes."""
        known = self._known_nodes
        return known if known is not None else self._divided(self.pods, "pods_per_node")

    @once
    def pods(self) -> A:
        """Pods."""
        known = self._known_pods
        return known if known is not None else self._times(self.services, "pods_per_service")

    @once
    def services(self) -> A:
        """Services."""
        given = self._given(self._case.baseline.services)
        if given is not None:
            return given
        known = self._known_pods
        return self._reckoning.of(SMALL) if known is None else self._divided(known, "pods_per_service")

    @once
    def namespaces(self) -> A:
        """Namespaces."""
        given = self._given(self._case.baseline.namespaces)
        return given if given is not None else self._divided(self.services, "services_per_namespace")

    @once
    def teams(self) -> A:
        """Teams that own services."""
        given = self._given(self._case.context.application_teams or self._case.baseline.teams)
        return given if given is not None else self._reckoning.times(self.namespaces, 0.5)

    @once
    def _known_nodes(self) -> A | None:
        """The nodes as given, or as many as the largest cluster has in each."""
        baseline = self._case.baseline
        given = self._given(baseline.nodes)
        if given is not None:
            return given
        return self._given(self._reckoning.likely(self.clusters) * (baseline.nodes_per_cluster_max or 0))

    @once
    def _known_pods(self) -> A | None:
        """The pods as given, or as the services or nodes that were given have them."""
        if (given := self._given(self._case.baseline.pods)) is not None:
            return given
        if (services := self._given(self._case.baseline.services)) is not None:
            return self._times(services, "pods_per_service")
        nodes = self._known_nodes
        return None if nodes is None else self._times(nodes, "pods_per_node")

    def _given(self, value: float | None) -> A | None:
        return self._reckoning.exactly(float(value)) if value else None
