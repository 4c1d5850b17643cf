"""A Cilium that the provider runs: whose it is, and which sheet says how it is set there.

Such a Cilium is not set by its chart: the provider has commands of its own for the little that may be chosen, and what
is not among them cannot be set at all.
"""

from decisions.advisor.case import Case
from decisions.advisor.catalog import Product
from decisions.advisor.rollout import RolloutSheet, load
from decisions.advisor.setting import cni_in_use

AKS, GKE = "aks", "gke"
_MARKS = {AKS: ("azure", "aks"), GKE: ("dataplane v2", "gke")}
"""What people write beside the name of the CNI, and what cluster files say ("azure-cni + cilium")."""
_OWN = ("byo", "bring your own", "self managed", "self run", "own cilium")
"""A Cilium that the team put there itself, whoever runs the cluster."""


def provider_of_cni(case: Case) -> str:
    """Whose the Cilium of this case is: aks, gke, or empty where it is the team's own, unknown or another CNI."""
    said = cni_in_use(case).replace("-", " ")
    if "cilium" not in said or any(mark in said for mark in _OWN):
        return ""
    return next((name for name, marks in _MARKS.items() if any(mark in said for mark in marks)), "")


def sheet_for(case: Case, product: Product) -> RolloutSheet | None:
    """How a product comes in here: as the provider of the CNI lets it be set where that is written down, else as its
    own sheet says. None where it has none.
    """
    sheets, provider = load().sheets, provider_of_cni(case)
    return sheets.get(f"{product.id}-{provider}") or sheets.get(product.id)


def set_by_provider(case: Case, product: Product) -> RolloutSheet | None:
    """The sheet that says how the provider lets this product be set; None where the team sets it itself."""
    provider = provider_of_cni(case)
    return load().sheets.get(f"{product.id}-{provider}") if provider else None
