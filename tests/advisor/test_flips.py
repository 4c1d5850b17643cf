"""What would change the answer: each flip is true, the threshold is the nearest, and pairs are minimal."""

import pytest

from decisions.advisor.case import Case, get, with_answer
from decisions.advisor.catalog import load
from decisions.advisor.contest import Contest
from decisions.advisor.contest.arena import Arena
from decisions.advisor.engine import recommend
from decisions.advisor.flips import numbers, search
from decisions.advisor.flips.change import Change
from decisions.advisor.quantities import number
from decisions.advisor.recommendation import Flip, Recommendation
from tests.advisor.judging import best, case, must, tried

CASES = {
    "wire": case({"encryption_between_nodes": must(), "workload_identity": {"need": "nice"}}),
    "identity": case({"workload_identity": tried("cannot"), "l7_authorization": tried("cannot")}),
    "grpc": case(
        {"grpc_load_balancing": tried("not_tried", "incident")},
        baseline={"busiest_pod_ratio": 3.4, "cni": "Calico"},
        context={"languages": 2, "application_teams": 4},
    ),
    "limits": case({"workload_identity": tried("cannot")}, budget={"memory_gib": 20, "p99_ms": 5}),
    "nothing": case({}),
}
ANSWERS = {name: recommend(one, load()) for name, one in CASES.items()}


def changed(one: Case, flip: Flip) -> Case:
    for path, value in flip.answers:
        one = with_answer(one, path, value)
    return one


def what(found: Recommendation) -> tuple[str, str]:
    return found.approach, found.product


@pytest.mark.parametrize("name", CASES)
def test_every_flip_is_true(name: str) -> None:
    assert ANSWERS[name].flips
    for flip in ANSWERS[name].flips:
        after = best(changed(CASES[name], flip)).setting
        differs = after.product.id != ANSWERS[name].product
        assert differs is flip.changes_answer
        assert after.approach is flip.approach


@pytest.mark.parametrize("name", CASES)
def test_flips_come_nearest_first_and_no_more_than_anybody_reads(name: str) -> None:
    changing = [flip for flip in ANSWERS[name].flips if flip.changes_answer]
    other = [flip for flip in changing if flip.approach is not ANSWERS[name].approach]
    assert len(other) <= search.MOST + search.PAIRS
    assert len({flip.change for flip in changing}) == len(changing)


def test_an_open_trial_comes_before_an_answer_and_that_before_a_new_wish() -> None:
    words = [flip.change for flip in ANSWERS["grpc"].flips if flip.changes_answer]
    trial = next(place for place, text in enumerate(words) if "shows that this is not enough" in text)
    wish = next(place for place, text in enumerate(words) if "Evidence turns up" in text)
    assert trial == 0 < wish


def test_a_threshold_is_the_last_value_of_three_digits_that_flips() -> None:
    one = case({"grpc_load_balancing": tried("works", "incident")}, baseline={"busiest_pod_ratio": 3.4})
    at_hand = best(one).setting.add_ons
    assert at_hand

    def demoted(changed: Case, _: str) -> bool:
        return not best(changed).setting.add_ons

    (found,) = numbers.thresholds(one, ["baseline.busiest_pod_ratio"], demoted)
    assert found.answers == (("baseline.busiest_pod_ratio", 1.99),), "from 2 on an imbalance is real"
    assert found.distance == pytest.approx(0.773, abs=0.001)


def test_a_count_moves_in_whole_steps_and_not_beyond_the_horizon() -> None:
    one = case({})

    def many(changed: Case, _: str) -> bool:
        return int(get(changed, "baseline.nodes")) > 57

    (found,) = numbers.thresholds(one, ["baseline.nodes"], many)
    assert found.answers == (("baseline.nodes", 58),)
    assert not list(numbers.thresholds(one, ["baseline.nodes"], many, horizon=0.5))


def test_a_measurement_is_not_moved_where_the_answers_would_contradict() -> None:
    one = case({}, baseline={"p50_ms": 30, "p99_ms": 38})
    tried_values: list[float] = []

    def note(changed: Case, _: str) -> bool:
        tried_values.append(get(changed, "baseline.p99_ms"))
        return False

    assert not list(numbers.thresholds(one, ["baseline.p99_ms"], note))
    assert tried_values == [76, 152], "a p99 of half would lie below the p50"


def test_a_pair_is_minimal() -> None:
    musts = {"workload_identity": tried("cannot"), "resilience": tried("not_enough"), "vm_workloads": must()}
    one = case(musts)
    found = recommend(one, load())
    pairs = [flip for flip in found.flips if "; and with it: " in flip.change]
    assert pairs, "the machines alone keep the sidecars, and so do the retries"
    for flip in pairs:
        halves = [Change(answers=(answer,), words="", path="") for answer in flip.answers]
        for half in halves:
            assert best(half.applied(one)).setting.product.id == found.product


def test_what_was_not_read_cannot_change_the_answer() -> None:
    one = CASES["identity"]
    contest = Contest(one, load(), Arena(load()))
    contest.first(one)
    reads, before = contest.reads(), best(one)
    assert "operations.pod_restarts" in reads
    unread = {
        "operations.ca_owner": "Platform",
        "baseline.error_ratio": 0.5,
        "context.deadline": "2 months",
        "baseline.stateful_sets": 9,
    }
    for path, value in unread.items():
        assert path not in reads
        after = best(with_answer(one, path, value))
        assert after.key == before.key


def test_a_change_that_only_moves_hours_says_what_it_does_to_both() -> None:
    """The first may get dearer with the runner-up: its hours of today alone would not compare."""
    seen = 0
    for name, found in ANSWERS.items():
        for flip in found.flips:
            if "goes from" not in flip.detail or flip.changes_answer:
                continue
            first, second = found.ranking[:2]
            after = best(changed(CASES[name], flip)).hours.likely
            was, now = number(first.hours_per_month.likely), number(after)
            own = f"from {was} to {now}" if was != now else f"stays at {now}"
            assert flip.detail.startswith(f"{second.approach.title} goes from ")
            assert flip.detail.endswith(f", {first.approach.title} {own}")
            seen += 1
    assert seen
