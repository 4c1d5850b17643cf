"""Whether the CNI that runs enforces the policies that are to be written; one that does not accepts them in silence."""

from decisions.advisor.case import Case
from decisions.advisor.catalog import Catalog, Level
from decisions.advisor.recommendation import Approach
from decisions.advisor.setting import runs_on

SEGMENTATION = "network_segmentation"
VPC_CNI = ("vpc cni", "vpc-cni", "aws-node")
"""Names of the Amazon VPC CNI, whose policies are off by default (amazon-vpc-cni-k8s, Network Policy FAQs)."""


def first_enforced(case: Case, catalog: Catalog) -> str:
    """What comes before the first policy where the CNI in use enforces none by itself; empty where it does, or where
    it is not known which one runs.

    Distributions may bring a controller beside such a CNI: K3s has one and switches it on by default (k3d
    documentation, Use Calico instead of Flannel, v5.5.0; docs.k3s.io, --disable-network-policy).
    """
    said = (case.baseline.cni or "").lower()
    if any(name in said for name in VPC_CNI) and not any(name in said for name in ("calico", "cilium", "antrea")):
        return (
            "The Amazon VPC CNI enforces no NetworkPolicy until that is switched on (enableNetworkPolicy, from version "
            "1.14): switch it on first, and see a forbidden connection refused."
        )
    for product in catalog.products.values():
        fact = product.facts["l3l4_policy"]
        if product.approach is Approach.CNI_ENCRYPTION and runs_on(product, case):
            if fact.value is Level.FULL:
                return ""
            name = product.constraints.cni[0].capitalize()
            return (
                f"You run {name}, which enforces no NetworkPolicy by itself: have a controller for them first, the one "
                f"your distribution brings (as K3s does) or {name}'s own, and see a forbidden connection refused."
            )
    return ""
