"""What is derived from objects: meshes, network plugins, protocols, coverage and where to begin."""

import pytest

from decisions.intake import Cluster
from decisions.intake.capacity import busiest_node
from decisions.intake.inventory import Inventory, Node, Usage
from tests.intake.given import cluster, reading
from tests.intake.test_kubectl import ISTIOD, NODE, listed, pod


def plain(name: str, namespace: str = "shop", **spec: object) -> dict[str, object]:
    return {
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "ownerReferences": [{"kind": "ReplicaSet"}]},
        "spec": {"containers": [{"name": "app", "image": "app:1"}]} | spec,
        "status": {"phase": "Running"},
    }


def agent(name: str, **status: object) -> dict[str, object]:
    one = plain(name, "kube-system")
    one["metadata"] = {"name": name, "namespace": "kube-system", "ownerReferences": [{"kind": "DaemonSet"}]}
    return one | {"status": {"phase": "Running"} | status}


def found(*items: object) -> Cluster:
    return cluster(listed(*items))


@pytest.mark.parametrize(
    ("container", "mesh"),
    [("linkerd-proxy", "linkerd"), ("consul-dataplane", "consul"), ("kuma-sidecar", "kuma")],
)
def test_other_meshes_are_found_by_their_proxies(container: str, mesh: str) -> None:
    one = plain("a", containers=[{"name": "app"}, {"name": container}])
    assert found(one).mesh.name == mesh
    assert found(one).mesh.injected_pods == 1


def test_the_control_plane_of_linkerd_carries_proxies_of_its_own() -> None:
    one = plain("linkerd-destination-1", "linkerd", containers=[{"name": "destination"}, {"name": "linkerd-proxy"}])
    one["metadata"]["labels"] = {"linkerd.io/control-plane-component": "destination"}  # type: ignore[index]
    one["metadata"]["annotations"] = {"linkerd.io/proxy-version": "edge-26.8.3"}  # type: ignore[index]
    mesh = found(one).mesh
    assert (mesh.injected_pods, mesh.control_plane_pods, mesh.name) == (1, 1, "linkerd edge-26.8.3")


def test_ambient_is_known_by_redirection_and_ztunnel_is_no_gateway() -> None:
    one = plain("a")
    one["metadata"]["annotations"] = {"ambient.istio.io/redirection": "enabled"}  # type: ignore[index]
    ztunnel = agent("ztunnel-x7k") | {
        "spec": {"containers": [{"name": "istio-proxy", "image": "istio/ztunnel:1.27.1"}]}
    }
    space = {"kind": "Namespace", "metadata": {"name": "shop", "labels": {"istio.io/dataplane-mode": "ambient"}}}
    mesh = found(one, ztunnel, space, ISTIOD).mesh
    assert (mesh.ambient_pods, mesh.injected_pods, mesh.gateway_pods) == (1, 0, 0)
    assert mesh.ambient_namespaces == ("shop",)
    assert mesh.name == "istio ambient 1.27.1"


def test_injection_of_linkerd_is_an_annotation_and_of_istio_a_label() -> None:
    istio = {"kind": "Namespace", "metadata": {"name": "a", "labels": {"istio.io/rev": "1-27"}}}
    linkerd = {"kind": "Namespace", "metadata": {"name": "b", "annotations": {"linkerd.io/inject": "enabled"}}}
    off = {"kind": "Namespace", "metadata": {"name": "c", "labels": {"istio-injection": "disabled"}}}
    assert found(istio, linkerd, off).mesh.injected_namespaces == ("a", "b")


def test_pods_without_any_sign_mean_no_mesh_and_no_pods_mean_unknown() -> None:
    assert found(plain("a")).mesh.name == "none"
    assert found(NODE).mesh.name is None


@pytest.mark.parametrize(
    ("name", "plugin"),
    [
        ("aws-node-x1", "aws-vpc-cni"),
        ("calico-node-x1", "calico"),
        ("cilium-x1", "cilium"),
        ("kube-flannel-ds-x1", "flannel"),
        ("azure-cns-x1", "azure-cni"),
        ("anetd-x1", "gke-dataplane-v2"),
        ("antrea-agent-x1", "antrea"),
        ("kindnet-x1", "kindnet"),
        ("weave-net-x1", "weave"),
        ("cilium-operator-x1", None),
        ("coredns-x1", None),
    ],
)
def test_network_plugins_are_known_by_their_agents(name: str, plugin: str | None) -> None:
    assert found(agent(name)).platform.cni == plugin


def test_two_plugins_are_both_named() -> None:
    assert found(agent("azure-cns-1"), agent("calico-node-1")).platform.cni == "azure-cni + calico"


