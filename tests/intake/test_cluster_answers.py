"""What a cluster answers, each on a list made by hand: platform, capacity, traps, hazards, where to begin."""

import pytest

from decisions.advisor.questions import FIELDS
from decisions.intake import answers, read
from tests.intake.given import cluster, reading
from tests.intake.test_cluster_figures import agent, plain
from tests.intake.test_kubectl import listed


def node(name: str = "n1", **info: str) -> dict[str, object]:
    return {
        "kind": "Node",
        "metadata": {"name": name},
        "status": {"nodeInfo": {"kubeletVersion": "v1.31.2", "kernelVersion": "6.1.0"} | info},
    }


def service(name: str, namespace: str, port: int, protocol: str) -> dict[str, object]:
    return {
        "kind": "Service",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"ports": [{"name": protocol, "port": port, "protocol": "TCP"}]},
    }


def hooks(kind: str, name: str, *policies: str | None) -> dict[str, object]:
    said = [{"failurePolicy": one} if one else {} for one in policies]
    return {"kind": f"{kind}WebhookConfiguration", "metadata": {"name": name}, "webhooks": said}


def said(*items: object) -> dict[str, object]:
    return {path: one.value for path, one in answers(reading(listed(*items))).items()}


@pytest.mark.parametrize(
    ("kubelet", "name", "found"),
    [
        ("v1.32.3-eks-473151a", "ip-10-0-1-2", "EKS"),
        ("v1.31.5-gke.1233000", "gke-a", "GKE"),
        ("v1.30.2+k3s1", "a", "k3s"),
        ("v1.30.2+rke2r1", "a", "RKE2"),
        ("v1.29.4", "aks-pool-1-vmss0", "AKS"),
        ("v1.31.2", "a", None),
    ],
)
def test_the_distribution_is_what_the_nodes_say_and_nothing_else(kubelet: str, name: str, found: str | None) -> None:
    assert said(node(name, kubeletVersion=kubelet)).get("baseline.distribution") == found


def test_the_version_of_the_network_plugin_is_the_tag_of_its_agents() -> None:
    first, second = agent("cilium-a"), agent("cilium-b")
    first["spec"] = second["spec"] = {
        "containers": [{"name": "cilium-agent", "image": "quay.io/cilium/cilium:v1.18.2@sha256:1"}]
    }
    found = said(first, second)
    assert (found["baseline.cni"], found["baseline.cni_version"]) == ("cilium", "1.18.2")
    other = agent("cilium-b") | {"spec": {"containers": [{"name": "cilium-agent", "image": "cilium:v1.17.0"}]}}
    assert "baseline.cni_version" not in said(first, other)


@pytest.mark.parametrize(("name", "can"), [("cilium-x", "yes"), ("calico-node-x", "yes"), ("aws-node-x", "no")])
def test_whether_the_network_plugin_can_encrypt_names_its_documentation(name: str, can: str) -> None:
    assert said(agent(name))["context.cni_can_encrypt"] == can


def test_an_unknown_network_plugin_answers_nothing_about_encryption() -> None:
    assert "context.cni_can_encrypt" not in said(plain("a"), node())
    assert "context.cni_can_encrypt" not in said(agent("azure-cns-x"), agent("calico-node-x"))


def test_what_is_requested_and_what_is_used_are_two_answers() -> None:
    one = plain("a", containers=[{"name": "app", "resources": {"requests": {"cpu": "250m", "memory": "1Gi"}}}])
    top = b"NAME  CPU(cores)  CPU(%)  MEMORY(bytes)  MEMORY(%)\nn1  1500m  37%  2048Mi  20%\n"
    joint, *_ = [*read_both(listed(one), top)]
    found = {path: given.value for path, given in answers(joint).items()}
    assert (found["baseline.cpu_vcpu"], found["baseline.memory_gib"]) == (0.25, 1.0)
    assert (found["baseline.used_cpu_vcpu"], found["baseline.used_memory_gib"]) == (1.5, 2.0)


def test_one_moment_of_kubectl_top_is_not_called_the_peak() -> None:
    top = b"NAME  CPU(cores)  CPU(%)  MEMORY(bytes)  MEMORY(%)\nn1  1500m  37%  2048Mi  20%\n"
    joint, *_ = [*read_both(listed(node("n1") | {"status": {"allocatable": {"cpu": "4", "memory": "8Gi"}}}), top)]
    found = answers(joint)
    for path in ("used_cpu_vcpu", "used_memory_gib", "busiest_node_cpu"):
        assert found[f"baseline.{path}"].provenance.endswith("of that moment, not of the peak")
        assert "peak" not in FIELDS[f"baseline.{path}"].label


