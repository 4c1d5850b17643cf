"""The allow-list: which fields of a Kubernetes object are read at all. Everything else is skipped by the parser."""

from decisions.intake.document import Leaf, Shape

V = Leaf.VALUE

_MARKED = Shape(
    fields={
        "istio-injection": V,
        "k8s-app": V,
        "app.kubernetes.io/name": V,
        "app.kubernetes.io/component": V,
        "gateway.networking.k8s.io/gateway-name": V,
        "pod-security.kubernetes.io/enforce": V,
        "kubernetes.io/os": V,
        "kubernetes.io/arch": V,
        "failure-domain.beta.kubernetes.io/zone": V,
        "failure-domain.beta.kubernetes.io/region": V,
        "sidecar.istio.io/inject": V,
        "sidecar.istio.io/status": Leaf.PRESENT,
        "ambient.istio.io/redirection": V,
        "linkerd.io/inject": V,
        "linkerd.io/proxy-version": V,
        "linkerd.io/control-plane-component": V,
        "consul.hashicorp.com/connect-inject-status": V,
        "kuma.io/sidecar-injected": V,
        "kuma.io/sidecar-injection": V,
    },
    prefixes={
        "istio.io/": V,
        "linkerd.io/": V,
        "topology.kubernetes.io/": V,
        "flannel.alpha.coreos.com/": Leaf.PRESENT,
        "io.cilium.network.": Leaf.PRESENT,
        "network.cilium.io/": Leaf.PRESENT,
        "projectcalico.org/": Leaf.PRESENT,
        "k8s.ovn.org/": Leaf.PRESENT,
        "node.openshift.io/": Leaf.PRESENT,
        "microk8s.io/": Leaf.PRESENT,
        "kubernetes.azure.com/cluster": Leaf.PRESENT,
    },
)
_RESOURCES = Shape(
    fields={"requests": Shape(fields={"cpu": V, "memory": V}), "limits": Shape(fields={"cpu": V, "memory": V})}
)
_CONTAINER = Shape(fields={"name": V, "image": V, "resources": _RESOURCES, "restartPolicy": V})
_REASON = Shape(fields={"reason": V})
_STATE = Shape(fields={"waiting": _REASON, "terminated": _REASON})
_CONTAINER_STATUS = Shape(
    fields={"restartCount": V, "lastReason": V, "waitingReason": V, "state": _STATE, "lastState": _STATE}
)
_AMOUNTS = Shape(fields={"cpu": V, "memory": V})
_METADATA: dict[str, Shape | Leaf] = {
    "name": V,
    "namespace": V,
    "ownerKind": V,
    "labels": _MARKED,
    "annotations": _MARKED,
    "ownerReferences": Shape(fields={"kind": V}),
    # Only the API server sets it: what lacks it is a manifest and not a part of a running cluster.
    "creationTimestamp": Leaf.PRESENT,
}
_SPEC = Shape(
    fields={
        "nodeName": V,
        "hostNetwork": V,
        "securityContext": Shape(fields={"hostNetwork": V}),
        "runtimeClassName": V,
        "os": Shape(fields={"name": V}),
        "nodeSelector": Shape(fields={"kubernetes.io/os": V}),
        "containers": _CONTAINER,
        "initContainers": _CONTAINER,
        "providerID": V,
        "type": V,
        "clusterIP": V,
        "headless": V,
        "ports": Shape(fields={"name": V, "port": V, "protocol": V, "appProtocol": V}),
        "replicas": V,
        "podSelector": Leaf.PRESENT,
        "podSelectorEmpty": V,
        "policyTypes": V,
    }
)
_STATUS = Shape(
    fields={
        "phase": V,
        "containerStatuses": _CONTAINER_STATUS,
        "initContainerStatuses": _CONTAINER_STATUS,
        "nodeInfo": Shape(
            fields={
                "kernelVersion": V,
                "operatingSystem": V,
                "kubeletVersion": V,
                "containerRuntimeVersion": V,
                "architecture": V,
            }
        ),
        "allocatable": _AMOUNTS,
        "capacity": _AMOUNTS,
    }
)
OBJECT = Shape(
    fields={
        "kind": V,
        **_METADATA,
        "metadata": Shape(fields=_METADATA),
        "spec": _SPEC,
        "status": _STATUS,
        "webhooks": Shape(fields={"failurePolicy": V}),
    }
)