def test_an_agent_that_crashes_is_installed_and_not_working() -> None:
    crash = agent(
        "cilium-1", containerStatuses=[{"restartCount": 9, "state": {"waiting": {"reason": "CrashLoopBackOff"}}}]
    )
    one = reading(listed(crash, plain("a")))
    assert one.cluster is not None
    assert one.cluster.platform.cni_evidence == ("1 cilium agent pods, 1 not working",)
    assert any("not all its pods work" in warning for warning in one.warnings)


def test_kube_proxy_is_replaced_where_cilium_runs_without_it() -> None:
    assert found(agent("cilium-1")).platform.kube_proxy == "replaced by Cilium"
    assert found(agent("cilium-1"), agent("kube-proxy-1")).platform.kube_proxy == "kube-proxy"
    assert found(agent("aws-node-1")).platform.kube_proxy is None


@pytest.mark.parametrize(
    ("port", "protocol"),
    [
        ({"name": "grpc-orders", "port": 9000}, "grpc"),
        ({"name": "x", "port": 9000, "appProtocol": "kubernetes.io/h2c"}, "grpc"),
        ({"name": "http-web", "port": 80}, "http"),
        ({"name": "https", "port": 443}, "http"),
        ({"name": "tcp-raw", "port": 7000}, "tcp"),
        ({"port": 5432}, "postgres"),
        ({"port": 8080}, "unnamed"),
        ({"name": "web", "port": 8080}, "other"),
        ({"name": "dns", "port": 53, "protocol": "UDP"}, "udp"),
    ],
)
def test_protocols_of_service_ports(port: dict[str, object], protocol: str) -> None:
    service = {"kind": "Service", "metadata": {"name": "s", "namespace": "shop"}, "spec": {"ports": [port]}}
    assert found(service).network.ports_by_protocol == ((protocol, 1),)


def test_policies_cover_namespaces_by_default_deny_in_part_or_not() -> None:
    def policy(space: str, selector: dict[str, object]) -> dict[str, object]:
        return {
            "kind": "NetworkPolicy",
            "metadata": {"name": "p", "namespace": space},
            "spec": {"podSelector": selector},
        }

    coverage = found(
        plain("a", "closed"),
        plain("b", "partly"),
        plain("c", "open"),
        policy("closed", {}),
        policy("partly", {"matchLabels": {"app": "x"}}),
    ).network.policies
    assert [(one.namespace, one.coverage) for one in coverage] == [
        ("closed", "default-deny"),
        ("open", "none"),
        ("partly", "some"),
    ]


def test_a_roll_out_begins_where_least_stands_against_it() -> None:
    stateful = plain("db-0", "orders")
    stateful["metadata"]["ownerReferences"] = [{"kind": "StatefulSet"}]  # type: ignore[index]
    ranked = found(
        stateful, plain("h", "edge", hostNetwork=True), plain("a", "shop"), plain("b", "shop"), agent("coredns-1")
    ).candidates
    assert [one.namespace for one in ranked] == ["shop", "edge", "orders"]
    assert ranked[0].because == ("2 pods", "no stateful sets, jobs or host network")
    assert "1 pod of stateful sets" in ranked[2].because


def test_containers_without_requests_are_counted_and_warned_about() -> None:
    one = reading(listed(NODE, plain("a"), plain("b"), pod("c")))
    assert one.cluster is not None
    assert one.cluster.resources.containers_without_cpu_request == 2
    assert any("understates" in warning for warning in one.warnings)


def test_pods_of_one_namespace_may_be_a_part_of_the_cluster() -> None:
    assert any("without -A" in warning for warning in reading(listed(plain("a"), plain("b"))).warnings)


def test_windows_nodes_are_counted_and_their_kernel_is_left_out() -> None:
    info = {"kernelVersion": "10.0.20348", "operatingSystem": "windows"}
    windows = NODE | {"metadata": {"name": "w"}, "status": {"nodeInfo": info}}
    platform = found(NODE, windows).platform
    assert (platform.windows_nodes, platform.kernels) == (1, ("5.15.0-1",))
    assert (platform.regions, platform.providers) == (("eu-1",), ("aws",))


@pytest.mark.parametrize(
    ("sizes", "used", "busiest"),
    [
        ({"a": 4.0, "b": 8.0}, {"a": 3.0, "b": 2.0}, 0.75),
        ({"a": 4.0}, {"a": 4.4}, 1.0),  # a burst above what pods may reserve
        ({"a": 4.0, "b": None}, {"b": 2.0}, None),  # the node does not say what it has
        ({}, {"a": 3.0}, None),
        ({"a": 4.0}, {}, None),
    ],
)
def test_the_busiest_node_is_what_it_uses_of_what_it_has(
    sizes: dict[str, float | None], used: dict[str, float], busiest: float | None
) -> None:
    nodes = tuple(Node(name=name, cpu=cpu) for name, cpu in sizes.items())
    usage = tuple(Usage(node=name, cpu=cpu, memory=1.0) for name, cpu in used.items())
    assert busiest_node(Inventory(nodes=nodes, usage=usage)) == busiest
