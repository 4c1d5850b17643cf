"""What cluster tools print besides JSON lists: YAML, top, version, helm, istioctl, linkerd, and archives of dumps."""

import gzip
import io
import json
import tarfile
import zipfile

import pytest

from decisions.intake import answers, read, read_together
from tests.intake.given import cluster, reading, refusal

YAML = """apiVersion: v1
items:
- apiVersion: v1
  kind: Node
  metadata:
    name: n1
    annotations:
      io.cilium.network.ipv4-pod-cidr: 10.0.0.0/24
  status:
    allocatable: {cpu: "2", memory: 4Gi}
    nodeInfo:
      kernelVersion: 6.1.0
      operatingSystem: linux
- apiVersion: v1
  kind: Pod
  metadata: {name: p, namespace: shop}
  spec:
    hostNetwork: true
    runtimeClassName: gvisor
    containers:
    - name: app
      image: app:1
      env: [{name: PASSWORD, value: hunter2}]
      resources: {requests: {cpu: 500m, memory: 1Gi}}
  status: {phase: Running}
kind: List
"""


def test_yaml_lists_are_read_like_json() -> None:
    found = cluster(YAML)
    assert (found.counts.nodes, found.counts.pods, found.pods.host_network, found.pods.gvisor) == (1, 1, 1, 1)
    assert (found.platform.cni, found.resources.free_cpu, found.resources.free_memory) == ("cilium", 1.5, 3.0)
    assert "hunter2" not in repr(reading(YAML).inventory)


def test_yaml_with_anchors_is_refused() -> None:
    assert "anchors" in refusal("apiVersion: v1\nkind: List\nitems:\n- &a {kind: Pod}\n- *a\n")


def test_a_manifest_is_no_cluster() -> None:
    manifest = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\nspec:\n  replicas: 3\n"
    assert "manifest" in refusal(manifest)


def test_lists_of_other_kinds_are_refused_with_the_command() -> None:
    assert "kubectl get nodes" in refusal({"apiVersion": "v1", "kind": "ConfigMapList", "items": []})


TOP_NODES = """NAME   {cpu}   {share}   MEMORY(bytes)   MEMORY%
n1     350m         8%       3417Mi          22%
n2     <unknown>    <unknown>   <unknown>    <unknown>
n3     1            25%      1Gi             5%
"""


@pytest.mark.parametrize("share", ["CPU%", "CPU(%)"])
def test_top_nodes_is_read_by_position(share: str) -> None:
    found = cluster(TOP_NODES.format(cpu="CPU(cores)", share=share))
    assert (found.counts.nodes, found.resources.used_cpu) == (2, 1.35)
    assert found.resources.used_memory == pytest.approx((3417 + 1024) / 1024)


def test_top_with_containers_gives_the_share_of_sidecars() -> None:
    found = cluster(
        "NAMESPACE   POD   NAME          CPU(cores)   MEMORY(bytes)\n"
        "shop        a     app           100m         256Mi\n"
        "shop        a     istio-proxy   25m          64Mi\n"
        "shop        b     linkerd-proxy 5m           32Mi\n"
    )
    assert (found.counts.pods, found.resources.used_cpu, found.resources.sidecar_used_cpu) == (2, 0.13, 0.03)


def test_top_without_namespaces_and_with_a_sum() -> None:
    found = cluster(
        "$ kubectl top pods --sum\nNAME   CPU(cores)   MEMORY(bytes)\na      100m         256Mi\nb      5m  1Gi\n"
        "       ________     ________\n       105m         1280Mi\n"
    )
    assert (found.counts.pods, found.resources.used_cpu) == (2, 0.105)


def test_top_that_lists_nothing_is_refused() -> None:
    assert "metrics-server" in refusal("NAME   CPU(cores)   MEMORY(bytes)\nerror: Metrics not available\n")


@pytest.mark.parametrize(
    "content",
    [
        {"clientVersion": {"gitVersion": "v1.37.1"}, "serverVersion": {"gitVersion": "v1.32.3-eks-473151a"}},
        {"info": {"gitVersion": "v1.32.3-eks-473151a"}, "string": "v1.32.3-eks-473151a"},
        {"major": "1", "minor": "32", "gitVersion": "v1.32.3-eks-473151a", "platform": "linux/amd64"},
        "Client Version: v1.37.1\nKustomize Version: v5.8.1\nServer Version: v1.32.3-eks-473151a\n",
        'Server Version: version.Info{Major:"1", Minor:"32", GitVersion:"v1.32.3-eks-473151a", GitCommit:"x"}\n',
        'clientVersion:\n  gitVersion: v1.37.1\nserverVersion:\n  buildDate: "x"\n  gitVersion: v1.32.3-eks-473151a\n',
    ],
)
def test_the_servers_version_is_found_in_every_form(content: str | dict[str, object]) -> None:
    assert cluster(content).platform.kubernetes_version == "v1.32.3-eks-473151a"


def test_the_clients_version_alone_is_not_the_clusters() -> None:
    assert "could not reach the cluster" in refusal({"clientVersion": {"gitVersion": "v1.37.1"}})


