"""The record quotes everything it was made from, always in the same bytes, and reads back as it was written."""

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.advisor.catalog import load
from decisions.advisor.engine import answer
from decisions.advisor.quantities import Range
from decisions.advisor.questions import FIELDS
from decisions.advisor.questions.asking import Field, Kind
from decisions.advisor.recommendation import Approach, Flip, Reason, Source, Standing, Verdict
from decisions.advisor.record import (
    About,
    Record,
    RecordError,
    Section,
    canonical,
    digest,
    document,
    draft,
    inputs_digest,
    read,
)
from decisions.advisor.record.labels import label
from decisions.advisor.record.value import one_line
from decisions.advisor.record.words import between, continued, ends, listed, number, sentence
from decisions.rendering.options import matrix
from tests.advisor.judging import case, must, tried
from tests.sample_record import ABOUT, CASE, RANKING, RECOMMENDATION, sample

MADR = (
    "Context and Problem Statement",
    "Decision Drivers",
    "Considered Options",
    "Decision Outcome",
    "Pros and Cons of the Options",
    "More Information",
)


def words_of(record: Record) -> str:
    """Everything the sections say, in one string."""
    return json.dumps(document(record)["sections"], ensure_ascii=False)


def titles(sections: tuple[Section, ...]) -> list[str]:
    """The headings, outermost first."""
    return [one for section in sections for one in (section.title, *titles(section.sections))]


def test_the_sections_of_madr_stand_in_its_order() -> None:
    found = [title for title in titles(sample().sections) if title in MADR]
    assert found == list(MADR)
    outcome = next(section for section in sample().sections if section.title == "Decision Outcome")
    assert [inner.title for inner in outcome.sections] == ["Consequences", "Confirmation"]


def test_every_reason_of_every_option_is_quoted() -> None:
    text = words_of(sample())
    for standing in RANKING:
        for reason in standing.reasons:
            assert reason.because in text


def test_the_rest_of_the_recommendation_is_quoted() -> None:
    text = words_of(sample())
    wanted = [RECOMMENDATION.headline, RECOMMENDATION.next_step, *RECOMMENDATION.confidence_because]
    wanted += [one.because for one in RECOMMENDATION.demoted]
    wanted += [part for one in RECOMMENDATION.trials for part in (one.what, one.test, one.if_it_fails)]
    wanted += [part for one in RECOMMENDATION.advisories for part in (one.topic, one.text)]
    wanted += [part for one in RECOMMENDATION.assumptions for part in (one.text, one.owner)]
    wanted += [one.change for one in RECOMMENDATION.flips]
    wanted += [one.because for one in RECOMMENDATION.best.costs]
    for stage in RECOMMENDATION.plan:
        wanted += [stage.title, stage.what, stage.only_because, stage.gate, stage.stop, stage.rollback, stage.proof]
    for part in wanted:
        assert part in text


def test_every_source_has_one_number_and_is_listed_once() -> None:
    record = sample()
    texts = [source.text for source in record.sources]
    assert len(set(texts)) == len(texts) == 4
    used = {note for note in range(1, 5) if f'"notes": [{note}' in words_of(record) or f", {note}]" in words_of(record)}
    assert used == {1, 2, 3, 4}


def test_evidence_scope_and_override_are_quoted() -> None:
    text = words_of(sample())
    for part in ("PCI DSS 4.0, requirement 4.2.1", "https://wiki.example.org/pci/scope-letter", "Nadia Okafor"):
        assert part in text
    assert "scope: payments, ledger" in text
    assert "we will not wait for the third finding" in text
    assert "Must-have, kept by override" in text
    assert "Nice to have, demoted" in text


@pytest.mark.parametrize("section", ["context", "baseline", "operations", "budget"])
def test_every_answer_can_be_found_in_words(section: str) -> None:
    text = words_of(sample())
    for key, value in CASE[section].items():
        if isinstance(value, int | float) and value > 1:
            assert f"{value:,}".removesuffix(".0") in text, key
        elif isinstance(value, str) and " " in value:
            assert value in text, key


