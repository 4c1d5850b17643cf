"""The questionnaire: everything is asked once, conditions hold, and progress is told truly."""

import subprocess
import sys
from collections import Counter
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions.advisor.case import SCHEMA, Case, EvidenceKind, load, with_answer
from decisions.advisor.case.values import COMMENT_LENGTH, STAGE_TEXTS
from decisions.advisor.questionnaire import (
    BY_SLUG,
    EVIDENCE_LADDER,
    STEPS,
    Progress,
    QuestionKind,
    answered,
    applying,
    first_open,
    progress,
    question_at,
    result,
)
from decisions.advisor.questions import FIELDS, NOT_SURE, PLACES, SECTIONS, Field, Kind
from decisions.advisor.requirements import BY_ID

EMPTY = Case(title="x")
EVERY = [question for step in STEPS for question in step.every_question]

# The keys that meshadvisor-case/1 was first published with. They may grow and must not shrink.
PUBLISHED = {
    "context": "deadline scope current assessor_note cni_note cloud_encryption_note threats assessor_confirmed "
    "cloud_encryption_accepted cni_can_encrypt languages application_teams fix_days_per_service",
    "baseline": "clusters nodes nodes_per_cluster_max pods services namespaces jobs virtual_machines "
    "single_node_clusters gvisor_pods pods_in_scope windows_nodes host_network_pods long_lived_connections sidecars "
    "teams peak_rps mean_rps p50_ms p90_ms p95_ms p99_ms slo_p99_ms sequential_calls payload_bytes grpc_share "
    "udp_share tcp_share error_ratio cpu_vcpu memory_gib free_cpu_vcpu free_memory_gib sidecar_reserved_cpu_vcpu "
    "sidecar_reserved_memory_gib busiest_pod_ratio services_observed_percent incidents_90_days cni "
    "kubernetes_version kernel_version kube_proxy regions providers pod_max_lifetime_days bare_metal ipv6_planned "
    "measured_at",
    "baseline.incidents_90_days": "bad_release capacity dependency_slow uneven_load dns certificate network_policy "
    "security_finding other",
    "operations": "data_path_debuggers upgrades_per_year pod_restarts connection_resets bootstrap_hazards ca_owner "
    "support training_days exit_time skills hourly_cost cpu_price memory_price",
    "budget": "cpu_vcpu memory_gib p99_ms money_per_month",
    "requirements.audit_proof": "need evidence evidence.kind evidence.who evidence.reference evidence.url override "
    "scope note simplest_fix simplest_fix.outcome simplest_fix.note",
}

TYPES = {
    Kind.CHOICE: "choice",
    Kind.CHOICES: "list",
    Kind.INTEGER: "whole number",
    Kind.NUMBER: "number",
    Kind.SHARE: "number",
    Kind.PERCENT: "number",
    Kind.TEXT: "text",
    Kind.LONG_TEXT: "text",
    Kind.VERSION: "text",
    Kind.URL: "text",
    Kind.DATE: "date",
    Kind.BOOLEAN: "yes or no",
}


def answer_all(case: Case, **answers: object) -> Case:
    for path, value in answers.items():
        case = with_answer(case, path.replace("__", "."), value)
    return case


@pytest.mark.parametrize("section", PUBLISHED)
def test_published_keys_stay(section: str) -> None:
    assert {f"{section}.{name}" for name in PUBLISHED[section].split()} <= PLACES


def test_every_field_belongs_to_exactly_one_question() -> None:
    asked = Counter(field.path for question in EVERY for field in question.fields)
    assert set(asked.values()) == {1}
    assert set(asked) == set(FIELDS) - {"id", "title"}


def test_sections_hold_nothing_but_questions() -> None:
    for name, section in SECTIONS.items():
        for one in fields(section):
            assert f"{name}.{one.name}" in PLACES


@pytest.mark.parametrize("question", EVERY, ids=lambda question: question.id)
def test_every_question_says_why_and_what_it_moves(question) -> None:
    assert question.id in PLACES
    assert len(question.text) > 10
    assert len(question.help) > 8
    assert question.why.endswith(".")
    assert len(question.why) > (30 if question.kind is QuestionKind.REQUIREMENT else 80)
    assert question.moves
    assert 0 < question.seconds <= 60
    assert question.kind is QuestionKind.REQUIREMENT or question.text.endswith("?")
    assert all(field.label for field in question.fields[1:])  # the first may go by the question's own text


