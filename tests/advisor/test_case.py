"""The case document: what is read, what is kept, and what is refused with which words."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions.advisor.case import (
    SCHEMA,
    Case,
    CaseError,
    EvidenceKind,
    Need,
    Outcome,
    Provenance,
    RequirementAnswer,
    check,
    get,
    load,
    read,
    with_answer,
    with_comment,
    with_provenance,
    write,
)
from decisions.advisor.questions import FIELDS, NOT_SURE, Field, Kind

HEAD = f"schema: {SCHEMA}\ntitle: x\n"


def document(**keys: Any) -> dict[str, Any]:
    return {"schema": SCHEMA, "title": "x", **keys}


def texts() -> st.SearchStrategy[str]:
    words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"], include_characters=" \n\t"), max_size=40)
    return words | st.sampled_from(["no", "yes", "null", "1.30", "2026-11-03", "- a: b", "#", "~", "0E0"])


def numbers(field: Field) -> st.SearchStrategy[float]:
    return st.floats(field.minimum, field.maximum) | st.integers(int(field.minimum), int(field.maximum))


def values(field: Field) -> st.SearchStrategy[Any]:
    """Answers a field takes, as a document holds them."""
    choices = [value for value, _label in field.choices]
    special: dict[Kind, Callable[[], st.SearchStrategy[Any]]] = {
        Kind.CHOICE: lambda: st.sampled_from(choices),
        Kind.CHOICES: lambda: st.lists(st.sampled_from(choices)),
        Kind.INTEGER: lambda: st.integers(int(field.minimum), int(field.maximum)),
        Kind.NUMBER: lambda: numbers(field),
        Kind.SHARE: lambda: numbers(field),
        Kind.PERCENT: lambda: numbers(field),
        Kind.DATE: lambda: st.dates().map(date.isoformat),
        Kind.BOOLEAN: st.booleans,
        Kind.URL: lambda: st.just("https://example.org/a?b=c#d"),
    }
    return special.get(field.kind, texts)()


ANSWERS = st.sampled_from(sorted(FIELDS)).flatmap(
    lambda path: st.tuples(st.just(path), values(FIELDS[path]) | st.just(NOT_SURE))
)
"""A path of the case and an answer to it."""


@st.composite
def cases(draw: st.DrawFn) -> Case:
    case = Case(title="x")
    for path, value in draw(st.lists(ANSWERS, max_size=25)):
        if path == "title":
            continue
        with suppress(CaseError):  # it contradicts an earlier answer
            case = with_answer(case, path, value, checked=True)
    if draw(st.booleans()):
        case = with_comment(case, "baseline.pods", "counted twice")
        case = with_provenance(case, "baseline.pods", Provenance(source="inventory", day=date(2026, 11, 3)))
    return case


@settings(deadline=None)
@given(cases())
def test_a_case_survives_its_document(case: Case) -> None:
    kept = write(case)
    assert read(kept) == case
    assert load(json.dumps(kept)) == case
    assert load(yaml.safe_dump(kept, allow_unicode=True, sort_keys=False)) == case
    assert write(read(kept)) == kept


@settings(deadline=None)
@given(cases(), ANSWERS)
def test_an_answer_changes_its_own_place_only(case: Case, answer: tuple[str, Any]) -> None:
    path, value = answer
    if path == "title":
        return
    changed = with_answer(case, path, value)
    again = with_answer(changed, path, value)
    assert again == changed
    for other in FIELDS:
        if other != path:
            assert get(changed, other) == get(case, other)
    assert changed.not_sure - {path} == case.not_sure - {path}
    assert not with_answer(changed, path, None).said(path)


@settings(deadline=None)
@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for whole in (text, HEAD + text, "{" + text):
        with suppress(CaseError):
            assert read(write(load(whole))).title


SCRAPS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["must", NOT_SURE]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["need", "kind", "x"]), inner),
    max_leaves=5,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["id", "requirements", "baseline", "comments", "assumed", "source"]), SCRAPS))
def test_any_values_are_read_or_refused(scrap: dict[str, Any]) -> None:
    with suppress(CaseError):
        case = read(document(**scrap))
        assert read(write(case)) == case


def test_not_asked_not_sure_and_no_are_three_answers() -> None:
    case = read(document(context={"cni_can_encrypt": "no", "cloud_encryption_accepted": NOT_SURE}))
    assert case.context.cni_can_encrypt == "no"
    assert case.context.cloud_encryption_accepted is None
    assert case.context.assessor_confirmed is None
    assert case.not_sure == {"context.cloud_encryption_accepted"}
    said = [case.said(f"context.{name}") for name in ("cni_can_encrypt", "cloud_encryption_accepted", "deadline")]
    assert said == [True, True, False]


def test_an_empty_list_is_an_answer_and_an_empty_text_is_none() -> None:
    case = read(document(operations={"bootstrap_hazards": [], "ca_owner": "  "}, context={"threats": None}))
    assert case.operations.bootstrap_hazards == ()
    assert case.said("operations.bootstrap_hazards")
    assert not case.said("operations.ca_owner")
    assert not case.said("context.threats")


def test_not_sure_of_a_requirement_is_a_need() -> None:
    case = read(document(requirements={"resilience": NOT_SURE, "multi_cluster": {"need": NOT_SURE}}))
    assert case.answer("resilience").need is case.answer("multi_cluster").need is Need.NOT_SURE
    assert not case.not_sure
    assert case.answer("vm_workloads") == RequirementAnswer()


def test_a_bare_word_stands_for_the_need() -> None:
    bare = read(document(requirements={"resilience": "must"}))
    assert bare == read(document(requirements={"resilience": {"need": "must"}}))
    assert bare.answer("resilience").need is Need.MUST


def test_rows_keep_evidence_and_the_trial() -> None:
    row = {
        "need": "must",
        "evidence": {"kind": "slo", "who": "SRE", "reference": "p99 80 ms, target 60 ms", "url": "https://a.example/1"},
        "simplest_fix": {"outcome": "not_enough", "note": "skew stays at 2.4"},
        "scope": "payments",
    }
    kept = read(document(requirements={"grpc_load_balancing": row})).answer("grpc_load_balancing")
    assert kept.evidence.kind is EvidenceKind.SLO
    assert kept.evidence.kind.keeps_must
    assert (kept.evidence.who, kept.scope, kept.override) == ("SRE", "payments", None)
    assert kept.simplest_fix.outcome is Outcome.NOT_ENOUGH


def test_a_table_nobody_counted_is_not_sure_in_every_row() -> None:
    case = read(document(baseline={"incidents_90_days": NOT_SURE}))
    assert {path.rpartition(".")[2] for path in case.not_sure} >= {"dns", "other", "bad_release"}
    assert read(write(case)) == case


@pytest.mark.parametrize(
    ("keys", "path", "says"),
    [
        ({"baseline": {"podz": 1}}, "baseline.podz", "did you mean pods?"),
        ({"requirement": {}}, "requirement", "did you mean requirements?"),
        ({"requirements": {"mtls": "must"}}, "requirements.mtls", "known are encryption_between_nodes"),
        ({"requirements": {"resilience": "may"}}, "requirements.resilience.need", "must, nice, not_needed, not_sure"),
        ({"requirements": {"resilience": ["must"]}}, "requirements.resilience.need", "is not a choice"),
        ({"requirements": {"resilience": {"evidence": "rule"}}}, "requirements.resilience.evidence", "not a mapping"),
        ({"baseline": {"pods": -1}}, "baseline.pods", "-1 is not possible; a whole number from 0"),
        ({"baseline": {"pods": 1.5}}, "baseline.pods", "not a whole number"),
        ({"baseline": {"pods": "412"}}, "baseline.pods", "without quotes"),
        ({"baseline": {"pods": "many"}}, "baseline.pods", '"many" is not a number'),
        ({"baseline": {"pods": True}}, "baseline.pods", "True is not a number"),
        ({"baseline": {"clusters": 0}}, "baseline.clusters", "from 1"),
        ({"baseline": {"grpc_share": 85}}, "baseline.grpc_share", "0.85 for 85 %"),
        ({"baseline": {"udp_share": -0.1}}, "baseline.udp_share", "from 0 to 1"),
        ({"baseline": {"services_observed_percent": 101}}, "baseline.services_observed_percent", "from 0 to 100"),
        ({"baseline": {"p99_ms": float("nan")}}, "baseline.p99_ms", "nan is not possible"),
        ({"baseline": {"peak_rps": float("inf")}}, "baseline.peak_rps", "inf is not possible"),
        ({"baseline": {"busiest_pod_ratio": 0.5}}, "baseline.busiest_pod_ratio", "from 1"),
        ({"baseline": {"measured_at": "3 Nov"}}, "baseline.measured_at", "2026-11-03"),
        ({"baseline": {"bare_metal": "maybe"}}, "baseline.bare_metal", "yes nor no"),
        ({"baseline": {"kubernetes_version": 1.3}}, "baseline.kubernetes_version", "in quotes"),
        ({"baseline": {"incidents_90_days": {"cert": 1}}}, "baseline.incidents_90_days.cert", "known are bad_release"),
        ({"baseline": {"incidents_90_days": 3}}, "baseline.incidents_90_days", "not a mapping"),
        ({"baseline": NOT_SURE}, "baseline", "not a mapping"),
        ({"context": {"threats": "network"}}, "context.threats", "not a list"),
        ({"context": {"threats": ["network", "rain"]}}, "context.threats[1]", "own_mistakes"),
        ({"context": {"scope": 5}}, "context.scope", "put it in quotes"),
        ({"context": {"scope": "a\x00b"}}, "context.scope", "control characters"),
        ({"context": {"scope": "a" * 8001}}, "context.scope", "at most 8,000"),
        ({"operations": {"support": "vender"}}, "operations.support", "did you mean vendor?"),
        ({"requirements": {"resilience": {"evidence": {"url": "javascript:alert(1)"}}}}, "requirements.", "https://"),
        ({"comments": {"baseline.podz": "x"}}, "comments.baseline.podz", "did you mean baseline.pods?"),
        ({"provenance": {"baseline.pods": {"date": "2026-11-03"}}}, "provenance.baseline.pods.source", "a text is"),
        ({"provenance": {"baseline.pods": {"source": "x", "date": "now"}}}, "provenance.baseline.pods.date", "a date"),
        ({"schema": "meshadvisor-case/2"}, "schema", "meshadvisor-case/1 is expected"),
        ({"title": " "}, "title", "a title is expected"),
        ({"title": 7}, "title", "not a text"),
    ],
)
def test_what_is_refused_names_the_path_and_what_is_allowed(keys: dict[str, Any], path: str, says: str) -> None:
    with pytest.raises(CaseError) as caught:
        read(document() | keys)
    assert caught.value.path.startswith(path)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("baseline", "path"),
    [
        ({"p50_ms": 40, "p99_ms": 38}, "baseline.p50_ms"),
        ({"p90_ms": 30, "p95_ms": 29.5}, "baseline.p90_ms"),
        ({"mean_rps": 500, "peak_rps": 400}, "baseline.mean_rps"),
        ({"pods_in_scope": 500, "pods": 412}, "baseline.pods_in_scope"),
        ({"single_node_clusters": 3, "clusters": 2}, "baseline.single_node_clusters"),
        ({"nodes_per_cluster_max": 52, "nodes": 38}, "baseline.nodes_per_cluster_max"),
        ({"grpc_share": 0.7, "udp_share": 0.4}, "baseline.grpc_share"),
        ({"tcp_share": 0.97, "udp_share": 0.05}, "baseline.tcp_share"),
    ],
)
def test_numbers_that_contradict_each_other_are_refused(baseline: dict[str, float], path: str) -> None:
    with pytest.raises(CaseError) as caught:
        read(document(baseline=baseline))
    assert caught.value.path == path
    case = Case(title="x")
    for name, value in baseline.items():
        case = with_answer(case, f"baseline.{name}", value)
    with pytest.raises(CaseError, match="possible"):
        check(case)


def test_shares_may_be_rounded_and_plain_tcp_may_hold_the_others() -> None:
    read(document(baseline={"http1_share": 0.333, "http2_share": 0.334, "grpc_share": 0.334}))
    read(document(baseline={"tcp_share": 0.95, "grpc_share": 0.85, "udp_share": 0.05}))


def test_every_mistake_is_reported_at_once() -> None:
    with pytest.raises(CaseError) as caught:
        read({"baseline": {"pods": -1, "nodes": "x"}, "contexts": {}})
    assert [problem.path for problem in caught.value.problems] == [
        "contexts",
        "schema",
        "title",
        "baseline.nodes",
        "baseline.pods",
    ]
    assert len(str(caught.value).splitlines()) == 5


@pytest.mark.parametrize("text", ["", "5", "- a\n- b\n", "[]", "null"])
def test_a_document_that_is_no_mapping_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(CaseError, match="keys with values are expected") as caught:
        load(text)
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD + "a: &x [1]\nb: *x\n", "aliases"),
        (HEAD + "id: !!python/name:os.system ''\n", "tags"),
        (HEAD + 'id: !!binary "AAAA"\n', "tags"),
        (HEAD + "title: y\n", "line 3: the key is there twice"),
        (HEAD + "baseline:\n  pods: 1\n  pods: 2\n", "line 5"),
        (HEAD + "baseline: " + "[" * 17 + "]" * 17, "nested deeper"),
        (HEAD + "<<: {id: a}\n", "<<: the key is not known"),
        (HEAD + "---\nid: a\n", "another document"),
        (HEAD + "? [a]\n: 1\n", "line 3: a key is a word"),
        (HEAD + "id: [", "not YAML: line"),
        (HEAD + "id: a\x00b", "not YAML"),
        (HEAD + "#" * 300_000, "at most 262,144"),
        (HEAD + "baseline: {pods: 0100}", "not a number"),
        (HEAD + "baseline: {pods: 1:30}", "not a number"),
        (HEAD + "baseline: {p99_ms: .nan}", "nan is not possible"),
        (HEAD + "baseline: {p99_ms: -.inf}", "-.inf is not possible"),
        (HEAD + "baseline: {pods: " + "9" * 5000 + "}", "is not possible"),
        ('{"schema": "meshadvisor-case/1", "title": "x", "title": "y"}', "twice"),
        ('{"schema": "meshadvisor-case/1", "title": "x", "baseline": {"p99_ms": NaN}}', "NaN"),
        ('{"schema": "meshadvisor-case/1", "title": }', "not JSON: line 1"),
        ('{"a": ' + "[" * 100_000, "nested deeper"),
        ('{"id": ' + "[" * 900 + "]" * 900 + "}", "not a text"),
    ],
)
def test_hostile_and_broken_texts_are_refused(text: str, says: str) -> None:
    with pytest.raises(CaseError) as caught:
        load(text)
    assert says in str(caught.value)
    assert len(str(caught.value)) < 1500


def test_yaml_has_no_surprises() -> None:
    case = load(
        HEAD + "baseline: {kubernetes_version: 1.30, kernel_version: 6, bare_metal: yes, ipv6_planned: false, "
        "peak_rps: 1e3, p99_ms: 42.0, measured_at: 2026-11-03}\n"
        "context: {cni_can_encrypt: no, deadline: 2027-03-01}\n"
        "operations:\n"
    )
    assert (case.baseline.kubernetes_version, case.baseline.kernel_version) == ("1.30", "6")
    assert (case.baseline.bare_metal, case.baseline.ipv6_planned) == (True, False)
    assert case.baseline.peak_rps == 1000
    assert f"{case.baseline.p99_ms} ms" == "42 ms"
    assert case.baseline.measured_at == date(2026, 11, 3)
    assert (case.context.cni_can_encrypt, case.context.deadline) == ("no", "2027-03-01")


def test_values_of_other_yaml_readers_are_understood() -> None:
    text = HEAD + "baseline: {measured_at: 2026-11-03}\ncontext: {cni_can_encrypt: no, deadline: 2027-03-01}\n"
    assert read(yaml.safe_load(text)) == load(text)


def test_notes_are_kept_and_the_experts_answer_is_not() -> None:
    case = read(document(assumed=["pods", "nodes"], source={"url": "https://a.example", "grade": 1}, expected={"a": 1}))
    assert case.notes == {"assumed": ("pods", "nodes"), "source": {"url": "https://a.example", "grade": 1}}
    assert "expected" not in write(case)
    assert read(write(case)) == case


def test_comments_and_origins_come_and_go() -> None:
    case = with_comment(Case(title="x"), "baseline.incidents_90_days", " from the log ")
    assert case.comments == {"baseline.incidents_90_days": "from the log"}
    assert not with_comment(case, "baseline.incidents_90_days", " ").comments
    origin = Provenance(source="Prometheus", day=date(2026, 11, 3))
    case = with_provenance(case, "baseline.p99_ms", origin)
    assert write(case)["provenance"] == {"baseline.p99_ms": {"source": "Prometheus", "date": "2026-11-03"}}
    assert not with_provenance(case, "baseline.p99_ms", None).provenance
    with pytest.raises(CaseError):
        with_comment(case, "baseline", "too wide")


@pytest.mark.parametrize("path", ["baseline", "baseline.podz", "requirements.resilience", "requirements.x.need", ""])
def test_a_path_that_is_no_question_is_refused(path: str) -> None:
    with pytest.raises(CaseError, match="no such question"):
        get(Case(title="x"), path)
    with pytest.raises(CaseError, match="no such question"):
        with_answer(Case(title="x"), path, 1)


def test_an_answer_is_checked_like_a_document() -> None:
    case = with_answer(Case(title="x"), "baseline.p99_ms", 40)
    with pytest.raises(CaseError, match="not possible"):
        with_answer(case, "baseline.p99_ms", -1)
    with pytest.raises(CaseError, match="at most the 40 of “p99” is expected"):
        with_answer(case, "baseline.p50_ms", 50, checked=True)
    assert with_answer(case, "baseline.p50_ms", 50).baseline.p50_ms == 50
    with pytest.raises(CaseError, match="a title is expected"):
        with_answer(case, "title", "")


def test_a_case_does_not_change() -> None:
    case = Case(title="x")
    with pytest.raises(FrozenInstanceError):
        case.title = "y"  # type: ignore[misc]
    with_answer(case, "requirements.resilience.simplest_fix.outcome", "works")
    assert case == Case(title="x")


@settings(max_examples=5, deadline=None)
@given(cases())
def test_the_writer_gives_plain_json(case: Case) -> None:
    def plain(value: object) -> bool:
        if isinstance(value, dict):
            return all(type(key) is str and plain(one) for key, one in value.items())
        if isinstance(value, list):
            return all(plain(one) for one in value)
        return type(value) in {str, int, float, bool, type(None)}

    assert plain(write(case))


def test_the_cases_of_the_reference_material_survive_their_document(shared: Path) -> None:
    files = sorted((shared / "cases").glob("*.yaml"))
    assert files
    for file in files:
        case = load(file.read_text())
        assert case.requirements
        assert read(write(case)) == case
