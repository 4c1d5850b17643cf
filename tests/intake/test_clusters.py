"""Files of several clusters that are read at once: each cluster is a source of its own."""

from decisions.intake import Kind, Reading, read_together
from tests.intake.test_kubectl import listed, pod


def node(name: str) -> dict[str, object]:
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}, "status": {"nodeInfo": {}}}


def on(name: str, place: str) -> dict[str, object]:
    """A pod on a node."""
    return pod(name, nodeName=place)


def warned(one: Reading) -> bool:
    return any("clusters" in sentence for sentence in one.warnings)


def counted(one: Reading) -> tuple[int | None, int | None]:
    assert one.cluster is not None
    return one.cluster.counts.nodes, one.cluster.counts.pods


def test_two_clusters_are_two_sources_and_nothing_is_added_up() -> None:
    first, second, *files = read_together(
        [
            ("east-nodes.json", listed(node("east-1"), node("east-2"))),
            ("east-pods.json", listed(on("a", "east-1"), on("b", "east-2"))),
            ("west-nodes.json", listed(node("west-1"))),
            ("west-pods.json", listed(on("a", "west-1"))),
        ]
    )
    assert (first.file, counted(first)) == ("east-nodes.json, east-pods.json", (2, 2))
    assert (second.file, counted(second)) == ("west-nodes.json, west-pods.json", (1, 1))
    assert [one.file for one in files] == ["east-nodes.json", "east-pods.json", "west-nodes.json", "west-pods.json"]
    assert warned(first)
    assert warned(second)
    assert first.parts == (files[0].sha256, files[1].sha256)
    assert not any(one.parts for one in files)


def test_one_file_a_cluster_is_warned_of_as_well() -> None:
    east, west = read_together([("east", listed(node("e"), on("a", "e"))), ("west", listed(node("w")))])
    assert warned(east)
    assert warned(west)
    assert counted(east) == (1, 1)


def test_pods_on_different_nodes_are_of_one_cluster_until_two_lists_of_nodes_say_otherwise() -> None:
    together, *_ = read_together([("shop", listed(on("a", "n1"))), ("billing", listed(on("b", "n2")))])
    assert counted(together) == (None, 2)
    assert not warned(together)
    joined, *_ = read_together(
        [("shop", listed(on("a", "n1"))), ("billing", listed(on("b", "n2"))), ("nodes", listed(node("n1"), node("n2")))]
    )
    assert counted(joined) == (2, 2)
    assert not warned(joined)


def test_a_list_that_names_no_node_belongs_to_nobody_where_there_are_two_clusters() -> None:
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    east, west, spaces = read_together(
        [("east", listed(node("e"))), ("west", listed(node("w"))), ("namespaces", listed(space))]
    )
    assert {one.kind for one in (east, west, spaces)} == {Kind.CLUSTER}
    assert any("names no node" in sentence for sentence in spaces.warnings)
    assert east.cluster is not None
    assert east.cluster.counts.namespaces is None
