"""Past decisions judged again: what comes out, that nothing is done twice, and that a killed run goes on."""

import copy
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from decisions import reassessment
from decisions.advice import advise
from decisions.advisor.case import write
from decisions.advisor.record.plain import plain
from decisions.models import Decision, Organisation, Outlook, Reassessment, ReassessmentRound, Record, Status
from decisions.reassessment import advance, judge, look, open_round, start
from meshadvisor import cli
from tests import factories
from tests.factories import NOW
from tests.web import dossier

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> dict[str, Any]:
    """Answers as a record keeps them."""
    decision = dossier.draft()
    return write(advise(decision.case).case)


def recorded(case: Mapping[str, Any]) -> dict[str, Any]:
    return copy.deepcopy(plain(advise(case).recommendation))


def accepted(of: Organisation, case: dict[str, Any], answer: dict[str, Any] | None = None) -> Decision:
    """An accepted decision with a record of this answer."""
    team = of.teams.first() or factories.team(of)
    decision = factories.decision(of=team, case=case, status=Status.ACCEPTED, revision=1)
    content = json.dumps({"recommendation": answer or recorded(case)}).encode()
    Record.objects.create(
        decision=decision,
        revision=1,
        inputs=case,
        canonical=content,
        digest="0" * 64,
        catalogue_version="then",
        engine_version="then",
        created_at=NOW,
    )
    return decision


def test_what_was_recorded_today_comes_out_the_same(case: dict[str, Any]) -> None:
    found = judge(case, recorded(case))
    assert (found.outlook, found.reasons) == (Outlook.SAME, ())
    assert found.approach == recorded(case)["approach"]


def test_a_mesh_that_runs_and_is_in_the_measured_path_comes_out_the_same(case: dict[str, Any]) -> None:
    answers = case | {"context": case.get("context", {}) | {"current": "Istio sidecars in every pod"}}
    answer = recorded(answers)
    assert any(row["overhead"]["in_path"] for row in answer["ranking"])
    found = judge(answers, answer)
    assert (found.outlook, found.reasons) == (Outlook.SAME, ())


def test_other_hours_are_other_numbers_and_named(case: dict[str, Any]) -> None:
    answer = recorded(case)
    answer["ranking"][0]["hours_per_month"] = {"low": 1.0, "likely": 2.0, "high": 3.0}
    found = judge(case, answer)
    assert found.outlook is Outlook.NUMBERS
    assert len(found.reasons) == 1
    assert "then likely 2 hours a month (1 to 3)" in found.reasons[0]
    assert "with other numbers" in found.summary


def test_another_order_behind_the_choice_counts_as_numbers(case: dict[str, Any]) -> None:
    answer = recorded(case)
    answer["ranking"][3], answer["ranking"][4] = answer["ranking"][4], answer["ranking"][3]
    found = judge(case, answer)
    assert found.outlook is Outlook.NUMBERS
    assert found.reasons[0].startswith("The order is now ")


@pytest.mark.parametrize("change", ["approach", "add-on", "product"])
def test_another_choice_is_different_and_says_why(case: dict[str, Any], change: str) -> None:
    answer = recorded(case)
    if change == "approach":
        answer["ranking"][0], answer["ranking"][1] = answer["ranking"][1], answer["ranking"][0]
        answer["ranking"][0]["reasons"] = []
    elif change == "add-on":
        answer["ranking"][0]["add_ons"] = [{"id": "gone", "title": "A thing of the past"}]
    else:
        answer["ranking"][0]["product"] = "gone"
    found = judge(case, answer)
    assert found.outlook is Outlook.DIFFERENT
    assert found.approach == recorded(case)["approach"]
    assert "would be recommended now, not" in found.summary
    assert found.reasons
    assert len(found.reasons) <= reassessment.SENTENCES


def test_answers_of_another_age_are_said_to_be_unreadable(case: dict[str, Any]) -> None:
    found = judge(case | {"schema": "meshadvisor-case/0"}, recorded(case))
    assert found.outlook is Outlook.UNREADABLE
    assert found.reasons


def test_a_round_judges_accepted_decisions_alone_and_leaves_records_as_they_are(case: dict[str, Any]) -> None:
    ours, theirs = factories.organisation(), factories.organisation()
    old = accepted(ours, case)
    accepted(theirs, case)
    rejected = accepted(ours, case)
    Decision.objects.filter(pk=rejected.pk).update(status=Status.REJECTED)
    before = [(bytes(one.canonical), one.inputs) for one in Record.objects.order_by("pk")]
    version = old.version
    found = start(ours, None, NOW)
    found.refresh_from_db()
    assert (found.total, found.done, bool(found.finished_at)) == (1, 1, True)
    assert [one.record.decision for one in Reassessment.objects.all()] == [old]
    old.refresh_from_db()
    assert (old.outlook, old.version) == (Outlook.SAME, version)
    assert [(bytes(one.canonical), one.inputs) for one in Record.objects.order_by("pk")] == before


