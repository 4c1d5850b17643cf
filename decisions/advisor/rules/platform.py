"""What the organisation and the platform allow: kernel, Kubernetes version, CNI, sandboxes, Jobs, small clusters."""

from datetime import date

from decisions.advisor.catalog import Level
from decisions.advisor.catalog.age import support_ends_near, support_has_ended
from decisions.advisor.catalog.vocabulary import SPANS
from decisions.advisor.fit import Grade
from decisions.advisor.in_support import cni_behind
from decisions.advisor.in_transit import is_on, name_of_today
from decisions.advisor.kubernetes_support import unsupported
from decisions.advisor.present import minor_of, present_mesh, same_mesh
from decisions.advisor.recommendation import Approach, Source, Verdict
from decisions.advisor.setting import (
    Finding,
    Setting,
    covers_a_part,
    in_how_many,
    jobs_of,
    joined,
    kernel_suffices,
    nouns,
)
from decisions.advisor.versions import older, version


def _sources(setting: Setting) -> tuple[Source, ...]:
    source = setting.product.constraints.source
    return (source,) if source else ()


def not_allowed_here(setting: Setting) -> Finding | None:
    """What the organisation does not allow is ruled out, with the organisation's reason."""
    reason = setting.product.not_allowed.strip().rstrip(".")
    if not reason:
        return None
    return Finding(verdict=Verdict.RULES_OUT, because=f"{setting.product.title} is not allowed here: {reason}.")


def kernel_too_old(setting: Setting) -> Finding | None:
    """The oldest node's kernel decides what the nodes can do."""
    have, need = setting.case.baseline.kernel_version, setting.product.constraints.min_kernel
    if not older(have, need) or kernel_suffices(setting.case, setting.product):
        return None
    because = f"The oldest node runs kernel {have}; {setting.product.title} needs {need} or newer."
    return _until_upgraded(setting, because, f"the nodes to a kernel of {need} or newer ({have} today)")


def _until_upgraded(setting: Setting, because: str, upgrade: str) -> Finding:
    """What an upgrade of the platform removes: work that comes first, unless there can be no upgrade."""
    if setting.case.operations.platform_upgrade == "no":
        ruled_out = f"{because} You cannot upgrade that."
        return Finding(verdict=Verdict.RULES_OUT, because=ruled_out, sources=_sources(setting))
    strained = f"{because} That upgrade comes first."
    return Finding(verdict=Verdict.AGAINST, because=strained, sources=_sources(setting), upgrade=upgrade)


def kubernetes_too_old(setting: Setting) -> Finding | None:
    """A version below the supported ones."""
    have, need = setting.case.baseline.kubernetes_version, setting.product.constraints.min_kubernetes
    if not older(have, need):
        return None
    because = f"Kubernetes {have} is older than {need}, the oldest that {setting.product.title} is tested with."
    return _until_upgraded(setting, because, f"Kubernetes to {need} or newer ({have} today)")


def kubernetes_out_of_support(setting: Setting) -> Finding | None:
    """On a Kubernetes without fixes nothing new should go into the path of calls; the day is the catalogue's."""
    if setting.approach is Approach.NO_MESH or not (said := unsupported(setting.case, setting.catalog.version[:10])):
        return None
    return Finding(verdict=Verdict.AGAINST, because=said.because, sources=(said.source,))


def cni_out_of_support(setting: Setting) -> Finding | None:
    """A CNI older than the minors that its project repairs is upgraded before anything new goes into the path."""
    if setting.approach is Approach.NO_MESH or not (said := cni_behind(setting)):
        return None
    because, source = said
    return Finding(verdict=Verdict.AGAINST, because=because, sources=(source,))


def version_out_of_support(setting: Setting) -> Finding | None:
    """The version that the catalogue describes is past its end of support on the day of the catalogue."""
    operations = setting.product.operations
    if not support_has_ended(setting.product, _day_of(setting)):
        return None
    product, end = setting.product, operations.end_of_support
    because = (
        f"{product.title}: support of version {product.version} ended on {end}."
        if _is_a_day(end)
        else f"{product.title}: support of version {product.version} ended about {end}."
    )
    return Finding(verdict=Verdict.AGAINST, because=because, sources=(operations.source,), strains=True)


