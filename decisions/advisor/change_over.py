"""Where a mesh runs already: what of a roll-out stands, and what has to be settled before its first stage."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from decisions.advisor.case import Case
from decisions.advisor.composition import Composition
from decisions.advisor.fit import Grade
from decisions.advisor.pack.names import first_namespace
from decisions.advisor.present import (
    AMBIENT,
    CONTROL_PLANE,
    ENROLMENT,
    ISTIO,
    SIDECARS,
    Present,
    present_of,
    runs_a_mesh,
)
from decisions.advisor.quantities import as_shown, counted, number
from decisions.advisor.recommendation import Approach, Reason, Verdict
from decisions.advisor.rollout import Change, Phase
from decisions.advisor.setting import in_how_many, joined, nouns

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
    current = present.said
    said = f"A mesh runs here today ({current})"
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
        join = f"Namespaces that join get its own label ({way})." if present.product == "istio-sidecar" else ""
        return " ".join(filter(None, (STAYS, join, OLDER_FIELDS)))
    if {present.product, product} <= ISTIO:
        return (
            "the same control plane serves both modes. helm list -n istio-system names the releases of today; where "
            "they differ from those of the commands take theirs, and bring istiod to the version of the files first, "
            "as a change of its own: from one minor to the next or the one after it, with the proxies it serves behind "
            "it. Each namespace leaves the one mode in the stage in which it joins the other."
        )
    if product not in JOINED:
        return "both run side by side meanwhile, and the last stage takes the present mesh out, namespace by namespace."
    rest = " Their pods restart, since a proxy leaves a pod only so." if present.product in SIDECARS else ""
    return (
        "both run side by side meanwhile. Each namespace leaves the present mesh in the stage in which it joins the "
        f"new one; what calls it, and what it calls, has to accept plain text until both ends are in one mesh.{rest}"
    )


STAYS = "nothing of it is installed again, and its version stays: an upgrade is a change of its own, before or after."
OLDER_FIELDS = (
    "The fields in these files were read at the version that their sources name; an older one may not know them, and "
    "kubectl apply --dry-run=server says so."
)
JOINED = AMBIENT | {product for _, product in ENROLMENT.values()}
"""Products that a namespace joins by a mark, leaving the mesh of today in the same step."""


SHED = (
    "Switch injection of today's mesh off for the namespace and restart its pods: a pod that carries a proxy is not "
    "captured."
)
"""What comes before a namespace with sidecars joins a mesh of the nodes."""
ONLY_THERE = "A namespace that is not in that mesh has no proxies: it needs neither."


def shed_first(case: Case, product: str, phase: Phase) -> str:
    """How pods lose a proxy before the product takes their traffic, in a stage in which namespaces join.

    Empty where none has one: no mesh with sidecars runs, or it is known that these namespaces are not in it.
    """
    present = present_of(case)
    if product not in AMBIENT or present.product not in SIDECARS or phase not in {Phase.PERMISSIVE, Phase.WIDEN}:
        return ""
    first = first_namespace(case)
    names = [first] if phase is Phase.PERMISSIVE else [one for one in case.namespaces if one != first]
    if names and all(present.leaves_out(one) for one in names):
        return ""
    return SHED if names and all(present.carries(one) for one in names) else f"{SHED} {ONLY_THERE}"


@dataclass(frozen=True, kw_only=True)
class Removal:
    """The stage in which the mesh of today is taken out, in words."""

    what: str
    because: str
    rollback: str
    rollback_takes: str
    prerequisites: tuple[str, ...]
    proof: str = (
        "The pods that still have a proxy, by namespace, with the day: none in those that left. When all have, no "
        "resource of the mesh is left in the cluster, and what the stages before prove still holds."
    )


def removal(case: Case, best: Composition) -> Removal | None:
    """How the mesh that runs today is taken out; None where none runs, where it stays, or where it may be needed yet.

    Whatever is recommended in its place, a mesh that carries nothing any more still has to be upgraded, paid for and
    debugged. Where namespaces leave it as they join another one, nothing is left to take out but its control plane.
    """
    present, product, needs = present_of(case), best.setting.product.id, best.setting.needs
    unknown = not present.product and best.setting.approach is Approach.SIDECAR_MESH
    if best.ruled_out or not runs_a_mesh(case) or unknown or (needs.unsure and not needs.musts):
        return None
    if present.runs(product) or product in JOINED:
        return None
    carried = (*best.setting.carried, *(one.requirement for one in best.setting.add_ons))
    before = ["Every stage before has met its gate: until then the mesh stays as it is."] if carried else []
    if needs.unsure:
        before.append(f"It is known whether {nouns(needs.unsure)} is needed: the mesh may be what gives it today.")
    leaving, back, takes = _leaving(present)
    return Removal(
        what=f"{_running(case, best)} Take it out of one namespace at a time, the least critical first: list what "
        f"its routes, retries and policies do and which metrics come from it, replace what is needed, {leaving} The "
        f"control plane goes last.{_given_back(case)}",
        because="What nobody needs still has to be upgraded, paid for and debugged.",
        rollback=back,
        rollback_takes=takes,
        prerequisites=tuple(before),
    )


PLAIN_TEXT: Mapping[str, str] = MappingProxyType(
    {
        "linkerd": "set its default inbound policy to all-unauthenticated where it asks for more, take Server and "
        "AuthorizationPolicy resources that ask for an identity away",
        "consul": "set mutualTLSMode to permissive",
        "kuma": "set its mutual TLS to PERMISSIVE",
    }
)
"""How a namespace takes calls in plain text again before its proxies go, where Istio's word for it does not hold.