def test_judging_again_under_the_same_catalogue_adds_nothing(case: dict[str, Any]) -> None:
    ours = factories.organisation()
    accepted(ours, case)
    start(ours, None, NOW)
    start(ours, None, NOW)
    assert Reassessment.objects.count() == 1
    assert ReassessmentRound.objects.filter(finished_at=None).count() == 0


def test_two_workers_on_one_slice_keep_each_judgement_once(case: dict[str, Any]) -> None:
    ours = factories.organisation()
    for _ in range(3):
        accepted(ours, case)
    one = open_round(ours, None, NOW)
    other = ReassessmentRound.objects.get(pk=one.pk)
    assert advance(one, 2)
    assert advance(other, 2)  # it read the cursor before the first one moved it
    one.refresh_from_db()
    assert (one.done, Reassessment.objects.count()) == (2, 2)
    while advance(one, 2):
        pass
    assert (one.done, Reassessment.objects.count()) == (3, 3)


def test_a_newer_catalogue_starts_a_round_of_its_own(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    ours = factories.organisation()
    accepted(ours, case)
    stale = open_round(ours, None, NOW)
    monkeypatch.setattr(reassessment, "versions", lambda: ("tomorrow", "0.2.0"))
    assert not advance(stale)
    look.func()
    stale.refresh_from_db()
    assert stale.finished_at
    assert stale.done == 0
    assert Reassessment.objects.get().catalogue_version == "tomorrow"
    look.func()
    assert ReassessmentRound.objects.count() == 2


def test_what_was_judged_cannot_be_changed(case: dict[str, Any]) -> None:
    ours = factories.organisation()
    accepted(ours, case)
    start(ours, None, NOW)
    table = Reassessment._meta.db_table
    for statement in (f"UPDATE {table} SET outlook = 'same'", f"DELETE FROM {table}"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_command_counts_and_its_exit_code_says_whether_something_differs(
    case: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    ours = factories.organisation()
    accepted(ours, case)
    assert cli.main(["reassess", "--exit-code", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"same": 1, "numbers": 0, "different": 0, "unreadable": 0}
    answer = recorded(case)
    answer["ranking"][0]["product"] = "gone"
    accepted(ours, case, answer)
    assert cli.main(["reassess", "--exit-code", "--organisation", ours.slug]) == 1
    assert "1 different" in capsys.readouterr().out
    assert cli.main(["reassess", "--organisation", "nobody"]) == 2
    assert 'no organisation is called "nobody"' in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_a_killed_run_goes_on_behind_its_last_whole_slice(case: dict[str, Any]) -> None:
    ours = factories.organisation()
    for _ in range(160):
        accepted(ours, case)
    settings = connection.settings_dict
    address = (
        f"postgres://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
        if connection.vendor == "postgresql"
        else f"sqlite:///{settings['NAME']}"
    )
    command = [sys.executable, "-m", "meshadvisor", "reassess", "--json"]
    environment = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "meshadvisor.settings"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    until = time.monotonic() + 60
    while not ReassessmentRound.objects.filter(done__gt=0).exists():
        assert time.monotonic() < until
        assert process.poll() is None, "it was done before it could be killed"
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    one = ReassessmentRound.objects.get()
    assert 0 < one.done < 160
    assert Reassessment.objects.count() == one.done
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert json.loads(done.stdout)["same"] == 160
    one.refresh_from_db()
    assert (one.done, bool(one.finished_at)) == (160, True)
    assert Reassessment.objects.count() == 160


def test_a_record_is_judged_under_the_policy_it_was_frozen_with(monkeypatch: pytest.MonkeyPatch) -> None:
    dossier.without_pages(monkeypatch)
    team = factories.team()
    first = advise(dossier.draft(team).case).recommendation.approach
    settled = {"not_allowed": {first.value: "Our data centre forbids it."}, "planning": {"hourly_cost": [20, 25, 30]}}
    Organisation.objects.filter(pk=team.organisation_id).update(policy=settled)
    team.organisation.refresh_from_db()
    decision = dossier.accepted(team)
    assert decision.approach != first.value
    for later in (settled, {}, {"not_allowed": {decision.approach: "Since yesterday."}}):
        Organisation.objects.filter(pk=team.organisation_id).update(policy=later)
        record = decision.newest_record()
        assert record is not None
        found = judge(record.inputs, json.loads(bytes(record.canonical))["recommendation"])
        assert (found.outlook, found.reasons) == (Outlook.SAME, ())
