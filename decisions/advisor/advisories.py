"""What a record must say about the chosen composition: the traps, limits and duties of the sheets that apply here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from decisions.advisor.case import Case
from decisions.advisor.catalog import AddOnSheet, Product
from decisions.advisor.conditions import holds, is_single_node, l7_musts, names_cni
from decisions.advisor.quantities import Range, counted, number, percent
from decisions.advisor.recommendation import Advisory, Overhead
from decisions.advisor.scope import namespaces_for, scope_of
from decisions.advisor.setting import jobs_of, meshed_pods


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What the engine found out about the chosen composition, for notes that state its size."""

    hours: Range | None = None
    overhead: Overhead | None = None


NOTHING_KNOWN = Chosen()


def advise(
    case: Case, product: Product, add_ons: Iterable[AddOnSheet], chosen: Chosen = NOTHING_KNOWN
) -> tuple[Advisory, ...]:
    """The notes of the product and its add-ons whose condition holds, filled from the case, each said once."""
    words, joined = _words(case, chosen), tuple(add_ons)
    said: dict[tuple[str, str], Advisory] = {}
    # What the product says of a matter, a small measure beside it need not say again.
    own = {(note.topic, note.when) for note in product.advisories}
    beside = (note for sheet in joined for note in sheet.advisories if (note.topic, note.when) not in own)
    for note in (*product.advisories, *beside):
        if holds(note.when, case, product, joined):
            text = note.text.format_map(words)
            advisory = Advisory(topic=note.topic, text=text[:1].upper() + text[1:], sources=(note.source,))
            said.setdefault((advisory.topic, advisory.text), advisory)
    return tuple(said.values())


def _words(case: Case, chosen: Chosen) -> Mapping[str, str]:
    """Every placeholder a sheet may use, with words that also read well when the case does not say."""
    return {**_sizes(case), **_people(case), **_found(chosen)}


def _sizes(case: Case) -> Mapping[str, str]:
    baseline = case.baseline
    lifetime = baseline.pod_max_lifetime_days
    share = baseline.udp_share
    return {
        "sidecars": _many(meshed_pods(case), "sidecar", "one sidecar in every pod", about=True),
        "node_proxies": _node_proxies(case),
        "nodes": _many(baseline.nodes, "node", "your number of nodes"),
        "clusters": _many(baseline.clusters, "cluster", "your clusters"),
        "jobs": jobs_of(case) or "Jobs",
        "machines": _many(baseline.virtual_machines, "virtual machine", "virtual machines"),
        "windows_nodes": _many(baseline.windows_nodes, "Windows node", "Windows nodes"),
        "gvisor_pods": _many(baseline.gvisor_pods, "pod", "the pods in sandboxes"),
        "host_network_pods": _many(baseline.host_network_pods, "pod", "some pods"),
        "virtual_node_pods": _many(baseline.virtual_node_pods, "pod", "some pods"),
        "long_connections": _many(baseline.long_lived_connections, "connection", "some connections"),
        "existing_sidecars": _many(baseline.sidecars, "sidecar", "sidecars"),
        "single_node_clusters": _on_single_nodes(case),
        "udp_share": percent(share) if share else "a part",
        "kubernetes": baseline.kubernetes_version or "of a version not stated",
        "cni": baseline.cni or "another CNI",
        "cni_you_run": "the CNI you already run" if names_cni(case, "cilium") else "Cilium as your CNI",
        "lifetime": f" ({counted(lifetime, 'day')}, as you have it)"
        if lifetime
        else " (about two weeks in large estates)",
        "skew": f" ({baseline.busiest_pod_ratio:g} today)" if baseline.busiest_pod_ratio else "",
        "waypoint_namespaces": _waypoint_scope(case, l7_musts(case)) or "the namespaces with rules on requests",
    }


def _people(case: Case) -> Mapping[str, str]:
    operations, context = case.operations, case.context
    debuggers = {
        "nobody": "nobody on call has repaired this layer before",
        "one": "one person on call has repaired this layer before",
    }
    languages = context.languages
    return {
        "ca_owner": (operations.ca_owner or "").strip() or "nobody yet",
        "teams": _many(context.application_teams or case.baseline.teams, "team", "the teams"),
        "languages": f"the {languages} languages" if languages and languages > 1 else "your languages",
        "debuggers": debuggers.get(operations.data_path_debuggers or "", "it is not said who can repair this layer"),
    }


def _found(chosen: Chosen) -> Mapping[str, str]:
    over = chosen.overhead
    resources = "Their CPU and memory stand in the overhead table."
    if over:
        known = over.cpu_vcpu.low == over.cpu_vcpu.high and over.memory_gib.low == over.memory_gib.high
        takes = "Those of today reserve" if known else "Together they are projected to take"
        resources = f"{takes} {_spread(over.cpu_vcpu, 'vCPU')} and {_spread(over.memory_gib, 'GiB')}."
    return {
        "hours": _spread(chosen.hours, "hours") if chosen.hours else "the hours stated under operational cost",
        "resources": resources,
    }


def _spread(value: Range, unit: str) -> str:
    if value.low == value.high:
        return f"{number(value.likely)} {unit}"
    return f"{number(value.likely)} {unit} ({number(value.low)} to {number(value.high)})"


def _many(count: int | None, one: str, unknown: str, *, about: bool = False) -> str:
    """A count as people say it: "1 cluster", "about 5,000 sidecars", or the words for a count nobody gave."""
    if not count:
        return unknown
    return f"{'about ' if about else ''}{count:,} {one}{'' if count == 1 else 's'}"


def _node_proxies(case: Case) -> str:
    baseline = case.baseline
    if baseline.nodes:
        return _many(baseline.nodes, "node proxy", "").replace("proxys", "proxies")
    if baseline.clusters and baseline.nodes_per_cluster_max:
        return f"at most {baseline.clusters * baseline.nodes_per_cluster_max:,} node proxies"
    return "one proxy on each node"


def _on_single_nodes(case: Case) -> str:
    """Ends a clause: where the deadlock waits; empty when no cluster has a single node."""
    if not is_single_node(case):
        return ""
    count = case.baseline.single_node_clusters
    return f" on the {_many(count, 'single-node cluster', 'single-node clusters')}"


def _waypoint_scope(case: Case, musts: tuple[str, ...]) -> str:
    """What the rules on requests cover, "the 3 namespaces with L7 rules"; empty when one of them covers all."""
    namespaces = namespaces_for(case, musts)
    if namespaces is not None:
        return f"the {_many(namespaces, 'namespace', '')} with L7 rules"
    services = [scope_of(case, must).services for must in musts]
    if services and all(services):
        return f"the {_many(max(one or 0 for one in services), 'service', '')} with L7 rules"
    return ""
