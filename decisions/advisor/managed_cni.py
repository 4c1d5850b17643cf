"""How a CNI is set where it runs: by its chart, by its provider's commands, or by a documentation that is not ours.

A Cilium that the provider runs is not set by its chart: the provider has commands of its own for the little that may be
chosen, and what is not among them cannot be set at all. K3s carries its own Flannel. A CNI without a sheet is switched
on by its own documentation.
"""

from decisions.advisor.case import Case
from decisions.advisor.catalog import Product
from decisions.advisor.rollout import RolloutSheet, load
from decisions.advisor.setting import Setting, cni_in_use

AKS, GKE, K3S = "aks", "gke", "k3s"
_MARKS = {AKS: ("azure", "aks"), GKE: ("dataplane v2", "gke")}
"""What people write beside the name of the CNI, and what cluster files say ("azure-cni + cilium")."""
_OWN = ("byo", "bring your own", "self managed", "self run", "own cilium")
"""A Cilium that the team put there itself, whoever runs the cluster."""
OWN_CNI = "own-cni"
"""The sheet of a CNI that can encrypt and has none of its own."""


def provider_of_cni(case: Case) -> str:
    """Whose the Cilium of this case is: aks, gke, or empty where it is the team's own, unknown or another CNI."""
    said = cni_in_use(case).replace("-", " ")
    if "cilium" not in said or any(mark in said for mark in _OWN):
        return ""
    return next((name for name, marks in _MARKS.items() if any(mark in said for mark in marks)), "")


def set_by_provider(case: Case, product: Product) -> RolloutSheet | None:
    """The sheet that says how the provider or the distribution lets this product be set; None where the team does."""
    place = provider_of_cni(case) if "cilium" in product.constraints.cni else ""
    if "flannel" in product.constraints.cni and _on_k3s(case):
        place = K3S
    return load().sheets.get(f"{product.id}-{place}") if place else None


def _on_k3s(case: Case) -> bool:
    baseline = case.baseline
    written = (baseline.cni, baseline.distribution, baseline.kubernetes_version)
    return any(K3S in (one or "").lower() for one in written)


def sheet_for(setting: Setting) -> RolloutSheet | None:
    """How the product of a composition comes in here; None where that is not written down."""
    if setting.stands_in:
        return load().sheets[OWN_CNI]
    return set_by_provider(setting.case, setting.product) or load().sheets.get(setting.product.id)
