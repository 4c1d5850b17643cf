"""The quick way to what comes first is exact: held against the plain judgement of every changed case."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions.advisor.case import Case, CaseError, with_answer
from decisions.advisor.catalog import Catalog, load
from decisions.advisor.contest import Contest
from decisions.advisor.contest.arena import forget
from decisions.advisor.contest.before import Before
from decisions.advisor.contest.parts import Parts
from decisions.advisor.engine import changes as changes_of
from decisions.advisor.engine import rank, recommend, standing
from decisions.advisor.flips.answers import answers
from decisions.advisor.flips.change import Change
from decisions.advisor.flips.numbers import MEASUREMENTS
from decisions.advisor.policy import under
from decisions.advisor.watching import Facets, Remembered
from tests.advisor.judging import case, must, tried
from tests.advisor.test_engine import HARD, wishes

LIMITED = {"budget": {"cpu_vcpu": 12, "memory_gib": 20, "p99_ms": 6, "money_per_month": 2500}}
CROWDED = {
    "context": {"cloud_encryption_accepted": "yes", "cni_can_encrypt": "yes", "languages": 1, "threats": ["network"]},
    "operations": {"data_path_debuggers": "two_or_more", "skills": ["ebpf", "envoy"], "pod_restarts": "each_team"},
    "baseline": {"sidecar_reserved_cpu_vcpu": 20, "sidecar_reserved_memory_gib": 30, "udp_share": 0.05},
}
RUNNING = {
    "context": {"current": "Istio sidecars"},
    "baseline": {"p99_ms": 70, "slo_p99_ms": 72, "sidecar_reserved_cpu_vcpu": 20, "sidecar_reserved_memory_gib": 30},
}
PARTLY = {"context": RUNNING["context"], "baseline": {**RUNNING["baseline"], "sidecars": 40}}
UNKNOWN = {"baseline": dict.fromkeys(("nodes", "pods", "services", "peak_rps", "cni", "p50_ms", "p99_ms"))}
SECTIONS = st.sampled_from([{}, HARD, LIMITED, CROWDED, CROWDED | LIMITED, RUNNING, PARTLY, UNKNOWN])


def changes(one: Case) -> list[Change]:
    """Every answer the other way, and every measurement doubled."""
    found = list(answers(one, rank(one, load())[0]))
    for path in MEASUREMENTS:
        section, name = path.split(".")
        if now := getattr(getattr(one, section), name):
            found.append(
                Change(answers=((path, min(now * 2, 1.0) if name.endswith("share") else now * 2),), words="", path=path)
            )
    return found


def agrees(contest: Contest, one: Case, catalog: Catalog, paths: tuple[str, ...]) -> None:
    plain = rank(one, catalog)
    quick = contest.first(one, paths)
    assert (quick.product.id, quick.ruled_out) == (plain[0].setting.product.id, plain[0].ruled_out), paths
    assert [found.key for found in contest.after(one, paths)] == [found.key for found in plain], paths
    before = {found.approach: found.key for found in contest.standing()}
    moved = any(before[found.approach] != found.key for found in plain)
    assert contest.moves(one, paths, before) == moved, paths


@settings(max_examples=12, deadline=None)
@given(wishes(), SECTIONS, st.randoms(use_true_random=False))
def test_every_change_is_judged_as_the_plain_way_judges_it(
    requirements: dict[str, Any], sections: dict[str, Any], random: Any
) -> None:
    """Single changes and pairs in any order, in one contest that remembers everything from before."""
    one = case(requirements, **sections)
    contest = Contest(one, load())
    agrees(contest, one, load(), ())
    single = changes(one)
    pairs = [tuple(random.sample(single, 2)) for _ in range(4)]
    for several in (*((change,) for change in random.sample(single, min(12, len(single)))), *pairs):
        changed = one
        try:
            for change in several:
                changed = change.applied(changed)
        except CaseError:
            continue
        agrees(contest, changed, load(), tuple(path for change in several for path in change.paths))


@settings(max_examples=25, deadline=None)
@given(wishes(), SECTIONS)
def test_many_cases_are_ranked_as_each_alone(requirements: dict[str, Any], sections: dict[str, Any]) -> None:
    """One arena serves them all, so that whatever one case leaves behind is there for the next."""
    one = case(requirements, **sections)
    quick, plain = standing(one, load()), rank(one, load())
    assert [(found.key, found.add_on_ids, found.status) for found in quick] == [
        (found.key, found.add_on_ids, found.status) for found in plain
    ]
    assert [found.costs for found in quick] == [found.costs for found in plain]


@settings(max_examples=6, deadline=None)
@given(wishes(), SECTIONS, st.lists(st.sampled_from(sorted(MEASUREMENTS)), min_size=2, max_size=3, unique=True))
def test_the_whole_answer_is_the_same_whatever_was_judged_before(
    requirements: dict[str, Any], sections: dict[str, Any], paths: list[str]
) -> None:
    """One measurement after the other is edited, as when somebody types; flips and draws included."""
    one, edited = case(requirements, **sections), []
    for path in paths:
        section, name = path.split(".")
        if now := getattr(getattr(one, section), name):
            one = with_answer(one, path, min(now * 2, 1.0) if name.endswith("share") else now * 2)
            edited.append(one)
    quick = [recommend(each, load()) for each in edited]
    for each, found in zip(edited, quick, strict=True):
        forget()
        assert recommend(each, load()) == found


def test_a_plan_changes_nothing_of_what_would_change_the_answer_and_what_is_judged_does() -> None:
    one = case({"workload_identity": must()}, operations={"pod_restarts": "each_team"})
    before = changes_of(one, load())
    planned = with_answer(one, "plan.stop_decides", "Ana")
    assert changes_of(planned, load()) is before
    other = with_answer(planned, "operations.pod_restarts", "not_possible")
    found = changes_of(other, load())
    assert found != before
    forget()
    assert changes_of(planned, load()) == before
    assert changes_of(other, load()) == found


def test_what_an_organisation_does_not_allow_comes_last_in_every_change() -> None:
    policy = {
        "not_allowed": {"sidecar-mesh": "A rule of ours", "no-mesh": "Another"},
        "planning": {"hourly_cost": [50, 70, 90]},
    }
    one = case({"workload_identity": tried("cannot"), "resilience": must()}, policy=policy)
    catalog = under(one.policy, load())
    contest = Contest(one, catalog)
    for change in changes(one):
        agrees(contest, change.applied(one), catalog, change.paths)


def test_a_part_is_worked_out_again_only_for_what_it_read() -> None:
    worked: list[object] = []

    def part(one: Case) -> object:
        worked.append(one.baseline.nodes or one.baseline.pods)
        return worked[-1]

    remembered = Remembered(part)
    before, other = case(baseline={"nodes": 5, "pods": 70}), case(baseline={"nodes": 5, "pods": 90})
    assert [remembered.of(one) for one in (before, other, before)] == [5, 5, 5]
    assert len(worked) == 1, "the pods were not read"
    without = case(baseline={"nodes": None, "pods": 70})
    assert remembered.of(without) == 70
    assert remembered.of(case(baseline={"nodes": None, "pods": 90})) == 90
    contest = Before(before, Parts(load()))
    assert contest.part(remembered) == 5


def test_keys_from_before_more_was_read_equal_none_from_after() -> None:
    facets, one = Facets(), case()
    assert facets.watch(one).baseline.nodes == 38
    before = facets.key(one)
    assert facets.watch(one).answer("resilience").simplest_fix.outcome is None
    assert facets.key(one) != before
    assert facets.seen == {"baseline.nodes", "requirements.resilience.simplest_fix.outcome"}


def test_what_is_not_judged_cannot_be_read() -> None:
    with pytest.raises(AttributeError, match="plan is not part of what is judged"):
        _ = Facets().watch(case()).plan