def test_the_same_inputs_give_the_same_bytes_in_another_process() -> None:
    code = (
        "from tests.sample_record import sample; from decisions.advisor.record import *; "
        "print(digest(canonical(document(sample()))))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == digest(canonical(document(sample())))


def test_the_order_of_the_keys_in_the_case_does_not_matter_to_its_digest() -> None:
    turned = dict(reversed(CASE.items()))
    assert sample(document=turned).inputs == sample().inputs


@pytest.mark.parametrize(
    "changed",
    [
        {"answered": 45},
        {"headline": "Another headline."},
        {"catalogue_version": "2026-11-21+000000000000"},
        {"engine_version": "0.1.1"},
    ],
)
def test_any_change_changes_the_digest(changed: dict[str, Any]) -> None:
    assert canonical(document(sample(**changed))) != canonical(document(sample()))


def test_the_inputs_digest_covers_case_catalogue_and_engine() -> None:
    inputs = sample().inputs
    assert inputs.case_sha256 == digest(canonical(inputs.case))
    assert inputs.digest == inputs_digest(inputs.case_sha256, inputs.catalogue_version, inputs.engine_version)
    others = [
        sample(document={**CASE, "title": "Another"}),
        sample(catalogue_version="x"),
        sample(engine_version="x"),
    ]
    assert len({inputs.digest, *(one.inputs.digest for one in others)}) == 4
    assert sample(about=replace(ABOUT, title="Another")).inputs == inputs


@pytest.mark.parametrize(
    ("version", "said"), [("2026-11-22+t", False), ("2026-11-23+t", False), ("2026-11-24+t", True)]
)
def test_a_record_judged_by_a_catalogue_younger_than_its_date_says_so(version: str, said: bool) -> None:
    words = words_of(sample(catalogue_version=version))
    sentence = f"The catalogue is of {version[:10]}: it is younger than this record, which bears the date 2026-11-23."
    assert (sentence in words) is said


def test_reading_gives_back_what_was_written() -> None:
    record = sample()
    again = read(json.loads(canonical(document(record))))
    assert again == replace(record, recommendation=again.recommendation)
    assert canonical(document(again)) == canonical(document(record))


def test_the_last_bit_of_a_float_does_not_change_the_record() -> None:
    cost = replace(RECOMMENDATION.best.costs[0], hours=Range(low=0.1 + 0.2, likely=0.5, high=1.0))
    other = replace(cost, hours=Range(low=0.3, likely=0.5, high=1.0))
    one, two = (sample(ranking=(replace(RANKING[0], costs=(entry,)), *RANKING[1:])) for entry in (cost, other))
    assert canonical(document(one)) == canonical(document(two))


def test_numbers_of_the_case_are_kept_to_the_last_digit() -> None:
    precise = {**CASE, "baseline": {**CASE["baseline"], "peak_rps": 4850.123456789}}
    assert document(sample(document=precise))["inputs"]["case"]["baseline"]["peak_rps"] == 4850.123456789  # type: ignore[index]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("schema",), "meshadvisor-record/9", "meshadvisor-record/9"),
        (("about", "revision"), "two", "record.about.revision must be of type int"),
        (("about", "titel"), "x", "record.about.titel is not known"),
        (("sections", 0, "blocks", 0, "kind"), "script", "record.sections.0.blocks.0.kind must be one of"),
        (("sections", 0, "title"), 7, "record.sections.0.title must be of type str"),
        (("sources",), {}, "record.sources must be a list"),
        (("inputs",), [], "record.inputs must be a mapping"),
    ],
)
def test_what_is_no_record_is_refused_with_the_place(path: tuple[Any, ...], value: object, said: str) -> None:
    plain = json.loads(canonical(document(sample())))
    at = plain
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    with pytest.raises(RecordError, match=said):
        read(plain)


def test_a_missing_part_is_named() -> None:
    plain = json.loads(canonical(document(sample())))
    del plain["about"]["title"]
    with pytest.raises(RecordError, match=r"record\.about\.title is missing"):
        read(plain)


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 2**60, "\ud800"])
def test_values_without_a_canonical_form_are_refused(value: object) -> None:
    with pytest.raises(RecordError, match="no canonical form"):
        canonical({"value": value})


def test_infinite_cost_is_refused() -> None:
    endless = Range(low=1, likely=2, high=float("inf"))
    with pytest.raises(RecordError, match="cannot hold the number inf"):
        sample(ranking=(replace(RANKING[0], money_per_month=endless), *RANKING[1:]))


def test_an_empty_case_makes_a_record_that_says_what_is_missing() -> None:
    bare = {"schema": "meshadvisor-case/1", "title": "Nothing yet"}
    record = sample(
        about=About(title="Nothing yet"),
        document=bare,
        trials=(),
        advisories=(),
        demoted=(),
        plan=(),
        flips=(),
        assumptions=(),
        confidence_because=(),
    )
    text = words_of(record)
    assert "Nobody has measured the system yet" in text
    assert "No requirement has been named yet" in text
    assert "No test has been agreed yet" in text
    assert "Incremental Plan" not in titles(record.sections)


