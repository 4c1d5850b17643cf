"""What the plan says of a change of CNI: node by node, or clusters with one's own in place of the provider's."""

from typing import Any

from decisions.advisor.case import Case
from decisions.advisor.clusters import is_alone
from decisions.advisor.recommendation import Source
from decisions.advisor.setting import Setting, nouns

CNI_CHANGE = "cni-change"
"""The id of the stage in which another CNI takes the place of the one that runs."""


def told(case: Case, setting: Setting) -> dict[str, Any]:
    """The texts and sources of the stage, by the names that a stage has for them."""
    old, new = str(case.baseline.cni), setting.product.constraints.cni[0].capitalize()
    if withheld := setting.withheld(setting.carried):
        because = f"{setting.product.title} needs it for {nouns(withheld)}, and {old} does not offer that."
        return {**_by_cluster(case, old, new), "only_because": because}
    return {
        **_by_node(case, old, new),
        "only_because": f"{setting.product.title} is part of {new}, and {old} runs here.",
    }


def _by_node(case: Case, old: str, new: str) -> dict[str, Any]:
    then = (
        f"New nodes come up with {new}, the old ones are drained one at a time, and every pod starts anew. Policies "
        f"and tools that belong to {old} are translated before. Nothing else is switched on until no node is left "
        f"with {old}."
    )
    return {
        "title": f"{old} is replaced by {new}, node by node",
        "what": " ".join((REHEARSED[is_alone(case)], then)),
        "rollback": f"While both kinds of nodes exist: drain the new ones and bring nodes with {old} back. After the "
        "last old node the way back is the same migration again.",
        "rollback_takes": "Days per cluster.",
        "proof": "Nodes by CNI for each day of the change, calls between old and new nodes in both directions, and at "
        f"the end no resource of {old} in the cluster.",
        "sources": (MIGRATION,),
    }


def _by_cluster(case: Case, old: str, new: str) -> dict[str, Any]:
    then = (
        f"Policies and tools that belong to {old} are translated before. Nothing else is switched on until the old "
        "cluster is empty."
    )
    return {
        "title": f"Clusters with a {new} of your own take the place of those with {old}",
        "what": " ".join((f"Whose {new} runs is settled when a cluster is made.", MOVED[is_alone(case)], then)),
        "rollback": "While the old cluster exists: lead its traffic and workloads back to it. After that the way back "
        "is the same move again.",
        "rollback_takes": "Days per cluster.",
        "proof": "The share of calls that the new cluster answers for each day of the move, and at the end no workload "
        "in the old one.",
        "sources": (OWN_CLUSTERS,),
    }


REHEARSED = {
    False: "Rehearse it in a cluster that nobody needs, then take the least critical one.",
    True: "Rehearse it in a cluster that is made for it, then take the one that runs.",
}
"""How a change of CNI begins, by whether there is one cluster alone."""
MOVED = {
    False: "Make a new one, rehearse there, then move the workloads of the least critical cluster to it, and go on "
    "cluster by cluster.",
    True: "Make a new one, rehearse there, then move the workloads to it.",
}
"""How workloads get to clusters with another CNI, by whether there is one cluster alone."""
OWN_CLUSTERS = Source(
    text="Azure documentation, Bring your own CNI: chosen when a cluster is made; GKE documentation, GKE Dataplane V2: "
    "enabled only when a cluster is made",
    date="2026-06-26",
)
MIGRATION = Source(
    text="Cilium documentation, Migrating a cluster to Cilium: node by node, with both networks side by side",
    version="1.20",
    date="2026",
)
