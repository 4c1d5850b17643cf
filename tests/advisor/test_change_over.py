"""Where a mesh runs already, the first stage says what to settle before files for an empty cluster are applied."""

from typing import Any

import pytest

from decisions.advisor.catalog import load
from decisions.advisor.engine import recommend
from tests.advisor.judging import MEASURED, case, tried

IDENTITY = {"workload_identity": tried("cannot")}


def before_the_first_stage(current: str | None) -> str:
    found = recommend(case(IDENTITY, baseline=MEASURED, context={"current": current}), load())
    install = next(stage for stage in found.plan if stage.phase == 1)
    return " ".join(install.prerequisites)


@pytest.mark.parametrize("current", ["Istio sidecar 1.27.1, a proxy in 16 pods", "Linkerd in the shop namespace"])
def test_a_mesh_that_runs_is_named_with_what_to_settle_first(current: str) -> None:
    said = before_the_first_stage(current)
    assert f"A mesh runs here today ({current})" in said
    assert "Note today's labels of each namespace first" in said


@pytest.mark.parametrize("current", [None, "Retries in libraries", "No mesh"])
def test_where_none_runs_nothing_is_said(current: str | None) -> None:
    assert "A mesh runs here today" not in before_the_first_stage(current)


HERE: dict[str, Any] = {
    "requirements": {"workload_identity": tried("cannot"), "traffic_splitting": tried("cannot")},
    "context": {"current": "Istio 1.28 with sidecars in every namespace"},
    "operations": {"data_path_debuggers": "two_or_more", "pod_restarts": "platform_windows"},
}
COUNTED = {"sidecars": 380, "sidecar_reserved_cpu_vcpu": 3.8, "sidecar_reserved_memory_gib": 19}


@pytest.mark.parametrize("counted", [{}, COUNTED])
def test_what_runs_is_not_installed_again_and_its_figures_say_where_they_are_from(counted: dict[str, float]) -> None:
    sections = {key: value for key, value in HERE.items() if key != "requirements"}
    found = recommend(case(HERE["requirements"], baseline=MEASURED | counted, **sections), load())
    assert found.product == "istio-sidecar"
    assert "Nothing is introduced: it runs here today" in found.next_step
    assert "Install" not in found.next_step
    reasons = {one.rule: one.because for one in found.best.reasons}
    assert "today's latency was measured with its proxies in the path" in reasons["mesh_is_here"]
    if counted:
        assert "380 pods already: those of today reserve 19 GiB of memory" in reasons["sidecar_tax"]
        assert "as today's sidecars reserve them" in found.best.overhead.basis
    else:
        assert "already: projected, since nobody has counted what they reserve" in reasons["sidecar_tax"]


def test_what_does_not_run_yet_is_projected_and_installed() -> None:
    found = recommend(case(HERE["requirements"], operations=HERE["operations"], baseline=COUNTED), load())
    assert "Nothing is introduced" not in found.next_step
    sidecars = next(one for one in found.ranking if one.product == "istio-sidecar")
    said = next(one.because for one in sidecars.reasons if one.rule == "sidecar_tax")
    assert "412 pods: projected, likely" in said