def test_old_figures_are_called_old_against_the_date_of_the_record() -> None:
    assert "44 days before this record was written" in words_of(sample())
    assert "so the figures are old" not in words_of(sample(about=replace(ABOUT, date="2026-10-20")))


OPEN = Flip(
    change="Long-lived connections must never be reset",
    becomes="Sidecar mesh (Istio with sidecars)",
    approach=Approach.SIDECAR_MESH,
    changes_answer=True,
    path="operations.exit_time",
    answers=(("operations.exit_time", "hour"),),
)
NEAR = replace(OPEN, change="The system has 900 pods", path="baseline.pods", answers=(("baseline.pods", 900),))


@pytest.mark.parametrize(
    ("flips", "ranking", "said"),
    [
        ((NEAR, OPEN), RANKING, "What moves it most is not answered yet. Long-lived connections must never be reset"),
        ((NEAR,), RANKING[:1] * 2, "What moves it first: The system has 900 pods: then the answer is Sidecar mesh"),
        ((), RANKING[:1] * 2, ""),
    ],
)
def test_the_cover_says_what_moves_an_answer_that_seldom_stays(
    flips: tuple[Flip, ...], ranking: tuple[Standing, ...], said: str
) -> None:
    shaky = sample(robustness=0.344, flips=flips, ranking=ranking).brief[-1].text
    assert shaky.startswith("Moderate. " + said if said else "Moderate")
    assert sample(robustness=0.9, flips=flips, ranking=ranking).brief[-1].text == "Moderate"


def test_text_that_hides_or_reorders_is_shown_by_its_code_points() -> None:
    sly = "approved\u202edetcejer\u202c\nby\tme\x00\u200b"
    assert one_line(sly) == "approved[U+202E]detcejer[U+202C] by me[U+0000][U+200B]"
    record = sample(about=replace(ABOUT, title=sly, author="A\u2066B"))
    assert record.about.title == one_line(sly)
    assert record.about.author == "A[U+2066]B"
    notes = Reason(rule="r", verdict=Verdict.FOR, because=sly, sources=(Source(text="s"),))
    assert "\u202e" not in words_of(sample(ranking=(replace(RANKING[0], reasons=(notes,)), *RANKING[1:])))


@pytest.mark.parametrize(
    ("low", "likely", "high", "said"),
    [
        (4, 6, 9, "4 to 9 hours, likely 6"),
        (0, 0, 0, "none"),
        (6, 6, 6, "6 hours"),
        (2.04, 6.8, 17.6, "2 to 18 hours, likely 6.8"),
        (0.92, 1.6, 2.61, "0.9 to 2.6 hours, likely 1.6"),
        (1310, 1880, 2820, "1,310 to 2,820 hours, likely 1,880"),
        (0.012, 0.034, 0.1, "0.012 to 0.1 hours, likely 0.034"),
        (0, 0, 3, "0 to 3 hours, likely 0"),
    ],
)
def test_ranges_are_said_no_more_precisely_than_they_bear(low: float, likely: float, high: float, said: str) -> None:
    assert between(Range(low=low, likely=likely, high=high), "hours") == said


@given(st.lists(st.floats(0, 1e9, allow_subnormal=False), min_size=3, max_size=3).map(sorted))
def test_rounding_never_turns_a_range_round(values: list[float]) -> None:
    low, likely, high = values
    said = between(Range(low=low, likely=likely, high=high)).replace(",", "").split()
    numbers = [float(word) for word in said if word[0].isdigit()]
    assert numbers == [] or numbers[0] <= numbers[-1] <= max(numbers)


@given(st.floats(1e-9, 1e12))
def test_numbers_stay_within_five_percent(value: float) -> None:
    assert float(number(value).replace(",", "")) == pytest.approx(value, rel=0.05)


def test_words() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert sentence("p99 stays below 40 ms") == "p99 stays below 40 ms."
    assert sentence("one dropped call") == "One dropped call."
    assert sentence("Done (in minutes.)") == "Done (in minutes.)"
    assert sentence(" ") == ""
    assert continued("The CNI does it.") == "the CNI does it."
    assert continued("Linkerd does it.") == "Linkerd does it."
    assert continued("Meets egress control: it does.") == "it meets egress control: it does."
    assert continued("Certificates, proxies and more.") == "certificates, proxies and more."
    assert ends(Range(low=1, likely=1, high=1)) == "1"


