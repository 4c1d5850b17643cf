"""Every composition of the catalogue with a spread of answers, and the pack of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from decisions.advisor.case import Case
from decisions.advisor.catalog import load
from decisions.advisor.composition import Composition
from decisions.advisor.compositions import Memory, Workbench
from decisions.advisor.pack import build
from decisions.advisor.plan import stages
from decisions.advisor.recommendation import Stage
from decisions.advisor.requirements import BY_ID
from tests.advisor.judging import case, must, tried

NAMES: dict[str, Any] = {"shop": {"cart": 8080, "web": 80}, "billing": {"invoices": 9000}, "reports": {"nightly": 8081}}
PLANS: tuple[dict[str, Any], ...] = (
    {},
    {"measure_metric": "p99_ms", "measure_threshold": 45, "measure_window": "3 days"},
    {"stop_metric": "error_ratio", "stop_threshold": 0.02, "stop_decides": "Ada"},
    {"stop_metric": "p99_ms", "stop_threshold": 90, "first_namespace": "billing"},
)
"""Spread of answers about the roll-out, taken in turn."""


SMALL: tuple[tuple[str, dict[str, Any]], ...] = (
    ("encryption_between_nodes", {"context": {"cloud_encryption_accepted": "yes"}}),
    ("workload_identity", {"context": {"languages": 1, "application_teams": 1}, "baseline": {"services": 3}}),
    ("l7_authorization", {"context": {"languages": 1, "application_teams": 1}, "baseline": {"services": 3}}),
    ("multi_cluster", {"context": {"languages": 1, "application_teams": 1}, "baseline": {"services": 3}}),
)
"""Circumstances in which the small measures of a requirement suffice."""


PROVIDERS = (
    ("Azure CNI powered by Cilium", "cilium-wireguard", "encryption_between_nodes"),
    ("GKE Dataplane V2 (Cilium)", "cilium-wireguard", "encryption_between_nodes"),
    ("Flannel of K3s", "flannel-wireguard", "encryption_between_nodes"),
    ("OVN-Kubernetes", "cilium-wireguard", "encryption_between_nodes"),
    ("GKE Dataplane V2", "cilium-service-mesh", "egress_control"),
    ("GKE Dataplane V2", "cilium-service-mesh", "network_segmentation"),
    ("GKE Dataplane V2", "cilium-service-mesh", "flow_visibility"),
    ("GKE Dataplane V2", "cilium-service-mesh", "encryption_between_nodes"),
    ("GKE Dataplane V2", "cilium-service-mesh", "multi_cluster"),
    ("Azure CNI powered by Cilium", "cilium-service-mesh", "traffic_splitting"),
    ("GKE Dataplane V2", "istio-ambient-l4", "workload_identity"),
    ("GKE Dataplane V2", "istio-ambient-waypoint", "traffic_splitting"),
)
"""A CNI that is set by the commands of its provider or distribution, or by a documentation that is not ours, or whose
provider withholds what is asked for.
"""


@dataclass(frozen=True, kw_only=True)
class Example:
    """A composition in a case, with its plan and its pack."""

    case: Case
    composition: Composition
    plan: tuple[Stage, ...]
    files: dict[str, bytes]

    @property
    def name(self) -> str:
        """Product, add-ons and the musts that were asked for."""
        setting = self.composition.setting
        add_ons = "".join(f" + {one.sheet.id}" for one in setting.add_ons)
        return f"{setting.product.id}{add_ons} for {', '.join(setting.needs.musts)}"


def compose(one: Case, product: str) -> Composition:
    """The best composition of one product in a case."""
    # Composing the other products as well would take fifteen times as long.
    return Workbench(case=one, catalog=load(), memory=Memory())._composition(load().products[product])


def _asked(names: tuple[str, ...], product: str, *, number: int, own: bool) -> Case:
    """A case with these musts; `own` means that the small measures failed, so that the product has to carry them."""
    sheet = load().products[product]
    runs = {"cni": sheet.constraints.cni[0].title()} if sheet.constraints.cni else {}
    baseline = {**runs, "kernel_version": "6.8", "error_ratio": 0.001, "kubernetes_version": "1.34"}
    if "fips_cryptography" in names:  # it says how to encrypt, so on its own nobody asks for anything
        names = tuple(dict.fromkeys(("encryption_between_nodes", *names)))
    return case(
        {name: tried("cannot", "rule") if own else must("rule") for name in names},
        baseline=baseline,
        plan=PLANS[number % len(PLANS)],
        **({"namespaces": NAMES} if number % 2 else {}),
    )


@cache
def beside() -> tuple[Example, ...]:
    """Each mesh with everything that it can carry, in a cluster where a mesh runs already."""
    marks = ({"istio-injection": "enabled"}, {"istio.io/rev": "1-27-1"}, {"linkerd.io/inject": "enabled"})
    rows = [
        {"name": name, "services": services, "marks": one}
        for (name, services), one in zip(NAMES.items(), marks, strict=True)
    ]
    found = []
    for product in (one.id for one in load().products.values() if "mesh" in one.approach):
        for current in ("Istio sidecar 1.27.1", "Istio ambient", "Linkerd", "Kuma", "Consul"):
            names = {one: tried("cannot", "rule") for one in _carried(product)}
            asked = case(names, context={"current": current}, namespaces=rows)
            found.append(_example(asked, product))
    return tuple(found)


def _carried(product: str) -> Iterator[str]:
    for number, name in enumerate(BY_ID):
        found = compose(_asked((name,), product, number=number, own=True), product)
        if not found.setting.unmet and name in found.setting.carried:
            yield name


@cache
def examples() -> tuple[Example, ...]:
    """For each product: each must it carries alone, all of them together, and each add-on beside it."""
    return tuple(_examples())


def _example(asked: Case, product: str) -> Example:
    found = compose(asked, product)
    plan = stages(asked, found)
    return Example(case=asked, composition=found, plan=plan, files=build(asked, plan, found.setting.product.title))


def _examples() -> Iterator[Example]:
    number = 0
    voice = {"baseline": {"udp_share": 0.4}, "context": {"cni_can_encrypt": "yes"}}
    yield _example(case({"encryption_between_nodes": must("rule")}, **voice), "istio-sidecar")
    for cni, product, requirement in PROVIDERS:
        asked = case(
            {requirement: tried("cannot", "rule")},
            baseline={"cni": cni, "clusters": 3},
            context={"cni_can_encrypt": "yes"},
        )
        yield _example(asked, product)
    for name, sections in SMALL:
        yield _example(case({name: must("rule")}, **sections), "none-app-library")
    for product in load().products:
        carried = tuple(_carried(product))
        wanted = [((one,), True) for one in carried] + [(carried, True)]
        if not load().products[product].constraints.cni or not carried:
            wanted += [((one,), False) for one in BY_ID if product == "none-app-library"]
        for names, own in wanted:
            number += 1
            yield _example(_asked(names, product, number=number, own=own), product)