def support_ends_soon(setting: Setting) -> Finding | None:
    """Its support ends soon after the day of the catalogue: an upgrade to plan, and no reason to choose another."""
    operations, day = setting.product.operations, _day_of(setting)
    if not support_ends_near(setting.product, day) or support_has_ended(setting.product, day):
        return None
    product, end = setting.product, operations.end_of_support
    because = (
        f"{product.title}: support of version {product.version} ends soon, on {end}."
        if _is_a_day(end)
        else f"{product.title}: support of version {product.version} ends soon, about {end}."
    )
    return Finding(verdict=Verdict.AGAINST, because=because, sources=(operations.source,))


def _is_a_day(end: str) -> bool:
    """Whether the project names the day: a month is one that is expected, so that "about" stands before it."""
    return len(end) == len("2026-11-23")


def _day_of(setting: Setting) -> date:
    """The day of the catalogue: the advice knows no clock, so that it can be made again."""
    return date.fromisoformat(setting.catalog.version[:10])


def cni_would_change(setting: Setting) -> Finding | None:
    """A product that is part of another CNI means a migration of every node."""
    if setting.has_own_cni is not False:
        return None
    quick_exit = setting.case.operations.exit_time in {"hour", "day"}
    wish = " and could not be taken out again as fast as you ask" if quick_exit else ""
    runs, wanted = setting.case.baseline.cni, setting.product.constraints.cni[0].capitalize()
    because, sources = f"{runs} would have to be replaced by {wanted} on every node{wish}.", _sources(setting)
    if (offer := setting.offer) and (withheld := setting.withheld(setting.carried)):
        because = (
            f"The provider runs {runs} and does not offer {nouns(withheld)} with it: clusters with a {wanted} of your "
            f"own would have to take its place{wish}."
        )
        sources = (offer.source,)
    return Finding(verdict=Verdict.AGAINST, because=because, sources=sources, strains=True)


def stands_for_the_cni(setting: Setting) -> Finding | None:
    """A CNI that can encrypt and has no sheet: another's figures stand for it, and none of its commands."""
    if not setting.stands_in:
        return None
    because = (
        f"{setting.case.baseline.cni} has no sheet here: {setting.product.title} stands for its encryption, so take "
        "commands from its own documentation."
    )
    return Finding(verdict=Verdict.AGAINST, because=because)


def cni_runs_already(setting: Setting) -> Finding | None:
    """A product that is part of the CNI in use adds a setting, not a system."""
    if not setting.product.constraints.cni or not setting.has_own_cni:
        return None
    because = f"It is part of the CNI you run ({setting.case.baseline.cni}): a setting, not another system."
    return Finding(verdict=Verdict.FOR, because=because, sources=_sources(setting))


def provider_keeps_back(setting: Setting) -> Finding | None:
    """What the provider who runs the CNI does not offer of it is no plus of the product, nice to have as it may be."""
    kept = tuple(
        nice for nice in setting.needs.nice if setting.fits[nice].grade is not Grade.MISSED and setting.keeps_back(nice)
    )
    if not kept or (offer := setting.offer) is None:
        return None
    runs = setting.case.baseline.cni
    because = f"The provider runs {runs} and does not offer {nouns(kept)} with it, which would be nice to have."
    return Finding(verdict=Verdict.AGAINST, because=because, sources=(offer.source,))


def cni_cannot_encrypt(setting: Setting) -> Finding | None:
    """The team's own statement about its CNI; it holds for every product whose encryption is the CNI's."""
    encrypts = setting.approach is Approach.CNI_ENCRYPTION or (
        bool(setting.product.constraints.cni) and "encryption_between_nodes" in setting.carried
    )
    if not encrypts or setting.case.context.cni_can_encrypt != "no":
        return None
    note = setting.case.context.cni_note
    because = "Your present CNI cannot switch encryption on, so this means replacing it"
    # A change of CNI that is counted already is not counted twice.
    strains = setting.has_own_cni is not False
    return Finding(verdict=Verdict.AGAINST, because=because + (f" ({note})." if note else "."), strains=strains)


