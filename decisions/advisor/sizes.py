"""The counts that costs grow with, taken from the baseline or estimated from what is there."""

from decisions.advisor.case import Case
from decisions.advisor.catalog import Catalog
from decisions.advisor.once import once
from decisions.advisor.overhead.spread import exactly, product
from decisions.advisor.quantities import Range


def divided(value: Range, by: Range) -> Range:
    """A range divided by an independent range of positive numbers."""
    return product(value, Range(low=1 / by.high, likely=1 / by.likely, high=1 / by.low))


SMALL = Range(low=10, likely=40, high=150)
"""Planning value: services of a team that gave no size at all."""


class Sizes:
    """Counts over all clusters, each a range; a count that was given has no spread, a gap is filled from the others.

    Services come from pods, pods from services or nodes, nodes from pods, by the planning ratios; each is worked out
    when it is asked for, and reads no more than it needs.
    """

    def __init__(self, case: Case, catalog: Catalog) -> None:
        self._case, self._catalog = case, catalog

    def _ratio(self, key: str) -> Range:
        return self._catalog.planning[key].value

    @once
    def clusters(self) -> Range:
        """Clusters; one where nothing was said."""
        return exactly(float(self._case.baseline.clusters or 1))

    @once
    def nodes(self) -> Range:
        """Nodes."""
        return self._known_nodes or divided(self.pods, self._ratio("pods_per_node"))

    @once
    def pods(self) -> Range:
        """Pods."""
        return self._known_pods or product(self.services, self._ratio("pods_per_service"))

    @once
    def services(self) -> Range:
        """Services."""
        if given := _given(self._case.baseline.services):
            return given
        return divided(self._known_pods, self._ratio("pods_per_service")) if self._known_pods else SMALL

    @once
    def namespaces(self) -> Range:
        """Namespaces."""
        given = _given(self._case.baseline.namespaces)
        return given or divided(self.services, self._ratio("services_per_namespace"))

    @once
    def teams(self) -> Range:
        """Teams that own services."""
        given = _given(self._case.context.application_teams or self._case.baseline.teams)
        return given or self.namespaces.times(0.5)

    @once
    def _known_nodes(self) -> Range | None:
        """The nodes as given, or as many as the largest cluster has in each."""
        baseline = self._case.baseline
        return _given(baseline.nodes) or _given(self.clusters.likely * (baseline.nodes_per_cluster_max or 0))

    @once
    def _known_pods(self) -> Range | None:
        """The pods as given, or as the services or nodes that were given have them."""
        if given := _given(self._case.baseline.pods):
            return given
        if services := _given(self._case.baseline.services):
            return product(services, self._ratio("pods_per_service"))
        return product(self._known_nodes, self._ratio("pods_per_node")) if self._known_nodes else None


def _given(value: float | None) -> Range | None:
    return exactly(float(value)) if value else None
