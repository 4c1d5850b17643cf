"""What the team can carry: who is awake, how often it upgrades, who may restart what, which support it needs."""

from decisions.advisor.catalog import Level
from decisions.advisor.clouds import provider_of_cni
from decisions.advisor.measures import affected_services, distinct
from decisions.advisor.present import present_mesh, same_control_plane
from decisions.advisor.quantities import counted
from decisions.advisor.recommendation import Approach, Source, Verdict
from decisions.advisor.requirements import BY_ID
from decisions.advisor.rules.approach import ebpf_lacks_expertise
from decisions.advisor.setting import Finding, Setting, nouns


def nobody_can_debug(setting: Setting) -> Finding | None:
    """A tool that the team cannot operate safely is a liability."""
    if not setting.is_mesh or setting.case.operations.data_path_debuggers != "nobody":
        return None
    return Finding(
        verdict=Verdict.AGAINST,
        because="Nobody on call can debug the network data path yet; a tool the team cannot operate is a liability.",
        sources=(setting.product.operations.source,),
        strains=True,
    )


def one_can_debug(setting: Setting) -> Finding | None:
    """One named person is a holiday away from nobody."""
    if not setting.is_mesh or setting.case.operations.data_path_debuggers != "one":
        return None
    because = "One person can debug the data path; that is a holiday away from nobody."
    return Finding(verdict=Verdict.AGAINST, because=because)


def team_can_debug(setting: Setting) -> Finding | None:
    """Two or more people, or a vendor, carry the night shifts; what those people lack is said in the same breath."""
    if setting.case.operations.data_path_debuggers == "two_or_more" and DATA_PATH & {*_unnamed(setting)}:
        return None
    who = {
        "two_or_more": "Two or more people on call can debug the data path.",
        "vendor": "A vendor or your cloud answers for the data path at night.",
    }.get(setting.case.operations.data_path_debuggers or "")
    if not setting.is_mesh or not who:
        return None
    return Finding(verdict=Verdict.FOR, because=who)


DATA_PATH = frozenset({"ebpf", "envoy"})
"""Skills without which a data path is not debugged."""


def _unnamed(setting: Setting) -> tuple[str, ...]:
    """The skills that the product asks of the team here and nobody has named.

    Whoever runs the CNI answers for its kernel programs; for its proxy too where nothing carried reads requests.
    """
    have, asked = setting.case.operations.skills, setting.product.operations.skills
    if have is None:
        return ()
    if setting.run_by_provider:
        spared = {"ebpf"} if {*setting.l7_musts} & {*setting.carried} else DATA_PATH
        asked = tuple(one for one in asked if one not in spared)
    return tuple(one for one in asked if one not in have)


def missing_skills(setting: Setting) -> Finding | None:
    """Skills the product asks for and nobody has named; what another rule says of eBPF is not said again."""
    said = ("ebpf",) if ebpf_lacks_expertise(setting) else ()
    missing = [skill for skill in _unnamed(setting) if skill not in said]
    if not missing or setting.approach is Approach.NO_MESH:
        return None
    names = {"envoy": "Envoy", "ebpf": "eBPF", "pki": "certificates", "kubernetes_networking": "Kubernetes networking"}
    words = " and ".join(names.get(skill, skill) for skill in missing)
    because = f"It asks for skills nobody has named: {words}."
    able = setting.is_mesh and setting.case.operations.data_path_debuggers == "two_or_more"
    if able and not said and DATA_PATH & {*missing}:
        because = (
            f"Two or more people on call can debug the data path, but nobody has named skills it asks for: {words}."
        )
    return Finding(verdict=Verdict.AGAINST, because=because, sources=(setting.product.operations.source,))


def upgrades_fall_behind(setting: Setting) -> Finding | None:
    """Falling behind support is the usual end."""
    have, need = setting.case.operations.upgrades_per_year, setting.product.operations.upgrades_per_year
    # The answer is a whole number: whoever says two does not fall behind a cadence of 2.1.
    if have is None or have >= round(need) or setting.approach is Approach.NO_MESH:
        return None
    because = (
        f"Staying within support takes {need:g} minor upgrades a year; you can carry out {have}. "
        "It would fall out of support."
    )
    return Finding(verdict=Verdict.AGAINST, because=because, sources=(setting.product.operations.source,), strains=True)


def restarts_are_impossible(setting: Setting) -> Finding | None:
    """Sidecars are upgraded by restarting their pods."""
    if setting.product.operations.upgrade_effect != "restart_pods":
        return None
    if setting.case.operations.pod_restarts != "not_possible":
        return None
    return Finding(
        verdict=Verdict.RULES_OUT,
        because="Its proxies are upgraded by restarting every pod, which is not possible here.",
        sources=(setting.product.facts["upgrade_no_restart"].source,),
    )