def filled(path: str, field: Field) -> object:
    """A value for a field that no other field has, as far as its kind allows."""
    chosen = {
        Kind.CHOICE: lambda: field.choices[-1][0],
        Kind.CHOICES: lambda: [value for value, _ in field.choices],
        Kind.BOOLEAN: lambda: True,
        Kind.DATE: lambda: "2026-10-10",
        Kind.SHARE: lambda: 0.125,
        Kind.PERCENT: lambda: 87.5,
        Kind.URL: lambda: f"https://example.org/{path}",
    }.get(field.kind)
    if chosen:
        return chosen()
    number = min(1000 - list(FIELDS).index(path), int(field.maximum))  # falling: parts come after the whole
    return number if field.kind in {Kind.INTEGER, Kind.NUMBER} else f"said at {path}"


@pytest.mark.parametrize("section", ["context", "baseline", "operations", "budget", "plan"])
def test_every_field_of_the_case_is_said_in_the_record(section: str) -> None:
    document_given: dict[str, Any] = {"schema": "meshadvisor-case/1", "title": "All of it"}
    wanted = {path: field for path, field in FIELDS.items() if path.startswith(f"{section}.")}
    for path, field in wanted.items():
        at = document_given
        *parents, name = path.split(".")
        for parent in parents:
            at = at.setdefault(parent, {})
        at[name] = filled(path, field)
    document_given.get("baseline", {}).update(p50_ms=1, p90_ms=2, p95_ms=3, p99_ms=4)
    text = words_of(sample(document=document_given)).replace(",", "")
    for path, field in wanted.items():
        if path.endswith(("p50_ms", "p90_ms", "p95_ms", "p99_ms")) and section == "baseline":
            continue
        given_value = filled(path, field)
        if field.kind in {Kind.CHOICE, Kind.CHOICES}:
            assert label(path) in text, path
        elif field.kind is Kind.SHARE:
            assert f'"term": "{label(path)}" "text": "12.5 %"' in text or "12.5 %" in text, path
        elif isinstance(given_value, bool):
            assert label(path) in text, path
        else:
            assert str(given_value) in text, path


def test_not_sure_is_said_and_never_taken_for_a_value() -> None:
    unsure = {
        path.split(".")[1]: "not_sure" for path in FIELDS if path.startswith("baseline.") and path.count(".") == 1
    }
    unsure.pop("incidents_90_days", None)
    record = sample(document={"schema": "meshadvisor-case/1", "title": "Unsure", "baseline": unsure})
    assert "Nobody said when these figures were measured" in words_of(record)
    assert "not sure" in words_of(record)
    assert "not_sure" not in words_of(record)


def test_figures_that_carry_their_own_day_are_not_said_to_have_none() -> None:
    undated = "obody said when"
    given = {"schema": "meshadvisor-case/1", "title": "Read", "baseline": {"pods": 40, "nodes": 4}}
    told = {"source": "pods.json", "date": "2026-10-10"}
    every, some = {"baseline.pods": told, "baseline.nodes": told}, {"baseline.pods": told}
    assert undated not in words_of(sample(document={**given, "provenance": every}))
    assert "nobody said when the others were measured" in words_of(sample(document={**given, "provenance": some}))
    assert "Nobody said when these figures were measured" in words_of(sample(document=given))


def test_remarks_origins_and_the_team_s_own_words_are_quoted() -> None:
    case = {
        **CASE,
        "comments": {"baseline.pods": "Without the batch clusters."},
        "provenance": {"baseline.pods": {"source": "payments-prod-eu.json", "date": "2026-10-10"}},
        "plan": {
            "stage_changes": "We start with the ledger.",
            "review_date": "2027-05-23",
            "owner": "Nadia Okafor",
            "approver": "Ada Byron",
        },
        "source": {"url": "https://example.org/case", "grade": 1},
    }
    text = words_of(sample(document=case))
    for part in (
        "412 (payments-prod-eu.json, 2026-10-10)",
        "Without the batch clusters.",
        "We start with the ledger.",
        "On 2027-05-23.",
        "Ada Byron, approver",
        "https://example.org/case",
    ):
        assert part in text, part


def test_the_smallest_fix_and_what_was_seen_stand_beside_the_evidence() -> None:
    requirements = {
        "workload_identity": {
            "need": "must",
            "evidence": {"kind": "rule", "reference": "PSD2"},
            "simplest_fix": {"outcome": "cannot", "note": "50 services in 5 months"},
        }
    }
    text = words_of(sample(document={**CASE, "requirements": requirements}))
    assert "The smallest fix: cannot be done (50 services in 5 months)." in text


def test_sentences_that_stages_share_are_said_once() -> None:
    stage = RECOMMENDATION.plan[1]
    stages = tuple(replace(stage, number=place, title=f"Step {place}", what=f"Do {place}.") for place in range(5))
    text = words_of(sample(plan=stages))
    assert text.count(stage.rollback) == 1
    assert "Way back, stages 0 to 4" in text
    assert "Gate, stages 0 to 4:" in text
    for place in range(5):
        assert f"Do {place}." in text


