"""The article's own rules: when each approach makes sense, and when it is overkill or wrong."""

from typing import Any

import pytest

from decisions.advisor.recommendation import Approach, Verdict
from tests.advisor.judging import case, must, ranking, reason, tried

SIDECAR, EBPF, CNI, NONE = Approach.SIDECAR_MESH, Approach.EBPF_MESH, Approach.CNI_ENCRYPTION, Approach.NO_MESH
ROUTING = {"traffic_splitting": tried("not_enough")}
IDENTITY = {"workload_identity": tried("cannot")}
METRICS = {"request_metrics": tried("not_enough")}
CENTRAL = {"central_control": tried("not_enough")}
WIRE = {"encryption_between_nodes": must()}
EGRESS = {"egress_control": tried("not_enough")}
NOBODY: dict[str, Any] = {"operations": {"data_path_debuggers": "nobody"}}
EXPERTS: dict[str, Any] = {"operations": {"data_path_debuggers": "two_or_more", "skills": ["ebpf", "envoy", "pki"]}}
CALICO: dict[str, Any] = {"baseline": {"cni": "Calico"}}

SAYS = [
    (SIDECAR, "sidecar_has_rich_routing", ROUTING, {}, Verdict.FOR, "Canary and A/B routing"),
    (SIDECAR, "sidecar_gives_zero_trust", IDENTITY, {}, Verdict.FOR, "Mutual TLS ends in the pod"),
    (SIDECAR, "sidecar_sees_every_request", METRICS, {}, Verdict.FOR, "the same request metrics"),
    (SIDECAR, "sidecar_centralises_networking", CENTRAL, {}, Verdict.FOR, "set in one control plane"),
    (
        SIDECAR,
        "sidecar_without_routing_is_overkill",
        WIRE,
        {},
        Verdict.AGAINST,
        "No must-have needs a proxy that reads",
    ),
    (SIDECAR, "sidecar_tax", WIRE, {}, Verdict.AGAINST, "3 calls in sequence pass 6 proxies"),
    (SIDECAR, "sidecar_operations", WIRE, {}, Verdict.AGAINST, "Certificates, control plane upgrades, injection"),
    (SIDECAR, "nobody_can_debug", WIRE, NOBODY, Verdict.AGAINST, "a tool the team cannot operate is a liability"),
    (EBPF, "ebpf_spares_sidecars", EGRESS, {}, Verdict.FOR, "no container per pod"),
    (EBPF, "ebpf_joins_network_and_observability", EGRESS, {}, Verdict.FOR, "One agent gives egress control"),
    (EBPF, "ebpf_has_expertise", EGRESS, EXPERTS, Verdict.FOR, "have repaired this layer before"),
    (EBPF, "ebpf_depends_on_kernel", EGRESS, {}, Verdict.AGAINST, "kernel features of every node"),
    (EBPF, "ebpf_is_thinner_at_l7", ROUTING, {}, Verdict.AGAINST, "thinner than a proxy mesh's"),
    (EBPF, "ebpf_lacks_expertise", EGRESS, NOBODY | CALICO, Verdict.AGAINST, "low-level networking expertise"),
    (CNI, "cni_only_encrypts", WIRE, {}, Verdict.FOR, "Encryption on the wire is the whole need"),
    (CNI, "cni_lacks_request_control", WIRE | ROUTING, {}, Verdict.AGAINST, "traffic splitting would stay open"),
    (CNI, "cni_lacks_request_control", WIRE | METRICS, {}, Verdict.AGAINST, "request metrics would stay open"),
    (CNI, "cni_lacks_request_control", WIRE, {}, Verdict.AGAINST, "It brings no routing, retries or circuit breaking"),
    (NONE, "no_mesh_suffices", {}, {}, Verdict.FOR, "there is no problem here for a mesh to solve"),
    (
        NONE,
        "no_mesh_suffices",
        {"resilience": tried("works")},
        {},
        Verdict.FOR,
        "met in code, at the edge or by policies",
    ),
    (NONE, "must_stays_open", IDENTITY, {}, Verdict.RULES_OUT, "Leaves the must-have workload identity open"),
]


@pytest.mark.parametrize(("approach", "rule", "requirements", "sections", "verdict", "words"), SAYS)
def test_a_rule_puts_its_sentence_into_the_record(
    approach: Approach, rule: str, requirements: dict[str, Any], sections: dict[str, Any], verdict: Verdict, words: str
) -> None:
    found = reason(ranking(case(requirements, **sections))[approach], rule)
    assert found is not None
    assert found.verdict is verdict
    assert words in found.because


SILENT = [
    (SIDECAR, "sidecar_has_rich_routing", WIRE, {}),
    (SIDECAR, "sidecar_gives_zero_trust", WIRE, {}),
    (SIDECAR, "sidecar_sees_every_request", WIRE, {}),
    (SIDECAR, "sidecar_centralises_networking", WIRE, {}),
    (SIDECAR, "sidecar_without_routing_is_overkill", ROUTING, {}),
    (SIDECAR, "nobody_can_debug", WIRE, EXPERTS),
    (EBPF, "ebpf_joins_network_and_observability", WIRE, {}),
    (EBPF, "ebpf_has_expertise", EGRESS, NOBODY),
    (EBPF, "ebpf_is_thinner_at_l7", EGRESS, {}),
    (EBPF, "ebpf_lacks_expertise", EGRESS, EXPERTS | CALICO),
    (CNI, "cni_only_encrypts", ROUTING, {}),
    (NONE, "no_mesh_suffices", IDENTITY, {}),
]


@pytest.mark.parametrize(("approach", "rule", "requirements", "sections"), SILENT)
def test_a_rule_is_silent_where_it_does_not_apply(
    approach: Approach, rule: str, requirements: dict[str, Any], sections: dict[str, Any]
) -> None:
    assert reason(ranking(case(requirements, **sections))[approach], rule) is None


def test_every_rule_of_the_article_is_tested() -> None:
    from decisions.advisor.rules import approach as article

    tested = {rule for _, rule, *_ in SAYS}
    untested = {rule.__name__ for rule in article.RULES} - tested
    assert untested == {"cni_is_unused", "mesh_without_need"}, "each rule needs a row in SAYS or a test of its own"


def test_encryption_nobody_asked_for_is_said_to_be_unused() -> None:
    found = reason(ranking(case({"grpc_load_balancing": must("incident")}))[CNI], "cni_is_unused")
    assert found is not None
    assert "Nobody asked for encryption" in found.because


def test_a_mesh_without_a_need_is_called_that() -> None:
    found = reason(ranking(case({"resilience": tried("works")}))[SIDECAR], "mesh_without_need")
    assert found is None, "a sidecar mesh meets resilience itself, so it carries something"
    found = reason(ranking(case({}))[SIDECAR], "mesh_without_need")
    assert found is not None