def restarts_need_teams(setting: Setting) -> Finding | None:
    """Where each team restarts its own pods, an upgrade waits for the slowest."""
    if setting.product.operations.upgrade_effect != "restart_pods":
        return None
    who = setting.case.operations.pod_restarts
    teams = setting.case.context.application_teams or setting.case.baseline.teams
    if who == "each_team":
        number = "each team" if not teams else f"{teams:,} teams" if teams > 1 else "one team"
        because = f"Every upgrade restarts every pod, and {number} would have to do it."
        return Finding(
            verdict=Verdict.AGAINST,
            because=because,
            sources=(setting.product.facts["upgrade_no_restart"].source,),
            strains=bool(teams and teams > 8),
        )
    if who in {"platform_any_time", "platform_windows"}:
        return Finding(
            verdict=Verdict.FOR, because="The platform team may restart pods, so upgrades of proxies can finish."
        )
    return None


def connections_would_reset(setting: Setting) -> Finding | None:
    """A node proxy's upgrade cuts the long-lived connections of its node."""
    if setting.product.operations.upgrade_effect != "reset_connections":
        return None
    may, number = setting.case.operations.connection_resets, setting.case.baseline.long_lived_connections
    if may == "yes" or number == 0:
        return None
    source = setting.product.facts["upgrade_no_restart"].source
    many = f" ({number:,} open for more than an hour)" if number else ""
    if may == "no":
        because = f"An upgrade of the node proxy resets long-lived connections{many}, which must not happen here."
        return Finding(verdict=Verdict.AGAINST, because=because, sources=(source,), strains=True)
    because = f"An upgrade of the node proxy resets long-lived connections{many}: drain nodes or use a window."
    return Finding(verdict=Verdict.AGAINST, because=because, sources=(source,))


def authority_has_no_owner(setting: Setting) -> Finding | None:
    """An expired root stops everything."""
    if not setting.product.operations.certificate_authority:
        return None
    owner = setting.case.operations.ca_owner
    source = setting.product.facts["cert_rotation_auto"].source
    runs = same_control_plane(setting.product.id, present_mesh(setting.case.context.current))
    if owner and runs:
        because = f"Its certificate authority runs here; who owns it and its expiry alert is answered: “{owner}”."
    elif owner:
        because = f"It brings a certificate authority to keep; its owner and alert, as answered: “{owner}”."
    elif runs:
        because = "Its certificate authority runs here already, and nobody is named who owns it and its expiry alert."
    else:
        because = (
            "It brings a certificate authority, and nobody is named yet who owns it and the alert before it expires."
        )
    return Finding(verdict=Verdict.AGAINST, because=because, sources=(source,))


def stable_artifacts_are_missing(setting: Setting) -> Finding | None:
    """A wish for stable open-source artefacts that the project does not publish."""
    fact = setting.product.facts["licence_cost"]
    if fact.value is Level.FULL or setting.case.operations.support not in {"stable_open_source", "community"}:
        return None
    because = f"You want stable open-source artefacts: {fact.says}"
    return Finding(verdict=Verdict.AGAINST, because=because, sources=(fact.source,), strains=True)


def cloud_does_not_run_it(setting: Setting) -> Finding | None:
    """A wish for what one's cloud manages, and a mesh whose control plane the team would run."""
    if setting.case.operations.support != "managed" or not setting.is_mesh:
        return None
    theirs = bool(setting.product.constraints.cni and setting.has_own_cni and provider_of_cni(setting.case))
    if theirs or same_control_plane(setting.product.id, present_mesh(setting.case.context.current)):
        return None
    because = (
        f"You want what your cloud manages, and {setting.product.title} is run by whoever installs it. Meshes that a "
        "cloud runs (Cloud Service Mesh on GKE, the Istio add-on of AKS) have no sheet here: ask your cloud for one."
    )
    return Finding(verdict=Verdict.AGAINST, because=because, sources=(MANAGED_MESHES,), strains=True)


MANAGED_MESHES = Source(
    text="Google Cloud documentation, Cloud Service Mesh, supported platforms; Azure documentation, Istio-based "
    "service mesh add-on for AKS",
    date="2026",
)


def fix_is_a_project(setting: Setting) -> Finding | None:
    """Work in the services that the team itself counts in days, and that is more than one engineer's year."""
    days = setting.case.context.fix_days_per_service
    if days is None:
        return None
    open_ = [one for one in distinct(setting.add_ons) if one.sheet.touches == "services" and one.outcome != "works"]
    work = sum(days * (affected_services(setting.case, one.requirement) or 0) for one in open_)
    if work <= PROJECT_DAYS:
        return None
    because = (
        f"{counted(work, 'day')} of work in the services, by your own count, is a project and no small measure: more "
        f"than a year of one engineer (planning value {PROJECT_DAYS} days)."
    )
    return Finding(verdict=Verdict.AGAINST, because=because, strains=True)


