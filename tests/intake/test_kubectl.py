"""Kubernetes lists: counts, unknown against zero, meshes, and what never leaves the file."""

import json

import pytest

from decisions.intake import Cluster, Kind, Reading, answers, as_inspect, read, read_together

NODE = {
    "kind": "Node",
    "metadata": {"name": "n1", "labels": {"topology.kubernetes.io/region": "eu-1"}},
    "spec": {"providerID": "aws:///eu-1a/i-1"},
    "status": {
        "allocatable": {"cpu": "3920m", "memory": "8Gi"},
        "nodeInfo": {"kernelVersion": "5.15.0-1", "operatingSystem": "linux", "kubeletVersion": "v1.30.2"},
    },
}
ISTIOD = {
    "kind": "Pod",
    "metadata": {"name": "istiod-abc", "namespace": "istio-system"},
    "spec": {"containers": [{"name": "discovery", "image": "docker.io/istio/pilot:1.27.1"}]},
    "status": {"phase": "Running"},
}


def pod(name: str, *, native: bool = False, **spec: object) -> dict[str, object]:
    proxy = {"name": "istio-proxy", "image": "istio/proxyv2:1.27.1", "resources": {"requests": {"cpu": "100m"}}}
    app = {"name": "app", "image": "app:1", "resources": {"requests": {"cpu": "250m", "memory": "128Mi"}}}
    inside = (
        {"containers": [app], "initContainers": [proxy | {"restartPolicy": "Always"}]}
        if native
        else {"containers": [app, proxy]}
    )
    return {
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "shop", "annotations": {"sidecar.istio.io/status": "{}"}},
        "spec": inside | spec,
        "status": {"phase": "Running"},
    }


def listed(*items: object, kind: str = "List") -> bytes:
    return json.dumps({"apiVersion": "v1", "items": list(items), "kind": kind}, indent=4).encode()


def reading(content: bytes) -> Reading:
    (one,) = read(content, "file")
    return one


def cluster(content: bytes) -> Cluster:
    found = reading(content).cluster
    assert found is not None
    return found


def test_a_kind_that_is_not_listed_is_unknown_not_zero() -> None:
    found = cluster(listed(pod("a")))
    assert (found.counts.pods, found.counts.nodes, found.counts.network_policies) == (1, None, None)


def test_an_empty_typed_list_is_zero() -> None:
    found = cluster(json.dumps({"kind": "NetworkPolicyList", "apiVersion": "v1", "items": None}).encode())
    assert (found.counts.network_policies, found.counts.pods) == (0, None)


@pytest.mark.parametrize("order", [("kind", "apiVersion", "items"), ("apiVersion", "items", "kind")])
def test_items_of_a_typed_list_need_no_kind_of_their_own(order: tuple[str, ...]) -> None:
    item = {key: value for key, value in NODE.items() if key != "kind"}
    whole = {"kind": "NodeList", "apiVersion": "v1", "items": [item, item | {"metadata": {"name": "n2"}}]}
    assert cluster(json.dumps({key: whole[key] for key in order}).encode()).counts.nodes == 2


def test_go_field_names_of_old_dumps_are_read() -> None:
    item = {
        "name": "old",
        "namespace": "default",
        "Spec": {"NodeName": "n", "Containers": [{"Name": "c", "Image": "i:1"}]},
        "Status": {"Phase": "Running"},
    }
    found = cluster(json.dumps({"kind": "PodList", "apiVersion": "v1", "Items": [item]}).encode())
    assert found.counts.pods == 1
    assert found.resources.containers == 1


def test_native_and_classic_sidecars_count_and_gateways_do_not() -> None:
    gateway = {
        "kind": "Pod",
        "metadata": {"name": "istio-ingressgateway-1", "namespace": "istio-system"},
        "spec": {"containers": [{"name": "istio-proxy", "image": "istio/proxyv2:1.27.1"}]},
        "status": {"phase": "Running"},
    }
    found = cluster(listed(pod("a"), pod("b", native=True), gateway, ISTIOD)).mesh
    assert (found.injected_pods, found.native_sidecar_pods, found.gateway_pods) == (2, 1, 1)
    assert found.name == "istio sidecar 1.27.1"


def test_a_job_is_held_up_by_a_classic_sidecar_only() -> None:
    owner = {"ownerReferences": [{"kind": "Job", "name": "j"}]}
    classic, native = pod("a"), pod("b", native=True)
    for one in (classic, native):
        one["metadata"] = {**one["metadata"], **owner}  # type: ignore[dict-item]
    assert cluster(listed(classic, native)).mesh.job_pods_with_classic_sidecar == 1


def test_free_capacity_is_allocatable_minus_requests_of_active_pods() -> None:
    over = pod("done") | {"status": {"phase": "Succeeded"}}
    found = cluster(listed(NODE, pod("a"), pod("b", native=True), over)).resources
    assert found.cpu_requests == 0.7
    assert found.free_cpu == 3.22
    assert found.sidecar_reserved_cpu == 0.2


def test_without_nodes_free_capacity_is_unknown() -> None:
    assert cluster(listed(pod("a"))).resources.free_cpu is None


