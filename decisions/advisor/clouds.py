"""At which provider the clusters of a case may run, and whose their CNI is, by what their files and people say."""

import re
from collections.abc import Mapping
from functools import lru_cache

from decisions.advisor.case import Case

AKS, GKE, EKS = "aks", "gke", "eks"
_MARKS = {
    GKE: ("gke", "google"),
    EKS: ("eks", "amazon", "aws"),
    "others": ("aks", "azure", "rke", "k3s", "vmware", "openshift"),
}
"""What stands in the name of a distribution, or in the version that its nodes report, as in "v1.33.5-eks-113cf36"."""
_CNI_MARKS = {AKS: ("azure", "aks"), GKE: ("dataplane v2", "gke")}
"""What people write beside the name of the CNI, and what cluster files say ("azure-cni + cilium")."""
_OTHERS = {
    "openshift": "OpenShift",
    "tanzu": "Tanzu",
    "oke": "OKE",
    "iks": "IBM Cloud Kubernetes Service",
    "doks": "DigitalOcean Kubernetes",
    "ack": "Alibaba Cloud ACK",
}
"""Services and distributions that have a calendar of their own for the minors of Kubernetes, by what people write."""
_OWN = ("byo", "bring your own", "self managed", "self run", "own cilium")
"""A Cilium that the team put there itself, whoever runs the cluster."""


def in_no_cloud(case: Case) -> bool:
    """Whether it is said that no node runs at a provider; bare metal alone may be some of the nodes."""
    if case.context.cloud_encryption_accepted == "not_applicable":
        return True
    return case.baseline.providers == 0 or (bool(case.baseline.bare_metal) and not case.baseline.providers)


def may_be(case: Case, service: str) -> bool:
    """Whether a cluster may be of this service: not where there is no cloud, nor where only others are named."""
    named = _named(case)
    return not in_no_cloud(case) and (not named or service in named)


def is_of(case: Case, service: str) -> bool:
    """Whether the clusters are known to be of this service and of no other."""
    return not in_no_cloud(case) and managed_by(case) == service and _named(case) <= {service}


def _named(case: Case) -> set[str]:
    written = f"{case.baseline.kubernetes_version or ''} {case.baseline.distribution or ''}".lower()
    named = {name for name, marks in _MARKS.items() if any(mark in written for mark in marks)}
    return named | ({whose} if (whose := provider_of_cni(case)) else set())


def managed_by(case: Case) -> str:
    """Whose Kubernetes this is: gke, eks, aks, the name of another provider, or empty where nothing says so.

    What the nodes report and what the distribution is called come first, then whose the CNI is.
    """
    return service(case.baseline.kubernetes_version, case.baseline.distribution, case.baseline.cni)


@lru_cache(maxsize=1024)
def service(kubernetes: str | None, distribution: str | None, cni: str | None) -> str:
    """The same of what is said of the version, the distribution and the CNI, wherever it is said."""
    said = re.findall(r"[a-z]+", f"{kubernetes or ''} {distribution or ''}".lower())
    by_name = next((name for name in (GKE, EKS, AKS) if name in said), "")
    other = next((name for word, name in _OTHERS.items() if word in said), "")
    return by_name or other or _marked(cni or "", _CNI_MARKS | {EKS: ("vpc cni", "eks")})


def cni_in_use(case: Case) -> str:
    """The CNI that runs, in small letters, with the name that sheets know it by."""
    return known_name(case.baseline.cni)


def known_name(cni: str | None) -> str:
    """A CNI as written, in small letters; GKE's Dataplane V2 is Cilium and is called so too (GKE documentation)."""
    said = (cni or "").lower()
    return f"{said} cilium" if "dataplane v2" in said.replace("-", " ") else said


def provider_of_cni(case: Case) -> str:
    """Whose the Cilium of this case is: aks, gke, or empty where it is the team's own, unknown or another CNI."""
    return _whose(cni_in_use(case))


@lru_cache(maxsize=1024)
def _whose(cni: str) -> str:
    said = cni.replace("-", " ")
    if "cilium" not in said or any(mark in said for mark in _OWN):
        return ""
    return _marked(said, _CNI_MARKS)


def _marked(cni: str, marks: Mapping[str, tuple[str, ...]]) -> str:
    said = cni.lower().replace("-", " ")
    return next((name for name, words in marks.items() if any(word in said for word in words)), "")
