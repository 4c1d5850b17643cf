"""Which cluster files are of one cluster: lists of nodes that share none are of two."""

from collections.abc import Iterable, Sequence

from decisions.intake.inventory import Inventory

UNCLEAR = (
    "It names no node, so nothing says which of the clusters it is of; it is read by itself. "
    "Read the files of one cluster together, without those of the other."
)


def apart(inventories: Sequence[Inventory]) -> list[list[int]]:
    """The places of the inventories, cluster by cluster, in the order of their first file.

    Only lists of nodes tell clusters apart: pods of two namespaces may well run on different nodes of one cluster. What
    names no known node goes with the only cluster there is; where there are several, it is a group of its own.
    """
    groups: list[tuple[set[int], set[str]]] = []
    for place, one in enumerate(inventories):
        members, names = {place}, nodes_in(one)
        for other in [each for each in groups if each[1] & names]:
            members |= other[0]
            names |= other[1]
            groups.remove(other)
        groups.append((members, names))
    listed = [members for members, _ in groups if any(inventories[place].nodes for place in members)]
    if len(listed) < 2:
        return [list(range(len(inventories)))] if inventories else []
    return sorted(sorted(members) for members, _ in groups)


def nodes_in(one: Inventory) -> set[str]:
    """The names of all nodes it speaks of."""
    named: Iterable[str] = (
        *(node.name for node in one.nodes),
        *(pod.node for pod in one.pods),
        *(row.node for row in one.usage if not row.pod),
    )
    return {name for name in named if name}


def caution(clusters: int) -> str:
    """What is said on each of several clusters that were read at once."""
    return (
        f"The files are of {clusters} clusters, or of one at times so far apart that no node stayed: their lists of "
        "nodes share no name. Each is read by itself. Take the figures of the one you decide about, or leave the "
        "other out; type a total only where the question is about all of them."
    )