@pytest.mark.parametrize("field", FIELDS.values(), ids=lambda field: field.path)
def test_every_field_can_be_shown(field: Field) -> None:
    values = [value for value, _label in field.choices]
    assert bool(values) is (field.kind in {Kind.CHOICE, Kind.CHOICES})
    assert len(set(values)) == len(values)
    assert all(label for _value, label in field.choices)
    assert field.minimum <= field.maximum
    assert NOT_SURE not in values or field.name == "need"


def test_ids_and_anchors_are_unique() -> None:
    assert len({question.id for question in EVERY}) == len(EVERY)
    assert len({question.anchor for question in EVERY}) == len(EVERY)


def test_the_steps_follow_the_method() -> None:
    assert [step.slug for step in STEPS] == ["requirements", "measure", "simplest", "cost", "incremental"]
    assert [step.number for step in STEPS] == [1, 2, 3, 4, 5]
    assert list(BY_SLUG.values()) == list(STEPS)
    assert all(step.intro and step.short and step.title.endswith("?") for step in STEPS)


def test_every_requirement_has_a_row_and_every_must_a_trial() -> None:
    rows = [one.requirement.id for one in STEPS[0].questions(EMPTY) if one.requirement]
    assert rows == list(BY_ID)
    assert not [one for one in STEPS[2].questions(EMPTY) if one.kind is QuestionKind.TRIAL]
    case = answer_all(EMPTY, requirements__resilience__need="must", requirements__multi_cluster__need="nice")
    (trial,) = [one for one in STEPS[2].questions(case) if one.kind is QuestionKind.TRIAL]
    assert trial.id == "requirements.resilience.simplest_fix"
    assert trial.fix == BY_ID["resilience"].simplest


def test_a_prepared_team_is_through_in_fifteen_minutes() -> None:
    case = EMPTY
    for requirement in ("encryption_between_nodes", "workload_identity", "audit_proof"):
        case = answer_all(
            case,
            **{f"requirements.{requirement}.need": "must", f"requirements.{requirement}.evidence.kind": "rule"},
        )
    assert sum(step.allowance + sum(one.seconds for one in step.questions(case)) for step in STEPS) <= 900


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("context.assessor_confirmed", {}, {"requirements.audit_proof.evidence.kind": "rule"}),
        ("baseline.busiest_pod_ratio", {"requirements.grpc_load_balancing.need": "not_needed"}, {}),
        ("context.cloud_encryption_accepted", {}, {"requirements.encryption_between_nodes.need": "not_sure"}),
        ("context.cni_can_encrypt", {}, {"requirements.encryption_between_nodes.need": "nice"}),
        ("operations.ca_owner", {}, {"requirements.workload_identity.need": "must"}),
        ("operations.connection_resets", {"baseline.long_lived_connections": 0}, {}),
        ("plan.proof_check", {}, {"requirements.audit_proof.need": "must"}),
    ],
)
def test_conditional_questions_apply_when_they_should(
    path: str, before: dict[str, object], after: dict[str, object]
) -> None:
    base = with_answer(EMPTY, "requirements.audit_proof.need", "must") if "assessor" in path else EMPTY
    question = question_at(path)
    assert question is not None
    step = BY_SLUG[question.step]
    assert question not in step.questions(answer_all(base, **before))
    assert question in step.questions(answer_all(base, **after))


@pytest.mark.parametrize(
    ("path", "hidden", "shown"),
    [
        ("requirements.resilience.evidence.kind", {}, {"requirements.resilience.need": "must"}),
        (
            "requirements.resilience.override",
            {"requirements.resilience.need": "must", "requirements.resilience.evidence.kind": "incident"},
            {"requirements.resilience.need": "must", "requirements.resilience.evidence.kind": "practice"},
        ),
        ("requirements.resilience.override", {}, {"requirements.resilience.need": "must"}),
        (
            "requirements.resilience.simplest_fix.note",
            {"requirements.resilience.simplest_fix.outcome": "not_tried"},
            {"requirements.resilience.simplest_fix.outcome": "cannot"},
        ),
        ("context.assessor_note", {}, {"context.assessor_confirmed": "yes"}),
        ("baseline.sidecar_reserved_cpu_vcpu", {"baseline.sidecars": 0}, {"baseline.sidecars": 640}),
        ("plan.stop_other", {"plan.stop_metric": "p99_ms"}, {"plan.stop_metric": "other"}),
    ],
)
def test_conditional_fields_show_when_they_should(
    path: str, hidden: dict[str, object], shown: dict[str, object]
) -> None:
    question = question_at(path)
    assert question is not None
    assert path not in [field.path for field in question.shown(answer_all(EMPTY, **hidden))]
    assert path in [field.path for field in question.shown(answer_all(EMPTY, **shown))]