def test_the_band_of_the_critical_path_its_check_and_the_warning_are_said() -> None:
    one = case({"workload_identity": tried("cannot")}, baseline={"busiest_node_cpu": 0.75, "sequential_calls": 5})
    found = answer(one, load())
    path = found.best.overhead.path
    assert path is not None
    words = words_of(draft(one, found, load(), ABOUT))
    assert f"5 calls in sequence likely add {float(f'{path.independent_p99_ms:.3g}'):g} ms at p99" in words
    assert f"and {float(f'{path.together_p99_ms:.3g}'):g} ms when all are slow at the same moment" in words
    assert "p99(n) = n mean + sqrt(n) (p99 - mean)" in words
    assert path.check_p99_ms == pytest.approx(path.independent_p99_ms, rel=0.4)
    assert "At 75 % utilisation requests queue" in words
    calm = case({"workload_identity": tried("cannot")}, baseline={"busiest_node_cpu": 0.6})
    assert "requests queue" not in words_of(draft(calm, answer(calm, load()), load(), ABOUT))


@pytest.mark.parametrize(("p99", "said"), [(38, False), (900, True)])
def test_why_less_may_be_added_at_p99_than_at_p50_is_said_where_it_is_so(p99: int, said: bool) -> None:
    one = case({"workload_identity": tried("cannot")}, baseline={"p99_ms": p99, "slo_p99_ms": 1500})
    found = answer(one, load())
    words = words_of(draft(one, found, load(), ABOUT))
    assert ("a path with a long tail of its own hides part of what comes on top" in words) is said
    assert bool(matrix(found, None, priced=False).hidden_tail) is said


def test_work_on_grpc_clients_says_of_which_services_it_is_counted() -> None:
    asked = {"grpc_load_balancing": must("incident")}
    measured = {"services": 85, "busiest_pod_ratio": 3}
    one = case(asked, baseline={**measured, "grpc_share": 0.4})
    found = answer(one, load())
    (cost,) = found.best.costs
    told = "The work is counted for 34 of 85 services: 40 %, the share of gRPC in the traffic."
    assert cost.because.endswith(told)
    assert found.plan[0].what.endswith(f"In scope that is 85 services. {told}")
    assert "is counted for" not in words_of(
        draft(case(asked, baseline=measured), answer(case(asked, baseline=measured), load()), load(), ABOUT)
    )


def cover(requirements: dict[str, Any], **sections: Any) -> tuple[Approach, str]:
    """What is recommended, and why, on the cover."""
    one, catalog = case(requirements, **sections), load()
    found = answer(one, catalog)
    return found.approach, next(text.text for text in draft(one, found, catalog, ABOUT).brief if text.term == "Why")


@pytest.mark.parametrize(
    ("requirements", "baseline", "recommended", "said"),
    [
        (
            {"workload_identity": tried("cannot", "rule")},
            {},
            Approach.AMBIENT_MESH,
            "The next simpler option, eBPF mesh: Cilium service mesh, leaves workload identity open",
        ),
        (
            {"traffic_splitting": tried("not_enough", "incident")},
            {},
            Approach.EBPF_MESH,
            "leaves traffic splitting open: it works on packets, so it cannot split requests between versions.",
        ),
        (
            {"workload_identity": tried("cannot", "rule"), "vm_workloads": tried("cannot", "rule")},
            {"virtual_machines": 3},
            Approach.SIDECAR_MESH,
            "The next simpler option, Ambient mesh: ",
        ),
        (
            {"encryption_between_nodes": tried("cannot", "rule")},
            {},
            Approach.CNI_ENCRYPTION,
            "The next simpler option, No mesh, leaves encryption between nodes open",
        ),
    ],
)
def test_the_cover_says_why_the_next_simpler_option_fell(
    requirements: dict[str, Any], baseline: dict[str, Any], recommended: Approach, said: str
) -> None:
    approach, why = cover(requirements, baseline=baseline, context={"threats": ["network"], "cni_can_encrypt": "yes"})
    assert approach is recommended
    assert said in why
    assert why.count("The next simpler option") == 1


def test_where_nothing_is_simpler_or_nothing_fits_the_cover_names_no_simpler_option() -> None:
    assert "next simpler" not in cover({"traffic_splitting": must("incident")})[1]
    windows = {"nodes": 38, "windows_nodes": 38}
    nothing = {"workload_identity": tried("cannot", "rule"), "vm_workloads": tried("cannot", "rule")}
    assert "next simpler" not in cover(nothing, baseline=windows)[1]