def cni_can_encrypt(setting: Setting) -> Finding | None:
    """One setting instead of a migration."""
    if setting.approach is not Approach.CNI_ENCRYPTION or setting.case.context.cni_can_encrypt != "yes":
        return None
    if is_on(setting):
        kind = name_of_today(setting.case)
        because = f"{kind} is on here today: nothing has to be switched on."
        return Finding(verdict=Verdict.FOR, because=because)
    return Finding(verdict=Verdict.FOR, because="Your CNI can switch encryption on: one setting, no change to any pod.")


def ipv6_needs_care(setting: Setting) -> Finding | None:
    """IPv6 in use or planned: what works only with a setting is said, what nobody verified cannot carry a must."""
    fact = setting.product.constraints.ipv6
    if not setting.case.baseline.ipv6_planned or fact is None or fact.value is Level.FULL:
        return None
    strained = fact.value is not Level.PARTIAL
    because = f"IPv6 is in use or planned, and for {setting.product.title} that is not verified: test it before."
    if fact.value is not Level.UNKNOWN:
        because = f"IPv6 is in use or planned: {fact.says}"
    return Finding(verdict=Verdict.AGAINST, because=because, sources=(fact.source,), strains=strained)


def sandboxes_left_out(setting: Setting) -> Finding | None:
    """gVisor pods have their own network stack."""
    pods = setting.case.baseline.gvisor_pods or 0
    if not pods or setting.product.constraints.gvisor:
        return None
    because = f"{pods} sandboxed pods (gVisor) would be left out."
    if setting.product.operations.proxies != "pod":
        return Finding(verdict=Verdict.AGAINST, because=because, sources=_sources(setting), strains=True)
    because = f"{because} Traffic is led to a sidecar by rules that fail, or that nobody verified, inside the sandbox."
    return Finding(verdict=Verdict.AGAINST, because=because, sources=(SANDBOXED,), strains=True)


SANDBOXED = Source(
    text="google/gvisor#12685, istio/istio#59353 (istio-init in gVisor); linkerd/linkerd2#15611 (Linkerd CNI)",
    date="2026-08-25",
)


def host_network_left_out(setting: Setting) -> Finding | None:
    """Pods on the host's network are not redirected by any mesh and not encrypted by the CNI as pods."""
    pods = setting.case.baseline.host_network_pods or 0
    if not pods or setting.approach is Approach.NO_MESH:
        return None
    return Finding(
        verdict=Verdict.AGAINST,
        because=(
            f"{pods:,} pods on the host network are not covered."
            if pods > 1
            else "One pod on the host network is not covered."
        ),
        sources=_sources(setting),
    )


def _is_older_here(setting: Setting) -> bool:
    """Whether this very product runs today at an older minor than its sheet describes."""
    current = setting.case.context.current
    runs = minor_of(current) if present_mesh(current) == setting.product.id else None
    return runs is not None and runs < version(setting.product.version)[:2]


def jobs_with_sidecars(setting: Setting) -> Finding | None:
    """A Job whose sidecar does not end never completes, unless sidecars are native (Kubernetes 1.29).

    Some meshes use such sidecars by themselves from a Kubernetes on, which the sheet says. A CronJob makes such Jobs.
    """
    jobs = jobs_of(setting.case)
    if setting.approach is not Approach.SIDECAR_MESH or not jobs:
        return None
    fact = setting.product.facts["jobs_and_init"]
    have, unasked = setting.case.baseline.kubernetes_version, setting.product.constraints.native_sidecars
    if _is_older_here(setting):
        unasked = ""  # what the sheet says of its version is not known of the older one that runs
    native = bool(version(have)) and version(have) >= NATIVE
    if native and unasked and version(have) >= version(unasked):
        because = f"{jobs} will end by themselves: on Kubernetes {have} the proxies are native sidecars unasked."
        return Finding(verdict=Verdict.FOR, because=because, sources=(fact.source,))
    because = f"{jobs} may never finish without native sidecars (Kubernetes 1.29)."
    if native and unasked:
        because = f"{jobs} will need native sidecars switched on."
    elif native:
        because = f"{jobs} will need a step of their own to finish."
    return Finding(verdict=Verdict.AGAINST, because=because, sources=(fact.source,), strains=bool(have) and not native)


