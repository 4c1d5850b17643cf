"""Where a mesh runs already, the first stage says what to settle before files for an empty cluster are applied."""

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