def test_flannel_inside_k3s_is_found_by_node_annotations() -> None:
    node = NODE | {"metadata": {"name": "k", "annotations": {"flannel.alpha.coreos.com/backend-type": "vxlan"}}}
    found = cluster(listed(node)).platform
    assert found.cni == "flannel"
    assert found.cni_evidence == ("flannel annotations on 1 node",)


def test_no_sign_of_a_network_plugin_means_unknown() -> None:
    assert cluster(listed(NODE, ISTIOD)).platform.cni is None


def test_the_oldest_kernel_is_by_numbers_not_by_letters() -> None:
    kernels = ("5.15.0-1", "4.19.0-1", "5.4.0-99")
    nodes = [
        NODE | {"metadata": {"name": kernel}, "status": {"nodeInfo": {"kernelVersion": kernel}}} for kernel in kernels
    ]
    assert cluster(listed(*nodes)).platform.kernels == ("4.19.0-1", "5.4.0-99", "5.15.0-1")


def test_planted_secrets_are_nowhere_in_the_reading() -> None:
    one = pod("a")
    one["metadata"] = {
        "name": "a",
        "namespace": "shop",
        "annotations": {
            "kubectl.kubernetes.io/last-applied-configuration": '{"env":"hunter2-annotation"}',
            "sidecar.istio.io/status": "hunter2-status",
        },
        "managedFields": [{"x": "hunter2-managed"}],
    }
    one["spec"] = {
        "containers": [
            {
                "name": "app",
                "image": "app:1@sha256:0",
                "env": [{"name": "PASSWORD", "value": "hunter2-env"}],
                "args": ["--password=hunter2-arg"],
                "command": ["hunter2-command"],
            }
        ],
        "volumes": [{"name": "v", "secret": {"secretName": "hunter2-volume"}}],
        "imagePullSecrets": [{"name": "hunter2-pull"}],
    }
    secret = {"kind": "Secret", "metadata": {"name": "s"}, "data": {"password": "hunter2-data"}}
    found = reading(listed(one, secret))
    assert found.kind is Kind.CLUSTER
    assert "hunter2" not in repr(found) + repr(found.inventory) + json.dumps(as_inspect(found)) + repr(answers(found))
    assert any("1 Secret" in sentence for sentence in found.ignored)


def test_a_prompt_before_and_a_return_code_after_are_passed_over() -> None:
    content = b"$ kubectl get pods -A -o json\n" + listed(pod("a")) + b"\nrc=0\n"
    assert cluster(content).counts.pods == 1


def test_a_list_that_was_cut_off_is_refused_with_the_command() -> None:
    one = reading(listed(pod("a"), pod("b"))[:-200])
    assert one.kind is Kind.REFUSED
    assert "cut off" in str(one.advice)
    assert "kubectl get" in str(one.advice)


def test_files_of_one_cluster_are_joined_first_and_objects_count_once() -> None:
    together, first, second = read_together(
        [("nodes.json", listed(NODE)), ("pods.json", listed(NODE, pod("a"), pod("b")))]
    )
    assert (first.file, second.file) == ("nodes.json", "pods.json")
    assert together.cluster is not None
    assert (together.cluster.counts.nodes, together.cluster.counts.pods) == (1, 2)


def test_files_that_are_not_of_a_cluster_are_not_joined() -> None:
    assert [one.file for one in read_together([("a", listed(NODE)), ("b", b"hello")])] == ["a", "b"]


def test_answers_name_the_file_they_come_from() -> None:
    found = answers(reading(listed(NODE, pod("a"))))
    assert found["baseline.nodes"].value == 1
    assert found["baseline.kernel_version"].value == "5.15.0-1"
    assert found["baseline.kubernetes_version"].value == "v1.30.2"
    assert "file (kubectl, SHA-256" in found["baseline.nodes"].provenance
    assert "baseline.services" not in found


def test_a_pod_list_slimmed_with_the_filter_of_the_manual_is_read_alike() -> None:
    slim = {
        "kind": "Pod",
        "metadata": {
            "name": "a",
            "namespace": "shop",
            "labels": {},
            "annotations": {"sidecar.istio.io/status": "present"},
            "ownerKind": "Job",
        },
        "spec": {
            "containers": [
                {"name": "app", "image": "app:1", "resources": {}, "ports": [], "restartPolicy": None},
                {"name": "istio-proxy", "image": "istio/proxyv2:1", "resources": {}},
            ],
            "initContainers": [],
        },
        "status": {
            "phase": "Running",
            "containerStatuses": [{"name": "app", "restartCount": 2, "lastReason": "OOMKilled"}],
        },
    }
    policy = {
        "kind": "NetworkPolicy",
        "metadata": {"name": "deny", "namespace": "shop"},
        "spec": {"podSelectorEmpty": True, "policyTypes": ["Ingress"]},
    }
    found = cluster(listed(slim, policy))
    assert found.mesh.job_pods_with_classic_sidecar == 1
    assert (found.pods.restarts, found.pods.out_of_memory_containers) == (2, 1)
    assert [one.coverage for one in found.network.policies] == ["default-deny"]
