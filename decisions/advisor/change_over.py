"""Where a mesh runs already: what of a roll-out stands, and what has to be settled before its first stage."""

from collections.abc import Iterable

from decisions.advisor.case import Case
from decisions.advisor.pack.names import first_namespace
from decisions.advisor.present import SIDECARS, Present, present_of
from decisions.advisor.rollout import Change

NOTED = (
    "Written down before anything changes: version, revision and labels, so that each way back ends where you are now."
)

WATCHED = "Then it is only watched, over a full business cycle: who still calls in plain text, and what is refused."
FILED = "namespaces-before.yaml, policies-before.yaml and the versions, filed with the day: what was there before."


def still_to_do(case: Case, product: str, changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes without those that stand already, because the product runs and the first namespace is in its mesh."""
    present = present_of(case)
    if not present.runs(product):
        return tuple(changes)
    stands = {"cluster"} | ({"namespace"} if present.carries(first_namespace(case)) else set())
    return tuple(one for one in changes if one.in_place not in stands or (one.everywhere and _others(case, present)))


def _others(case: Case, present: Present) -> bool:
    """Whether some namespace that follows is not known to be in the mesh."""
    first = first_namespace(case)
    further = [name for name in case.namespaces if name != first]
    return not further or not all(present.carries(name) for name in further)


def in_first_namespace(case: Case, product: str, change: Change) -> bool:
    """Whether a change is still made in the first namespace."""
    present = present_of(case)
    stands = present.runs(product) and present.carries(first_namespace(case))
    return not (stands and change.in_place == "namespace")


def settled_first(case: Case, product: str) -> tuple[str, ...]:
    """What has to be settled before the first stage where a mesh runs today, in sentences; none where none does."""
    present = present_of(case)
    if not present.product:
        return ()
    said = f"A mesh runs here today ({present.said})"
    found = [f"{said}: {_how(present, product)}"]
    if present.runs(product) and present.assumed:
        found.append(present.assumed)
    if not case.marks:
        found.append(
            "The labels of today's namespaces are not known here, so that the way back cannot write them: each stage "
            "keeps them in a file first. Give the plan the list of namespaces to have them in the way back."
        )
    return tuple(found)


def _how(present: Present, product: str) -> str:
    if present.runs(product):
        way = " and ".join(f"{key}={value}" for key, value in present.mark.items())
        join = f" Namespaces that join get its own label ({way})." if present.product == "istio-sidecar" else ""
        return (
            "nothing of it is installed again, and its version stays: an upgrade is a change of its own, before or "
            f"after.{join} The fields in these files were read at the version that their sources name; an older one "
            "may not know them, and kubectl apply --dry-run=server says so."
        )
    if {present.product, product} <= {"istio-sidecar", "istio-ambient-l4", "istio-ambient-waypoint"}:
        return (
            "the same control plane serves both modes. helm list -n istio-system names the releases of today; where "
            "they differ from those of the commands take theirs, and bring istiod to the version of the files first, "
            "as a change of its own. Each namespace leaves the one mode in the stage in which it joins the other."
        )
    rest = " Their pods restart, since a proxy leaves a pod only so." if present.product in SIDECARS else ""
    return (
        "both run side by side meanwhile. Each namespace leaves the present mesh in the stage in which it joins the "
        f"new one; what calls it, and what it calls, has to accept plain text until both ends are in one mesh.{rest}"
    )
