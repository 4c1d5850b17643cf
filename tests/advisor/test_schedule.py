"""The plan held against the deadline."""

import re
from datetime import date

import pytest

from decisions.advisor import burden
from decisions.advisor.case import Case
from decisions.advisor.catalog import load
from decisions.advisor.engine import recommend
from decisions.advisor.quantities import Range
from decisions.advisor.schedule import IN_TIME, LATE
from tests.advisor.judging import best, case, tried

CATALOG = load()
TODAY = date.fromisoformat(CATALOG.version[:10])
RULE = {"workload_identity": tried("cannot", "rule")}


def asked(deadline: str | None, window: str | None = "7 days", requirements: dict | None = None, **more: dict) -> Case:
    plan = {"measure_window": window} | more.pop("plan", {})
    return case(requirements or RULE, context={"deadline": deadline} | more.pop("context", {}), plan=plan, **more)


def said(one: Case, topic: str = LATE) -> str:
    return next((each.text for each in recommend(one, CATALOG).advisories if each.topic == topic), "")


def test_a_plan_that_likely_ends_after_the_deadline_says_so_with_its_arithmetic() -> None:
    text = said(asked("2 weeks"))
    many = len(recommend(asked("2 weeks"), CATALOG).plan)
    gates, work = many * 7, int(re.search(r"(\d+) days for [\d,]+ hours of platform work", text)[1])
    end, asked_by = (date.fromisoformat(one) for one in re.findall(r"on (\S+), .* deadline of (\S+)\. Begun", text)[0])
    assert f"{gates} days for {many} gates to hold, each for 7 days" in text
    assert (end - TODAY).days == gates + work
    assert asked_by == date.fromordinal(TODAY.toordinal() + 14)
    assert f"{(end - asked_by).days} days after the deadline" in text


@pytest.mark.parametrize("deadline", ["3 years", f"end of {TODAY.year + 3}"])
def test_a_plan_in_time_says_so_with_its_arithmetic(deadline: str) -> None:
    assert said(asked(deadline)) == ""
    text = said(asked(deadline), IN_TIME)
    end, asked_by = (date.fromisoformat(one) for one in re.findall(r"on (\S+), .* deadline of (\S+)\. Begun", text)[0])
    assert f"{(asked_by - end).days:,} days before the deadline" in text
    assert "hours of platform work" in text
    assert "Put more people on it" not in text


@pytest.mark.parametrize("deadline", [None, "no date", "03/04/2027"])
def test_without_a_deadline_that_is_read_nothing_is_said(deadline: str | None) -> None:
    assert said(asked(deadline)) == said(asked(deadline), IN_TIME) == ""


def test_where_nobody_can_tell_how_long_a_gate_holds_nothing_is_said() -> None:
    assert said(asked("2 weeks", "one business cycle")) == ""
    assert said(asked("2 weeks", None))  # the plan says seven days where nobody said otherwise


def test_a_gate_in_the_words_of_the_team_is_not_counted() -> None:
    own = asked("2 weeks", stages={"install": {"gate": "Jonas says so"}})
    before, after = (re.search(r"for (\d+) gates", said(one)) for one in (asked("2 weeks"), own))
    assert before
    assert after
    assert int(after[1]) == int(before[1]) - 1


def test_where_no_option_fits_no_plan_is_late() -> None:
    nothing = {"fips_cryptography": tried("cannot", "rule"), "vm_workloads": tried("cannot", "rule")}
    one = asked("1 day", requirements=nothing, baseline={"windows_nodes": 38})
    assert recommend(one, CATALOG).best.musts_missed
    assert said(one) == ""


def test_taking_the_mesh_of_before_out_is_not_waited_for() -> None:
    no_mesh = {"network_segmentation": tried("not_tried")}
    beside = asked("1 week", "30 days", requirements=no_mesh, context={"current": "Linkerd, sidecars in all pods"})
    many = re.search(r"for (\d+) gates? to hold", said(beside))
    plan = recommend(beside, CATALOG).plan
    assert plan[-1].id == "removal"
    assert many
    assert int(many[1]) == len(plan) - 1


def test_work_in_services_is_done_by_their_teams_side_by_side() -> None:
    def days(teams: int) -> int:
        context = {"application_teams": teams, "languages": 1, "fix_days_per_service": 0.5}
        grpc = {"grpc_load_balancing": tried("not_tried")}
        one = asked("1 month", "60 days", requirements=grpc, context=context, baseline={"services": 20})
        return int(re.search(r"(\d+) days? for 80 hours of work in services", said(one))[1])

    assert (days(1), days(10)) == (15, 2)


def test_hours_once_are_those_that_are_spread_over_three_years() -> None:
    """What it takes to bring an option in is one sum, whether it is spread or held against a deadline."""
    one = best(asked(None, requirements=RULE))
    (spread,) = [cost.hours for cost in one.costs if cost.name == "Introduction"]
    assert isinstance(spread, Range)
    assert 0 < burden.once(one.setting).platform < spread.likely * 36


@pytest.mark.parametrize(("kubernetes", "left_out"), [("1.29", True), ("1.35", False)])
def test_what_comes_before_the_plan_is_not_passed_over_in_silence(kubernetes: str, left_out: bool) -> None:
    text = said(asked("3 years", baseline={"kubernetes_version": kubernetes}), IN_TIME)
    assert ("Upgrades that come first take longer still: they are not counted in it." in text) is left_out
