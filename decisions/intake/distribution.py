"""Whose Kubernetes it is: from the version of the kubelets, the providers and the marks of the nodes."""

from decisions.intake.inventory import Inventory, Node

# Each writes itself into the version of its kubelets: v1.30.4-eks-a737599, v1.31.5-gke.1233000, v1.30.2+k3s1.
_VERSIONS = (
    ("-eks-", "EKS"),
    ("-gke.", "GKE"),
    ("+k3s", "k3s"),
    ("+rke2", "RKE2"),
    ("+k0s", "k0s"),
    ("+vmware", "Tanzu"),
    ("-aliyun", "ACK"),
    ("+IKS", "IBM Cloud Kubernetes Service"),
)
_PROVIDERS = {"kind": "kind", "k3s": "k3s", "digitalocean": "DOKS"}
_MARKS = (("node.openshift.io/", "OpenShift"), ("microk8s.io/", "MicroK8s"), ("kubernetes.azure.com/", "AKS"))
_NAMES = (("aks-", "AKS"), ("minikube", "minikube"))
_VIRTUAL = ("fargate-", "virtual-kubelet", "virtual-node-aci")


def distribution(inventory: Inventory) -> str | None:
    """The distribution, several with " + "; None where nothing says it."""
    found = dict.fromkeys(name for node in inventory.nodes if (name := _of(node)))
    return " + ".join(sorted(found)) or None


def _of(node: Node) -> str | None:
    for part, name in _VERSIONS:
        if part in node.kubelet:
            return name
    for start, name in _MARKS:
        if any(mark.startswith(start) for mark in node.marks):
            return name
    return _PROVIDERS.get(node.provider) or next((name for start, name in _NAMES if node.name.startswith(start)), None)


def is_virtual(node: str) -> bool:
    """Whether a node of this name is no machine but a door to somebody else's (Fargate, virtual kubelets)."""
    return node.startswith(_VIRTUAL)
