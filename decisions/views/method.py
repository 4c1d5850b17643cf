"""How we judge: every rule, every planning value, and everything we know of each product, with its source."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from decisions.advice import catalogue
from decisions.advisor.catalog import Fact, Level, Planning
from decisions.advisor.questionnaire import EVIDENCE_LADDER, Rung
from decisions.advisor.recommendation import APPROACH_TITLES, ENGINE_VERSION, Approach
from decisions.advisor.requirements import BY_ID, REQUIREMENTS
from decisions.advisor.rules import RULES
from decisions.languages.sheets import in_words

RULE_GROUPS = {
    "approach": "Which approach makes sense, and when it is too much",
    "platform": "What your platform allows",
    "team": "What your team can carry",
    "limits": "What fits your limits",
}
"""Name of the module a rule stands in -> heading."""

CAPABILITY_GROUPS: Mapping[str, Mapping[str, str]] = {
    "Encryption and identity": {
        "enc_node_to_node": "Encryption between nodes",
        "enc_same_node": "Encryption on the same node",
        "enc_udp": "Encryption of UDP",
        "workload_identity_mtls": "Mutual TLS with workload identity",
        "strict_mtls": "Refuses plain text",
        "fips": "FIPS-validated cryptography",
        "cert_rotation_auto": "Certificates rotate by themselves",
    },
    "Who may talk to whom": {
        "l3l4_policy": "Policy on address and port",
        "l7_authz": "Authorization per request",
        "jwt": "Token checks",
        "egress_control": "Control of outgoing calls",
    },
    "Traffic": {
        "retries": "Retries",
        "timeouts": "Timeouts",
        "circuit_breaking": "Circuit breaking",
        "rate_limiting": "Rate limits",
        "traffic_split": "Traffic splitting",
        "header_routing": "Routing by header",
        "mirroring": "Mirroring",
        "fault_injection": "Fault injection",
        "grpc_lb": "Even gRPC load",
        "locality_lb": "Locality and failover",
        "gateway_api_gamma": "Gateway API for services",
    },
    "What you can see": {
        "request_metrics": "Request metrics",
        "access_logs": "Access logs",
        "tracing": "Tracing",
        "flow_metrics": "Flow logs and metrics",
    },
    "Where it runs": {
        "multicluster": "Several clusters",
        "vm_workloads": "Virtual machines",
        "windows_nodes": "Windows nodes",
        "non_http": "Protocols beside HTTP",
        "kernel_min": "Kernel",
        "jobs_and_init": "Jobs and init containers",
        "no_per_pod_proxy": "No proxy in every pod",
        "no_privileged_init": "No privileged init container",
    },
    "Keeping it": {
        "upgrade_no_restart": "Upgrades without restarting pods",
        "licence_cost": "Stable artefacts under an open licence",
        "cncf_maturity": "CNCF maturity",
    },
}
"""Every capability of the catalogue with its name for people."""

LEVELS: Mapping[Level, str] = {
    Level.FULL: "Yes",
    Level.PARTIAL: "In part",
    Level.NEEDS_EXTRA: "With something extra",
    Level.NONE: "No",
    Level.UNKNOWN: "Not verified",
}


@dataclass(frozen=True, kw_only=True)
class RuleLine:
    """A rule as the page names it: its stable id, and its sentence."""

    id: str
    says: str


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One fact of a sheet in words."""

    title: str
    level: str
    value: str
    fact: Fact


@login_not_required
def method(request: HttpRequest) -> HttpResponse:
    """How an answer comes about, and what its limits are."""
    catalog = catalogue()
    context = {
        "catalog": catalog,
        "engine": ENGINE_VERSION,
        "rules": rules(),
        "rule_count": len(RULES),
        "ladder": [(one, rung(one)) for one in EVIDENCE_LADDER],
        "requirements": REQUIREMENTS,
        "approaches": [
            (APPROACH_TITLES[approach], [one for one in catalog.products.values() if one.approach is approach])
            for approach in Approach
        ],
        "add_ons": [(one, nouns_of(one.meets)) for one in catalog.add_ons.values()],
        "planning": [planned(name, one) for name, one in sorted(catalog.planning.items())],
        "fact_count": sum(len(one.facts) for one in catalog.products.values()),
    }
    return render(request, "method/method.html", context)


def nouns_of(requirements: Sequence[str]) -> list[str]:
    """The requirements as nouns."""
    return [BY_ID[one].noun for one in requirements]


@login_not_required
def sheet(request: HttpRequest, sheet: str) -> HttpResponse:
    """Everything the catalogue says of one product, or of one small measure."""
    catalog = catalogue()
    if product := catalog.products.get(sheet):
        groups = [
            (group, [cell(title, product.facts[name]) for name, title in names.items() if name in product.facts])
            for group, names in CAPABILITY_GROUPS.items()
        ]
        context = {
            "product": product,
            "approach": APPROACH_TITLES[product.approach],
            "groups": groups,
            "offers": [(name.upper(), nouns_of(one.meets), one) for name, one in product.constraints.providers.items()],
            "filled": any("{" in one.text for one in product.advisories),
        }
        return render(request, "method/product.html", context | {"catalog": catalog})
    if add_on := catalog.add_ons.get(sheet):
        meets = [BY_ID[requirement] for requirement in add_on.meets]
        return render(request, "method/add_on.html", {"add_on": add_on, "meets": meets, "catalog": catalog})
    raise Http404


def rules() -> list[tuple[str, list[RuleLine]]]:
    """All rules under the headings of their modules, each with the first line of its docstring."""
    found: dict[str, list[RuleLine]] = defaultdict(list)
    for rule in RULES:
        module = rule.__module__.rpartition(".")[2]
        says = (rule.__doc__ or "").strip().splitlines()[0]
        found[RULE_GROUPS.get(module, module)].append(RuleLine(id=rule.__name__, says=says))
    return list(found.items())


def cell(title: str, fact: Fact) -> Cell:
    """A fact with the words for its level."""
    return Cell(title=title, level=LEVELS[fact.value], value=fact.value.value, fact=fact)


def planned(name: str, one: Planning) -> tuple[str, tuple[str, ...], Planning]:
    """A planning value: its name in words, low, likely and high as they are written, and what stands behind it."""
    ends = (one.value.low, one.value.likely, one.value.high)
    return one.title or in_words(name), tuple(f"{end:g}" for end in ends), one


def rung(one: Rung) -> str:
    """Whether a must-have may rest on this kind of evidence."""
    return "Keeps a must-have" if one.keeps_must else "Makes it a nice-to-have"