def test_nothing_is_answered_at_first() -> None:
    assert answered(EMPTY) == 0
    assert applying(EMPTY) == sum(applying(EMPTY, step) for step in STEPS) > 40
    assert {progress(EMPTY, step) for step in STEPS} == {Progress.UNTOUCHED}
    assert [result(EMPTY, step) for step in STEPS] == [
        "About 5 minutes",
        "About 3 minutes",
        "About 1 minute",
        "About 2 minutes",
        "About 2 minutes",
    ]


@pytest.mark.parametrize(
    ("answers", "count"),
    [
        ({"operations.support": NOT_SURE}, 1),
        ({"operations.bootstrap_hazards": []}, 1),
        ({"requirements.resilience.need": "not_sure"}, 1),
        ({"requirements.resilience.note": "later"}, 0),
        ({"baseline.nodes": 5, "baseline.pods": 9}, 0),  # two of four
        ({"baseline.clusters": 1, "baseline.nodes": 5, "baseline.pods": 9, "baseline.services": NOT_SURE}, 1),
        ({"budget.p99_ms": 5}, 1),  # any limit is an answer
        ({"baseline.incidents_90_days.dns": 0}, 1),
        ({"context.assessor_confirmed": "yes"}, 0),  # does not apply
    ],
)
def test_what_counts_as_answered(answers: dict[str, object], count: int) -> None:
    assert answered(answer_all(EMPTY, **answers)) == count


PATHS = st.lists(st.sampled_from(sorted(set(FIELDS) - {"id", "title"})), max_size=40)


@settings(deadline=None)
@given(PATHS)
def test_answered_never_exceeds_what_applies(paths: list[str]) -> None:
    case = EMPTY
    for path in paths:
        case = with_answer(case, path, NOT_SURE)
    for step in STEPS:
        assert 0 <= answered(case, step) <= applying(case, step)
        assert (first_open(case, step) is None) is (progress(case, step) is Progress.COMPLETE)
        assert result(case, step)


def test_answering_the_first_open_question_again_and_again_comes_to_an_end() -> None:
    case, rounds = EMPTY, 0
    while question := first_open(case):
        rounds += 1
        assert rounds < 200
        for field in question.shown(case):
            case = with_answer(case, field.path, NOT_SURE)
    assert answered(case) == applying(case)
    assert {progress(case, step) for step in STEPS} == {Progress.COMPLETE}


@pytest.mark.parametrize(
    ("slug", "answers", "says"),
    [
        ("requirements", {"requirements.resilience.need": "must"}, "1 must-have without evidence"),
        (
            "requirements",
            {"requirements.resilience.need": "must", "requirements.resilience.override": "We said so"},
            "1 must-have",
        ),
        (
            "requirements",
            {
                "requirements.resilience.need": "must",
                "requirements.resilience.evidence.kind": "incident",
                "requirements.audit_proof.need": "must",
                "requirements.audit_proof.evidence.kind": "rule",
                "requirements.traffic_splitting.need": "must",
                "requirements.traffic_splitting.evidence.kind": "person",
                "requirements.multi_cluster.need": "nice",
            },
            "2 must-haves, 1 more without evidence, 1 nice to have",
        ),
        ("requirements", {"requirements.resilience.need": "not_needed"}, "1 of 19 answered"),
        ("measure", {"baseline.p99_ms": 38, "baseline.pods": 5412}, "p99 38 ms, 5,412 pods"),
        ("measure", {"context.current": "libraries"}, "1 of 12 answered"),
        ("measure", {"baseline.namespaces": 9}, "0 of 12 answered"),
        ("measure", {"baseline.peak_rps": 4850.5, "baseline.pods": 1}, "1 pod, 4,850.5 requests/s"),
        ("cost", {"operations.data_path_debuggers": "one"}, "1 of 10 answered"),
    ],
)
def test_the_result_of_a_step(slug: str, answers: dict[str, object], says: str) -> None:
    assert result(answer_all(EMPTY, **answers), BY_SLUG[slug]) == says


