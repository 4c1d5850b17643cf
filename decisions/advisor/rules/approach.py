"""What the article teaches of each approach: when it makes sense, and when it is more than is needed or wrong."""

from decisions.advisor.present import present_mesh
from decisions.advisor.quantities import number
from decisions.advisor.recommendation import Approach, Source, Verdict
from decisions.advisor.setting import Finding, Setting, in_how_many, joined, meshed_pods, nouns

ARTICLE = Source(
    text="Production-ready Kubernetes, part 10: Service Meshes - Power Tool or Operational Burden?", date="2026-03-26"
)
HEAVY_L7 = 2
"""Planning value: from this many must-haves that need HTTP proxies a team relies heavily on L7 features."""


def _for(because: str, *, requirement: str = "") -> Finding:
    return Finding(verdict=Verdict.FOR, because=because, requirement=requirement, sources=(ARTICLE,))


def _against(because: str, *, strains: bool = False, requirement: str = "") -> Finding:
    return Finding(
        verdict=Verdict.AGAINST, because=because, requirement=requirement, sources=(ARTICLE,), strains=strains
    )


def sidecar_has_rich_routing(setting: Setting) -> Finding | None:
    """Sidecars make sense for advanced routing: canary, A/B."""
    if setting.approach is not Approach.SIDECAR_MESH or "traffic_splitting" not in setting.needs.musts:
        return None
    return _for("Canary and A/B routing between internal services is what a proxy in every pod does best.")


def sidecar_gives_zero_trust(setting: Setting) -> Finding | None:
    """Sidecars make sense for mTLS everywhere."""
    if setting.approach is not Approach.SIDECAR_MESH or "workload_identity" not in setting.needs.musts:
        return None
    return _for("Mutual TLS ends in the pod itself, so identity holds from workload to workload on every node.")


def sidecar_sees_every_request(setting: Setting) -> Finding | None:
    """Sidecars make sense for deep service-to-service observability."""
    if setting.approach is not Approach.SIDECAR_MESH or "request_metrics" not in setting.needs.musts:
        return None
    return _for("Every request is seen on both sides, so all services get the same request metrics without code.")


def sidecar_centralises_networking(setting: Setting) -> Finding | None:
    """Sidecars make sense for central control of networking behaviour."""
    if setting.approach is not Approach.SIDECAR_MESH or "central_control" not in setting.needs.musts:
        return None
    return _for("Routing, timeouts and policy of all services are set in one control plane.")


def sidecar_without_routing_is_overkill(setting: Setting) -> Finding | None:
    """Sidecars are overkill where no L7 feature is used: simple CRUD services, no routing, no per-request view."""
    if setting.approach is not Approach.SIDECAR_MESH or setting.l7_musts:
        return None
    because = (
        "No must-have needs a proxy that reads requests: every pod that joins would pay for routing and per-request "
        "views that nobody has shown to need."
    )
    if setting.carried == ("encryption_between_nodes",):
        # Nobody runs a proxy in every pod to encrypt a wire: a strain, so that lighter ways come before it.
        return _against(f"{because} Encryption of the wire is all it is for, and that needs no proxy.", strains=True)
    return _against(because)


def sidecar_tax(setting: Setting) -> Finding | None:
    """What every pod pays: a container, CPU and memory, and hops that compound along the call path."""
    if setting.approach is not Approach.SIDECAR_MESH:
        return None
    baseline = setting.case.baseline
    here, everywhere = present_mesh(setting.case.context.current) == setting.product.id, joined(setting.case) == 1.0
    pods = (baseline.sidecars if here and everywhere else None) or meshed_pods(setting.case)
    calls = baseline.sequential_calls
    number = f"about {pods:,} pods" if pods else "every pod"
    path = (
        f"; {calls} calls in sequence pass {2 * calls} proxies" if calls else "; the extra hops compound over the path"
    )
    already = "" if not here else " already" if everywhere else f" ({in_how_many(setting.case)} have one already)"
    return _against(f"A proxy container in {number}{already}: {_memory(setting, here=here)}{path}.")


def _memory(setting: Setting, *, here: bool) -> str:
    """What the sidecars take, and whether that is what those of today reserve or a projection."""
    reserved, memory = setting.case.baseline.sidecar_reserved_memory_gib, setting.overhead.memory_gib
    if here and reserved:
        if joined(setting.case) < 1.0:
            all_of_it = number(memory.likely)
            return f"those of today reserve {reserved:,g} GiB of memory, one in every pod {all_of_it} GiB"
        return f"those of today reserve {reserved:,g} GiB of memory"
    projected = f"likely {memory.likely:,.0f} GiB of memory ({memory.low:,.0f} to {memory.high:,.0f})"
    return f"projected, since nobody has counted what they reserve, {projected}" if here else f"projected, {projected}"


def sidecar_operations(setting: Setting) -> Finding | None:
    """What sidecars ask of operations: certificates, control plane upgrades, injection, version compatibility."""
    if setting.approach is not Approach.SIDECAR_MESH:
        return None
    return _against(
        "Certificates, control plane upgrades, injection faults and the versions of proxies in running pods become "
        "your work."
    )


def ebpf_spares_sidecars(setting: Setting) -> Finding | None:
    """eBPF makes sense where performance is critical or sidecar overhead is unwanted."""
    if setting.approach is not Approach.EBPF_MESH:
        return None
    return _for("Policy and visibility sit in the kernel of each node: no container per pod, little added latency.")