NATIVE = (1, 29)
"""The first Kubernetes whose sidecar containers are on by default."""


def leaves_too_slowly(setting: Setting) -> Finding | None:
    """How fast it has to be out again, against how long that takes: proxies in pods leave only with a restart."""
    wanted, takes = setting.case.operations.exit_time, setting.product.rollout.removed_within
    restarts = setting.case.operations.pod_restarts
    slow = SLOW_RESTARTS.get(restarts or "", "") if setting.product.operations.upgrade_effect == "restart_pods" else ""
    if slow:
        takes = SPANS[-1]
    # A CNI that would have to change is spoken of by its own rule.
    if wanted not in SPANS or setting.has_own_cni is False or SPANS.index(takes) <= SPANS.index(wanted):
        return None
    product, span = setting.product, A_SPAN[wanted]
    if slow:
        because = f"It has to be out again within {span}; {product.title} leaves a pod with its restart, and {slow}."
    else:
        because = f"It has to be out again within {span}; {product.title} takes longer: {product.rollout.rollback_time}"
    return Finding(verdict=Verdict.AGAINST, because=because, sources=(product.rollout.source,), strains=True)


SLOW_RESTARTS = {
    "each_team": "each team restarts its own",
    "platform_windows": "here pods restart in agreed windows alone",
    "not_possible": "here pods cannot be restarted",
}
A_SPAN = {"hour": "one hour", "day": "one day", "month": "one month"}


def small_clusters_boot(setting: Setting) -> Finding | None:
    """On a single node, a mesh CNI and a blocking webhook can wait for each other at a cold boot."""
    hazards = set(setting.case.operations.bootstrap_hazards or ())
    small = setting.case.baseline.single_node_clusters or 0
    if not setting.is_mesh or not (hazards or small):
        return None
    what = f"{small} single-node clusters" if small else "single-node clusters"
    if "blocking_admission_webhooks" in hazards:
        what += " with admission webhooks that block"
    because = f"At a cold boot {what} can lock themselves out: the mesh and the webhook wait for each other."
    return Finding(verdict=Verdict.AGAINST, because=because)


WHOSE = "How many of those in scope are among them is not known; as many as in the whole are taken."
"""Where the must-haves cover a part of the system, and the mesh that runs another part or the same."""


def mesh_is_here(setting: Setting) -> Finding | None:
    """What runs already is known to the team and costs no introduction."""
    present = present_mesh(setting.case.context.current)
    if not same_mesh(setting.product.id, present):
        return None
    current = setting.case.context.current
    if present != setting.product.id:
        because = (
            f"Its control plane runs here today ({current}): what is added to it is all that has to be introduced."
        )
        return Finding(verdict=Verdict.FOR, because=because)
    if joined(setting.case) < 1.0:
        because = f"It runs here today ({current}), in {in_how_many(setting.case)}."
        if covers_a_part(setting.case):
            return Finding(verdict=Verdict.FOR, because=f"{because} {WHOSE}")
        because = f"{because} The others have still to join."
        return Finding(verdict=Verdict.FOR, because=because)
    because = (
        f"It runs here today ({current}), so nothing has to be introduced; today's latency was measured with its "
        "proxies in the path."
    )
    return Finding(verdict=Verdict.FOR, because=because)


RULES = (
    not_allowed_here,
    kernel_too_old,
    kubernetes_too_old,
    kubernetes_out_of_support,
    cni_out_of_support,
    version_out_of_support,
    support_ends_soon,
    cni_runs_already,
    provider_keeps_back,
    cni_would_change,
    stands_for_the_cni,
    cni_can_encrypt,
    cni_cannot_encrypt,
    ipv6_needs_care,
    sandboxes_left_out,
    host_network_left_out,
    jobs_with_sidecars,
    leaves_too_slowly,
    small_clusters_boot,
    mesh_is_here,
)

RULING = (not_allowed_here, kernel_too_old, kubernetes_too_old)

STRAINING = (
    kernel_too_old,
    kubernetes_too_old,
    version_out_of_support,
    cni_would_change,
    cni_cannot_encrypt,
    ipv6_needs_care,
    sandboxes_left_out,
    jobs_with_sidecars,
    leaves_too_slowly,
)