Linkerd encrypts between its proxies by itself; only a policy refuses plain text (linkerd.io, Authorization Policy).
"""


def _leaving(present: Present) -> tuple[str, str, str]:
    """How a namespace leaves, how it comes back, and how long that takes."""
    if present.product in AMBIENT:
        return (
            "make mutual TLS permissive, take its waypoints and then its label away; no pod restarts.",
            "Set the label of the namespace again; the control plane is still there.",
            "Seconds a namespace; open connections are reset once.",
        )
    return (
        f"{PLAIN_TEXT.get(present.product, 'make mutual TLS permissive')}, switch injection off and restart its pods.",
        "Switch injection on again in the namespace and restart its pods; the control plane is still there.",
        "One restart of the pods of a namespace.",
    )


def kept(case: Case, best: Composition, others: Sequence[Composition]) -> str:
    """What keeping the mesh that runs would come to, where another option is the answer; empty where it is not known.

    It is there already and may carry what is asked for: whoever takes it out has to see what that is.
    """
    present, needs = present_of(case), best.setting.needs
    stays = [one for one in others if present.runs(one.setting.product.id)]
    if not stays or not needs.musts or present.runs(best.setting.product.id):
        return ""
    own = min(stays, key=lambda one: one.key)
    carried, left_open = own.setting.carried, own.setting.unmet
    does = f"can meet {nouns(carried)} too" if carried else "meets no must-have"
    but = f" but leaves {nouns(left_open)} open" if left_open and carried else ""
    work = "Taking it out is work that is done once; spread over three years it is in these hours."
    part = joined(best.setting.case) < 1.0
    keeping = (
        f"Having it in all of them (today {in_how_many(best.setting.case)}) needs no installation"
        if part
        else "Keeping it needs no introduction"
    )
    return (
        f"{own.setting.product.title}, which runs here, {does}{but}. {keeping} and takes likely "
        f"{_monthly(own)} a month, against {number(best.hours.likely)} for the answer. {work}"
    )


def passed_over(one: Composition, others: Sequence[Composition]) -> tuple[Reason, ...]:
    """Why an approach stands for another product than the one of its kind that runs today; empty where it does not.

    The order puts what leaves less open and strains less first, so that a product which runs can come behind.
    """
    present = present_of(one.setting.case)
    if present.runs(one.setting.product.id):
        return ()
    here = [it for it in others if it.approach is one.approach and present.runs(it.setting.product.id)]
    if not here:
        return ()
    own = min(here, key=lambda it: it.key)
    because = f"{own.setting.product.title}, which runs here today, comes behind it: {_behind(own, one)}."
    return (Reason(rule="passed_over", verdict=Verdict.AGAINST, because=because),)


def _behind(own: Composition, one: Composition) -> str:
    """The first part of the order in which a composition is worse than another of its approach."""
    if own.open > one.open:
        more = tuple(must for must in own.setting.unmet if must not in one.setting.unmet)
        return f"it leaves {nouns(more)} open" if more else "it is not allowed or not possible here"
    if own.strains > one.strains:
        pressed = tuple(must for must in _strained(own) if must not in _strained(one))
        return (
            f"it meets {nouns(pressed)} only with care" if pressed else "it strains your team, platform or limits more"
        )
    if own.feasibility > one.feasibility:
        return "it goes further over your limits"
    return f"likely {_monthly(own)} a month, against {number(one.hours.likely)}"


def _monthly(one: Composition) -> str:
    return counted(as_shown(one.hours.likely), "hour")


def _strained(one: Composition) -> list[str]:
    setting = one.setting
    return [must for must in setting.carried if setting.fits[must].grade is Grade.STRAINED]


def named_today(case: Case, best: Composition) -> str:
    """The mesh that runs today by the name of the catalogue; what people wrote of it may be long."""
    known = best.setting.catalog.products.get(present_of(case).product)
    return known.title if known else "a mesh with sidecars"


def _running(case: Case, best: Composition) -> str:
    if case.baseline.sidecars:
        return f"{case.baseline.sidecars:,} sidecars run today and no must-have needs them."
    return f"A mesh runs here today ({named_today(case, best)}) and no must-have needs it."


def _given_back(case: Case) -> str:
    cpu, memory = case.baseline.sidecar_reserved_cpu_vcpu, case.baseline.sidecar_reserved_memory_gib
    if not cpu or not memory:
        return ""
    return f" That gives back the {number(cpu)} vCPU and {number(memory)} GiB that its sidecars reserve."


def old_control_plane(case: Case, product: str) -> str:
    """What becomes of today's control plane once every namespace is in another mesh; empty where it stays."""
    present = present_of(case)
    if not present.product or present.runs(product) or product not in JOINED or {present.product, product} <= ISTIO:
        return ""
    return "When no namespace is left in the mesh of before, its control plane is taken out too."


def served_already(case: Case, product: str) -> str:
    """What becomes of an istiod that serves the pods of today where its other mode is installed; empty for another."""
    if CONTROL_PLANE not in present_of(case).shares(product):
        return ""
    return (
        "The istiod that runs here goes on serving today's pods with sidecars: it is given the ambient profile and not "
        "installed anew, and istio-cni and ztunnel are installed beside it. No namespace is enrolled, so nothing "
        "changes."
    )
