"""Commands to copy: how to get a file that can be read, without secrets ever leaving the user's machine."""

from decisions.intake.kubectl import KINDS
from decisions.intake.queries import marked, queries, step_s, window_s
from decisions.intake.sources import SOURCES

# The allow-list of kubernetes_shape.py, said in jq: what is not named here never leaves the machine.
SLIM_FILTER = r"""def marks: (. // {}) | with_entries(select(.key | test("^(istio-injection$|istio\\.io/|linkerd\\.io/|k8s-app$|app\\.kubernetes\\.io/name$|topology\\.kubernetes\\.io/|kubernetes\\.io/(os|arch)$|gateway\\.networking\\.k8s\\.io/gateway-name$|ambient\\.istio\\.io/redirection$|sidecar\\.istio\\.io/inject$|kuma\\.io/sidecar-injec|consul\\.hashicorp\\.com/connect-inject-status$)")));
def presence: (. // {}) | with_entries(select(.key | test("^(sidecar\\.istio\\.io/status$|flannel\\.alpha\\.coreos\\.com/|io\\.cilium\\.network\\.|network\\.cilium\\.io/|projectcalico\\.org/|k8s\\.ovn\\.org/|node\\.openshift\\.io/|microk8s\\.io/|kubernetes\\.azure\\.com/cluster)")) | .value = "present");
def amounts: (. // {}) | {cpu, memory};
def container: {name, image, restartPolicy, resources: {requests: (.resources.requests | amounts), limits: (.resources.limits | amounts)}};
{apiVersion: "v1", kind: "List", items: [.items[] | {
  kind,
  metadata: {name: .metadata.name, namespace: .metadata.namespace, ownerKind: .metadata.ownerReferences[0]?.kind,
    labels: ((.metadata.labels | marks) + (.metadata.labels | presence)), annotations: ((.metadata.annotations | marks) + (.metadata.annotations | presence))},
  spec: ((.spec // {}) | {nodeName, hostNetwork, runtimeClassName, type, replicas, policyTypes,
    providerID: ((.providerID // "") | split(":") | (.[0] // "") + ":"),
    nodeSelector: ((.nodeSelector? // {}) | {"kubernetes.io/os": .["kubernetes.io/os"]}),
    headless: (.clusterIP == "None"), podSelectorEmpty: (.podSelector == {}),
    ports: [.ports[]? | {name, port, protocol, appProtocol}],
    containers: [.containers[]? | container], initContainers: [.initContainers[]? | container]}),
  webhooks: [.webhooks[]? | {failurePolicy}],
  status: ((.status // {}) | {phase, allocatable: (.allocatable | amounts),
    nodeInfo: ((.nodeInfo // {}) | {kernelVersion, operatingSystem, architecture, kubeletVersion, containerRuntimeVersion}),
    containerStatuses: [.containerStatuses[]? | {restartCount, lastReason: .lastState.terminated.reason, waitingReason: .state.waiting.reason}]})
}]}"""  # noqa: E501 - jq is copied as it stands


def cluster_command() -> str:
    """Lists what the inventory needs and slims it on the user's machine."""
    return f"kubectl get {KINDS} -A -o json |\n  jq -c '{SLIM_FILTER}' > cluster.json"


def prometheus_commands(address: str, source: str, *, hours: int = 24) -> str:
    """One curl command a figure; all answers go into one file, each marked with the figure it is.

    `address` is the base URL with its path prefix, `source` one of SOURCES. The step keeps each answer at 500 points.
    """
    span = hours * 3600
    step = step_s(span)
    head = [
        f"PROMETHEUS={address.rstrip('/')}",
        f"END=$(date +%s); START=$((END - {hours * 3600}))",
        ": > answers.json",
    ]
    lines = [
        'curl -sS "$PROMETHEUS/api/v1/query_range" -d start="$START" -d end="$END" '
        f"-d step={step} --data-urlencode 'query={marked(query, figure)}' >> answers.json"
        for figure, query in queries(source, window_s=window_s(span)).items()
    ]
    return "\n".join([*head, *lines])


__all__ = ["SLIM_FILTER", "SOURCES", "cluster_command", "prometheus_commands"]