@pytest.mark.parametrize(
    ("outcomes", "says"),
    [
        (["works", "works"], "No gap remains"),
        (["not_enough", "cannot"], "2 gaps remain"),
        (["works_in_part", "not_tried"], "1 gap remains, 1 fix to try"),
        (["works", None], "1 fix to try"),
    ],
)
def test_gaps_are_musts_that_the_smallest_fix_leaves_open(outcomes: list[str | None], says: str) -> None:
    case = with_answer(EMPTY, "context.languages", 2)
    case = with_answer(with_answer(case, "context.application_teams", 3), "requirements.multi_cluster.need", "nice")
    for requirement, outcome in zip(("resilience", "grpc_load_balancing"), outcomes, strict=True):
        case = with_answer(case, f"requirements.{requirement}.need", "must")
        case = with_answer(case, f"requirements.{requirement}.simplest_fix.outcome", outcome)
    assert result(case, BY_SLUG["simplest"]) == says


def test_finished_steps_of_cost_and_plan_say_what_they_gave() -> None:
    case = EMPTY
    for slug in ("cost", "incremental"):
        for question in BY_SLUG[slug].questions(case):
            for field in question.shown(case):
                case = with_answer(case, field.path, NOT_SURE)
    assert result(case, BY_SLUG["cost"]) == "10 of 10 answered"
    case = answer_all(
        case,
        operations__data_path_debuggers="one",
        operations__upgrades_per_year=1,
        plan__first_namespace="internal-tools",
        plan__review_date=date(2027, 5, 3),
    )
    assert result(case, BY_SLUG["cost"]) == "One person on call, 1 upgrade a year"
    assert result(case, BY_SLUG["incremental"]) == "internal-tools first, review 3 May 2027"


def test_the_ladder_is_complete_and_ends_where_a_must_does() -> None:
    assert [rung.kind for rung in EVIDENCE_LADDER] == list(EvidenceKind)
    assert [rung.keeps_must for rung in EVIDENCE_LADDER] == [True, True, True, True, False, False]
    assert all(rung.label and rung.needs for rung in EVIDENCE_LADDER)


def test_the_core_needs_no_web_framework() -> None:
    code = "import sys, decisions.advisor.questionnaire; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def allowed(field: Field) -> str:
    """What the manual says is allowed."""
    if field.choices:
        return ", ".join(value for value, _label in field.choices)
    if TYPES[field.kind].endswith("number"):
        return f"from {field.minimum:,g}" + ("" if field.maximum == 1e9 else f" to {field.maximum:,.0f}")
    fixed = {Kind.DATE: "2026-11-03", Kind.BOOLEAN: "true, false", Kind.URL: "begins with https:// or http://"}
    return fixed.get(field.kind, f"at most {field.max_length:,} characters")


@pytest.fixture(scope="module")
def manual() -> str:
    return (Path(__file__).parents[2] / "docs" / "case-format.md").read_text()


def test_the_manual_lists_exactly_the_keys_of_the_case(manual: str) -> None:
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in manual.splitlines() if line.startswith("| `")]
    told = {row[0].strip("`"): tuple(row[1:3]) for row in rows if "." in row[0] and len(row) == 4}
    shape = {
        path.replace("audit_proof", "<requirement>"): (TYPES[field.kind], allowed(field))
        for path, field in FIELDS.items()
        if "." in path and (not path.startswith("requirements.") or ".audit_proof." in path)
    }
    # Keys whose names the team chooses are no questions: what is typed on the page of the roll-out.
    shape[f"stages.<stage>.{'`, `.'.join(STAGE_TEXTS)}"] = ("text", f"at most {COMMENT_LENGTH:,} characters")
    shape["stages.<stage>.limits"] = ("text", "names of gates and numbers, such as `istio-p99 45, istio-success 0.99`")
    shape["stages.<stage>.place"] = ("text", "whole number, 1 to 99")
    assert told == shape
    assert all(row[3] for row in rows if len(row) == 4)


def test_the_manual_lists_the_requirements(manual: str) -> None:
    assert all(f"| `{one.id}` | {one.text} |" in manual for one in BY_ID.values())


def test_the_example_of_the_manual_is_a_case(manual: str) -> None:
    case = load(manual.partition("```yaml\n")[2].partition("```")[0])
    assert SCHEMA in manual
    assert case.baseline.kubernetes_version == "1.34"
    assert case.not_sure == {"baseline.long_lived_connections"}
    assert result(case, BY_SLUG["measure"]) == "p99 38 ms, 412 pods"