def ebpf_joins_network_and_observability(setting: Setting) -> Finding | None:
    """eBPF makes sense where networking and observability are wanted together."""
    wanted = {"flow_visibility", "egress_control", "network_segmentation"} & set(setting.needs.musts)
    if setting.approach is not Approach.EBPF_MESH or not wanted:
        return None
    return _for(f"One agent gives {nouns(tuple(sorted(wanted)))} together with flow logs that name the workloads.")


def ebpf_depends_on_kernel(setting: Setting) -> Finding | None:
    """eBPF moves the complexity into the kernel: dependency on its features, harder debugging."""
    if setting.approach is not Approach.EBPF_MESH:
        return None
    return _against("It depends on kernel features of every node, and faults are looked for in the kernel.")


def ebpf_is_thinner_at_l7(setting: Setting) -> Finding | None:
    """eBPF is wrong where a team relies heavily on L7 routing."""
    carried = tuple(must for must in setting.l7_musts if must in setting.carried)
    if setting.approach is not Approach.EBPF_MESH or not setting.l7_musts:
        return None
    heavy = len(carried) >= HEAVY_L7
    return _against(
        f"Its request-level features are thinner than a proxy mesh's, and you need {nouns(setting.l7_musts)}.",
        strains=heavy,
    )


def ebpf_lacks_expertise(setting: Setting) -> Finding | None:
    """eBPF is wrong without low-level networking expertise."""
    operations = setting.case.operations
    if setting.approach is not Approach.EBPF_MESH or setting.has_own_cni:
        return None
    known = operations.skills is not None and "ebpf" not in operations.skills
    if operations.data_path_debuggers == "nobody":
        return _against("Nobody on call has low-level networking expertise (eBPF).", strains=True)
    if known and operations.data_path_debuggers == "two_or_more":
        return _against(
            "Two or more people on call can debug the data path, but the skills you named leave out low-level "
            "networking expertise (eBPF).",
            strains=True,
        )
    if known:
        return _against("The skills you named leave out low-level networking expertise (eBPF).", strains=True)
    return None


def ebpf_has_expertise(setting: Setting) -> Finding | None:
    """eBPF makes sense with platform expertise."""
    operations = setting.case.operations
    unasked = operations.skills is None and operations.data_path_debuggers == "two_or_more"
    skilled = unasked or "ebpf" in (operations.skills or ())
    if setting.approach is not Approach.EBPF_MESH or not skilled:
        return None
    return _for("Your team has people who have repaired this layer before.")


def cni_only_encrypts(setting: Setting) -> Finding | None:
    """CNI encryption makes sense where encryption is the only need."""
    if setting.approach is not Approach.CNI_ENCRYPTION or "encryption_between_nodes" not in setting.carried:
        return None
    others = tuple(must for must in setting.carried if must not in {"encryption_between_nodes", "fips_cryptography"})
    if others or setting.unmet:
        return None
    return _for(
        "Encryption on the wire is the whole need for the network, and the CNI does it with no proxy in the path."
    )


def cni_lacks_request_control(setting: Setting) -> Finding | None:
    """CNI encryption is wrong for traffic shaping, request-level views or central control."""
    open_l7 = tuple(must for must in setting.l7_musts if must in setting.unmet)
    if setting.approach is not Approach.CNI_ENCRYPTION:
        return None
    if open_l7:
        return _against(f"It routes no requests: {nouns(open_l7)} would stay open.")
    return _against("It brings no routing, retries or circuit breaking and shows little of requests: it only encrypts.")


def cni_is_unused(setting: Setting) -> Finding | None:
    """CNI encryption without a need for encryption switches on something nobody asked for."""
    encryption = {"encryption_between_nodes", "fips_cryptography"} & {*setting.needs.musts, *setting.needs.nice}
    if setting.approach is not Approach.CNI_ENCRYPTION or encryption:
        return None
    return _against("Nobody asked for encryption between nodes, which is all it gives.")


def no_mesh_suffices(setting: Setting) -> Finding | None:
    """No mesh is right where the remaining needs are met in code, at the edge or by policies."""
    if setting.approach is not Approach.NO_MESH or setting.unmet:
        return None
    if not setting.needs.musts and setting.needs.unsure:
        return _for(
            f"Until somebody knows whether {nouns(setting.needs.unsure)} is needed, nothing has to be introduced."
        )
    if not setting.needs.musts:
        return _for("No must-have with accepted evidence is left: there is no problem here for a mesh to solve.")
    return _for(f"All that is needed can be met in code, at the edge or by policies: {nouns(setting.needs.musts)}.")


def mesh_without_need(setting: Setting) -> Finding | None:
    """A mesh none of whose own features carries a must-have is machinery without a purpose."""
    if not setting.is_mesh or setting.carried or setting.unmet:
        return None
    return _against("None of its own features carries a must-have: smaller measures meet them all.")


RULES = (
    no_mesh_suffices,
    cni_only_encrypts,
    cni_lacks_request_control,
    cni_is_unused,
    ebpf_spares_sidecars,
    ebpf_joins_network_and_observability,
    ebpf_has_expertise,
    ebpf_depends_on_kernel,
    ebpf_is_thinner_at_l7,
    ebpf_lacks_expertise,
    sidecar_has_rich_routing,
    sidecar_gives_zero_trust,
    sidecar_sees_every_request,
    sidecar_centralises_networking,
    sidecar_without_routing_is_overkill,
    sidecar_tax,
    sidecar_operations,
    mesh_without_need,
)

STRAINING = (ebpf_is_thinner_at_l7, ebpf_lacks_expertise, sidecar_without_routing_is_overkill)
