"""The planning values and counts of one setting, at hand for the terms of its burden."""

import math
from typing import Generic

from decisions.advisor.catalog import Fact, Operations
from decisions.advisor.once import once
from decisions.advisor.reckoning import A, Reckoning
from decisions.advisor.recommendation import Approach
from decisions.advisor.scope import reached
from decisions.advisor.setting import Setting
from decisions.advisor.sizes import Sizes

USUAL_PODS = 400.0
USUAL_NODES = 40.0
SHARE_OF_CNI_UPGRADE = {Approach.CNI_ENCRYPTION: 0.15, Approach.EBPF_MESH: 0.4}
"""Planning values: share of an upgrade of the CNI that a feature of it adds, since the CNI is upgraded anyway."""


class Books(Generic[A]):
    """One setting with the counts of its case, as amounts of one reckoning."""

    def __init__(self, setting: Setting, reckoning: Reckoning[A], sizes: Sizes[A] | None = None) -> None:
        self.setting = setting
        self.reckoning: Reckoning[A] = reckoning
        self.sizes: Sizes[A] = sizes or Sizes(setting.case, setting.catalog, reckoning)
        self._planning = setting.catalog.planning

    def value(self, key: str) -> A:
        """A planning value."""
        return self.reckoning.of(self._planning[key].value)

    def spread(self, once: A) -> A:
        """One-off hours as hours a month over the months of comparison."""
        return self.reckoning.product(once, self.reckoning.inverse(self.value("months_of_comparison")))

    @property
    def operations(self) -> Operations:
        """What the product asks of whoever runs it."""
        return self.setting.product.operations

    @once
    def uses_l7(self) -> bool:
        """Whether the product itself carries a must that needs requests to be read."""
        return bool(self.l7_carried())

    @once
    def meshed(self) -> float:
        """The share of pods and services that a per-pod or per-namespace option touches: the scope of its musts."""
        setting, baseline = self.setting, self.setting.case.baseline
        if baseline.pods_in_scope and baseline.pods:
            return min(1.0, baseline.pods_in_scope / baseline.pods)
        namespaces = reached(setting.case, setting.carried)
        if namespaces is None:
            return 1.0
        return min(1.0, namespaces / max(1.0, self.reckoning.likely(self.sizes.namespaces)))

    def l7_carried(self) -> tuple[str, ...]:
        """The L7 musts that the product carries."""
        return tuple([must for must in self.setting.carried if must in self.setting.l7_musts])

    def waypoint_namespaces(self) -> A:
        """Namespaces that need a waypoint: those of the L7 musts."""
        named = reached(self.setting.case, self.l7_carried())
        return self.reckoning.exactly(float(named)) if named is not None else self.sizes.namespaces

    @property
    def part_of_cni(self) -> bool:
        """Whether the product is part of the CNI in use, which is upgraded anyway."""
        setting = self.setting
        return bool(setting.product.constraints.cni) and bool(setting.has_own_cni or setting.stands_in)

    @property
    def rotation(self) -> Fact:
        """How certificates or keys are rotated."""
        return self.setting.product.facts["cert_rotation_auto"]

    def incidents(self) -> int:
        """Incidents of the last 90 days, whatever their cause."""
        return sum(count or 0 for count in vars(self.setting.case.baseline.incidents_90_days).values())

    def crowd(self) -> float:
        """How much more often something fails where many proxies run: the root of their number over a usual estate's.

        A planning rule: faults grow with the things that can fail, but slower, since equal things share their causes.
        """
        likely = self.reckoning.likely
        if self.operations.proxies == "pod":
            return math.sqrt(max(1.0, likely(self.sizes.pods) * self.meshed / USUAL_PODS))
        return math.sqrt(max(1.0, likely(self.sizes.nodes) / USUAL_NODES))