HELM = [
    {
        "name": "istiod",
        "namespace": "istio-system",
        "revision": "1",
        "updated": "2026-09-11 08:12:01 +0000 UTC",
        "status": "deployed",
        "chart": "istiod-1.27.1",
        "app_version": "1.27.1",
    },
    {"name": "shop", "namespace": "shop", "revision": "4", "status": "failed", "chart": "shop-0.1", "app_version": ""},
]


def test_helm_releases_are_listed_and_failed_ones_named() -> None:
    one = reading(HELM)
    assert one.cluster is not None
    assert [release.name for release in one.cluster.releases] == ["istiod", "shop"]
    assert "Helm release istiod (istiod-1.27.1)" in one.cluster.mesh.evidence
    assert any("shop" in warning for warning in one.warnings)


def test_helm_table_reads_alike() -> None:
    rows = "\n".join(
        "\t".join((one["name"], one["namespace"], "1", "2026-09-11", one["status"], one["chart"], one["app_version"]))
        for one in HELM
    )
    table = f"NAME  \tNAMESPACE\tREVISION\tUPDATED\tSTATUS\tCHART\tAPP VERSION\n{rows}\n"
    assert cluster(table).releases == cluster(HELM).releases  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "NAME                CLUSTER        CDS        RDS          ISTIOD      VERSION\n"
        "gw-1.istio-system   Kubernetes     SYNCED     NOT SENT     istiod-1    1.19.3\n"
        "a-1.shop            Kubernetes                SYNCED       istiod-1    1.20.0\n",
        "NAME       CLUSTER      ISTIOD      VERSION     SUBSCRIBED TYPES\n"
        "proxy1     cluster1     istiod1     1.19.3      5 (CDS,LDS,EDS,RDS,ECDS)\n"
        "proxy2     cluster2     istiod1     1.20.0      0\n",
    ],
)
def test_proxy_status_is_cut_at_the_columns_of_its_header(text: str) -> None:
    one = reading(text)
    assert one.cluster is not None
    assert one.cluster.mesh.proxy_versions == (("1.19.3", 1), ("1.20.0", 1))
    assert one.cluster.mesh.injected_pods is None
    assert any("2 versions" in warning for warning in one.warnings)


def test_linkerd_check_as_json_and_as_text() -> None:
    document = {
        "success": False,
        "categories": [
            {"categoryName": "x", "checks": [{"result": "success"}, {"result": "error", "error": "s3cret"}]}
        ],
    }
    text = "linkerd-existence\n-----------------\n\u221a ok\n\u00d7 bad\n    hint\n\nStatus check results are \u00d7\n"
    for content in (document, text):
        found = cluster(content)
        assert found.mesh.name == "linkerd"
        assert found.mesh.evidence == ("linkerd check: 1 passed, 0 warnings, 1 failed",)
    assert "s3cret" not in repr(reading(document))


def typed(kind: str, *names: str) -> bytes:
    return json.dumps(
        {"kind": f"{kind}List", "apiVersion": "v1", "items": [{"metadata": {"name": name}} for name in names]}
    ).encode()


def packed(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        link = tarfile.TarInfo("link.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return target.getvalue()


FILES = {
    "bundle/nodes.json": typed("Node", "n1", "n2"),
    "bundle/services/default.json": typed("Service", "a"),
    "bundle/network-policy/default.json": typed("NetworkPolicy"),
    "bundle/cluster_version.json": json.dumps({"info": {"gitVersion": "v1.24.4+k3s1"}}).encode(),
    "bundle/logs/app.log": b"secret log line\n" * 100,
}


def test_a_support_bundle_is_one_reading_of_all_its_files() -> None:
    one = reading(packed(FILES))
    assert one.cluster is not None
    counts = one.cluster.counts
    assert (counts.nodes, counts.services, counts.network_policies, counts.pods) == (2, 1, 0, None)
    assert one.cluster.platform.kubernetes_version == "v1.24.4+k3s1"
    assert any("1 other file" in sentence for sentence in one.ignored)


def test_a_zip_of_results_gives_a_reading_each() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/nodes.json", FILES["bundle/nodes.json"])
        archive.writestr("b/wrk.txt", "  Thread Stats   Avg\n  100 requests in 60.00s, 1MB read\nRequests/sec: 1.67\n")
    first, second = read(target.getvalue(), "results.zip")
    assert (first.kind, second.kind) == ("cluster", "loadtest")
    assert second.file == "results.zip: b/wrk.txt"


def test_a_bundle_and_the_files_in_it_count_once() -> None:
    together = read_together([("bundle.tar.gz", packed(FILES)), ("nodes.json", FILES["bundle/nodes.json"])])[0]
    assert together.cluster is not None
    assert together.cluster.counts.nodes == 2


def test_a_damaged_archive_is_refused() -> None:
    whole = gzip.decompress(packed(FILES))
    assert "damaged" in refusal(packed(FILES)[:-40])
    assert "archive" in refusal(whole[:600] + b"\xff" * 2000)


def test_answers_of_several_files_together() -> None:
    together = read_together(
        [("v.json", FILES["bundle/cluster_version.json"]), ("n.json", FILES["bundle/nodes.json"])]
    )[0]
    found = answers(together)
    assert found["baseline.kubernetes_version"].value == "v1.24.4+k3s1"
    assert found["baseline.nodes"].value == 2
    assert "v.json, n.json" in found["baseline.nodes"].provenance
