"""At which provider the clusters of a case may run, by what their files and people say."""

from decisions.advisor.case import Case

GKE, EKS = "gke", "eks"
_MARKS = {
    GKE: ("gke", "google"),
    EKS: ("eks", "amazon", "aws"),
    "others": ("aks", "azure", "rke", "k3s", "vmware", "openshift"),
}
"""What stands in the name of a distribution, or in the version that its nodes report, as in "v1.33.5-eks-113cf36"."""


def in_no_cloud(case: Case) -> bool:
    """Whether it is said that no node runs at a provider; bare metal alone may be some of the nodes."""
    if case.context.cloud_encryption_accepted == "not_applicable":
        return True
    return case.baseline.providers == 0 or (bool(case.baseline.bare_metal) and not case.baseline.providers)


def may_be(case: Case, service: str) -> bool:
    """Whether a cluster may be of this service: not where there is no cloud, nor where only others are named."""
    written = f"{case.baseline.kubernetes_version or ''} {case.baseline.distribution or ''}".lower()
    named = {name for name, marks in _MARKS.items() if any(mark in written for mark in marks)}
    return not in_no_cloud(case) and (not named or service in named)