PROJECT_DAYS = 200
"""Planning value: the working days of a year."""


def vendor_build_is_needed(setting: Setting) -> Finding | None:
    """A build that only vendors make, against a wish for community support."""
    vendors = [one for one in setting.needs.musts if _only_vendors(setting, one)]
    if not vendors or setting.case.operations.support not in {"stable_open_source", "community"}:
        return None
    because = f"For {nouns(tuple(vendors))} a vendor's build is needed, which is not the support you asked for."
    sources = tuple(setting.product.facts[name].source for one in vendors for name in BY_ID[one].capabilities)
    return Finding(verdict=Verdict.AGAINST, because=because, sources=sources, strains=True)


def _only_vendors(setting: Setting, must: str) -> bool:
    carried = must in setting.carried
    return carried and any(setting.product.facts[name].extra == "vendor" for name in BY_ID[must].capabilities)


def node_keys_and_hacked_nodes(setting: Setting) -> Finding | None:
    """Keys per node do not help against whoever owns the node."""
    secrecy = SECRECY & {*setting.carried, *_closed_at_the_node(setting)}
    threatened = "compromised_node" in (setting.case.context.threats or ())
    if not threatened or not secrecy:
        return None
    by_identity = not SECRECY & {*_closed_at_the_node(setting)}
    if by_identity and setting.is_mesh and setting.product.operations.certificate_authority:
        # Identities of workloads on other nodes stay safe, whether the proxy sits in the pod or on the node.
        because = (
            "You named a hacked node: whoever controls it controls its proxies and their keys, in sidecars as in a "
            "node proxy. Only nodes of their own keep sensitive workloads apart."
        )
        return Finding(verdict=Verdict.AGAINST, because=because, sources=(NODE_COMPROMISE,))
    because = "You named a hacked node: keys that a node holds for all its pods do not help against it."
    return Finding(verdict=Verdict.AGAINST, because=because, strains=True)


NODE_COMPROMISE = Source(text="istio.io, Security Model", date="2026")


SECRECY = frozenset({"encryption_between_nodes", "encryption_same_node", "workload_identity"})


def _closed_at_the_node(setting: Setting) -> tuple[str, ...]:
    """Musts closed by a measure outside the services: its keys lie with the node or with whoever runs it."""
    return tuple(one.requirement for one in setting.add_ons if one.sheet.touches != "services")


def encryption_and_hacked_pods(setting: Setting) -> Finding | None:
    """A hacked pod sits behind the encryption; identity and segmentation stop it."""
    threatened = "compromised_pod" in (setting.case.context.threats or ())
    guarded = {"workload_identity", "network_segmentation", "l7_authorization"} & set(setting.needs.musts)
    if setting.approach is not Approach.CNI_ENCRYPTION or not threatened or guarded:
        return None
    because = "You named a hacked pod: it sits behind this encryption. Segmentation or identity would stop it."
    return Finding(verdict=Verdict.AGAINST, because=because)


def identity_is_the_point(setting: Setting) -> Finding | None:
    """Encryption alone does not prove who is calling."""
    if "workload_identity" not in setting.needs.musts or setting.approach is not Approach.CNI_ENCRYPTION:
        return None
    return Finding(
        verdict=Verdict.AGAINST,
        because="Identity is the must-have; encryption alone would not do: node keys do not say which workload calls.",
        requirement="workload_identity",
        sources=(setting.product.facts["workload_identity_mtls"].source,),
    )


def proof_is_a_task(setting: Setting) -> Finding | None:
    """A declared control that is not deployed is worse than none."""
    # Where a small measure meets it, that says so.
    if "audit_proof" not in setting.needs.musts or any(one.requirement == "audit_proof" for one in setting.add_ons):
        return None
    return Finding(
        verdict=Verdict.FOR if "audit_proof" not in setting.unmet else Verdict.AGAINST,
        because="The daily proof is a task of the plan, whatever is chosen: a check whose result is kept.",
        requirement="audit_proof",
    )


RULES = (
    team_can_debug,
    one_can_debug,
    nobody_can_debug,
    missing_skills,
    upgrades_fall_behind,
    restarts_are_impossible,
    restarts_need_teams,
    connections_would_reset,
    authority_has_no_owner,
    stable_artifacts_are_missing,
    cloud_does_not_run_it,
    vendor_build_is_needed,
    fix_is_a_project,
    node_keys_and_hacked_nodes,
    encryption_and_hacked_pods,
    identity_is_the_point,
    proof_is_a_task,
)

RULING = (restarts_are_impossible,)

STRAINING = (
    nobody_can_debug,
    upgrades_fall_behind,
    restarts_need_teams,
    connections_would_reset,
    stable_artifacts_are_missing,
    cloud_does_not_run_it,
    vendor_build_is_needed,
    fix_is_a_project,
    node_keys_and_hacked_nodes,
)