def read_both(first: bytes, second: bytes):
    from decisions.intake import read_together

    return read_together([("list.json", first), ("top.txt", second)])


def test_traps_are_counted_where_they_were_listed_and_unknown_elsewhere() -> None:
    items = [
        {"kind": "Job", "metadata": {"name": "j", "namespace": "a"}},
        {"kind": "CronJob", "metadata": {"name": "c", "namespace": "a"}},
        {"kind": "StatefulSet", "metadata": {"name": "s", "namespace": "a"}},
        plain("p", nodeName="fargate-ip-10-0-0-1"),
    ]
    found = said(*items)
    wanted = ("jobs", "cron_jobs", "stateful_sets", "virtual_node_pods")
    assert [found[f"baseline.{name}"] for name in wanted] == [1, 1, 1, 1]
    assert not {f"baseline.{name}" for name in (*wanted[:3], "windows_nodes")} & said(plain("p")).keys()


def test_hazards_are_answered_when_nodes_and_webhooks_were_listed() -> None:
    both = (hooks("Validating", "policy", "Fail", "Ignore"), hooks("Mutating", "injector", "Ignore"))
    assert said(node(), node("n2"), *both)["operations.bootstrap_hazards"] == ["blocking_admission_webhooks"]
    assert said(node(), *both)["operations.bootstrap_hazards"] == ["single_node_edge", "blocking_admission_webhooks"]
    harmless = (hooks("Validating", "policy", "Ignore"), hooks("Mutating", "injector", "Ignore"))
    assert said(node(), node("n2"), *harmless)["operations.bootstrap_hazards"] == []
    assert said(node(), *harmless[:1], hooks("Mutating", "x", None))["operations.bootstrap_hazards"][1:] == [
        "blocking_admission_webhooks"
    ]
    assert "operations.bootstrap_hazards" not in said(node(), both[0])
    assert "operations.bootstrap_hazards" not in said(*both)


def test_the_first_namespace_is_the_one_with_the_fewest_obstacles() -> None:
    stateful = plain("db", "shop")
    stateful["metadata"]["ownerReferences"] = [{"kind": "StatefulSet"}]  # type: ignore[index]
    items = [
        stateful,
        plain("tool", "tools"),
        plain("quiet", "quiet"),
        plain("dns", "kube-system"),
        service("shop", "shop", 8080, "http"),
        service("tool", "tools", 8080, "http"),
    ]
    (one,) = read(listed(*items), "cluster.json")
    first = answers(one)["plan.first_namespace"]
    assert first.value == "tools"
    assert "1 pod" in first.provenance
    (because,) = (one.because for one in cluster(listed(*items)).candidates if one.namespace == "quiet")
    assert "no Service, so little traffic to learn from" in because


def test_names_for_the_roll_out_come_in_the_order_of_risk_without_system_namespaces() -> None:
    stateful = plain("db", "data")
    stateful["metadata"]["ownerReferences"] = [{"kind": "StatefulSet"}]  # type: ignore[index]
    items = [
        stateful,
        plain("web", "zoo"),
        plain("dns", "kube-system"),
        service("db", "data", 5432, "tcp-db"),
        service("web", "zoo", 8080, "http"),
        service("dns", "kube-system", 53, "dns"),
    ]
    assert list(cluster(listed(*items)).places.items()) == [("zoo", {"web": 8080}), ("data", {"db": 5432})]
    assert cluster(listed(plain("web", "zoo"))).places == {}


def test_the_mesh_that_runs_is_what_handles_traffic_today() -> None:
    proxy = {"name": "istio-proxy", "image": "docker.io/istio/proxyv2:1.27.1", "args": ["proxy", "sidecar"]}
    meshed = {
        "kind": "Pod",
        "metadata": {
            "name": "cart-1",
            "namespace": "shop",
            "labels": {"security.istio.io/tlsMode": "istio"},
            "annotations": {"sidecar.istio.io/status": "{}"},
        },
        "spec": {"containers": [{"name": "cart", "image": "cart:1"}, proxy]},
        "status": {"phase": "Running"},
    }
    today = said(node(), meshed)["context.current"]
    assert str(today).startswith("Istio sidecar")
    assert "a proxy in 1 pod" in str(today)
    assert "context.current" not in said(node()), "where no pods are listed nobody knows"
