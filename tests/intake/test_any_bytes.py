"""Whatever is uploaded: no crash, no hang, an answer that can be written as JSON, and figures that make sense."""

import json
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decisions.intake import answers, as_inspect, read, read_together
from decisions.intake.samples import Outcome, Rank, Samples
from tests.intake import (
    test_cluster_tools,
    test_fortio,
    test_json_reports,
    test_records,
    test_text_reports,
    test_vegeta,
)
from tests.intake.test_kubectl import NODE, listed, pod
from tests.intake.test_wrk import WRK, WRK2

# One well-formed content of nearly every format: damaged ones are made of these.
SEEDS = tuple(
    content
    if isinstance(content, bytes)
    else content.encode()
    if isinstance(content, str)
    else json.dumps(content).encode()
    for content in (
        WRK,
        WRK2,
        test_text_reports.HEY,
        test_text_reports.OHA,
        test_text_reports.AB,
        test_text_reports.H2LOAD,
        test_text_reports.K6,
        test_fortio.result(),
        test_fortio.LOG,
        test_vegeta.REPORT,
        test_vegeta.TEXT,
        test_vegeta.gob([(200, 1_767_323_045, 1_000_000)] * 3),
        json.dumps(test_vegeta.record(0, 1.0)),
        test_json_reports.OHA,
        test_json_reports.GHZ,
        test_json_reports.autocannon(),
        test_json_reports.LOCUST,
        test_json_reports.nighthawk(),
        test_records.XML,
        "\n".join([test_records.HEADER, *(",".join(row) for row in test_records.ROWS)]),
        test_records.gatling(text=True),
        test_records.METRIC + "\n" + test_records.point(3),
        test_cluster_tools.YAML,
        test_cluster_tools.TOP_NODES.format(cpu="CPU(cores)", share="CPU%"),
        test_cluster_tools.HELM,
        test_cluster_tools.packed(test_cluster_tools.FILES),
        listed(NODE, pod("a"), pod("b", native=True)),
    )
)
PIECES = (
    b"",
    b"\x00",
    b"\xff",
    b"\n",
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b",",
    b"-1",
    b"9" * 400,
    b"1e999",
    b"NaN",
    b"null",
    b"\\",
    b"<a>",
)
QUIET = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def check(content: bytes) -> None:
    for one in read(content, "file"):
        text = json.dumps(as_inspect(one), allow_nan=False)
        assert text
        answers(one)
        if one.kind == "refused":
            assert one.advice
        if one.loadtest:
            ratio = one.loadtest.error_ratio
            assert ratio is None or ratio >= 0
            assert one.loadtest.requests is None or one.loadtest.requests >= 0


@QUIET
@given(st.binary(max_size=2000))
def test_any_bytes_give_a_reading(content: bytes) -> None:
    check(content)


@QUIET
@given(st.text(alphabet=st.sampled_from('{}[]",:0123456789.-eE \n\t%abcdefklmnoprstuvwxyz'), max_size=1500))
def test_any_text_gives_a_reading(content: str) -> None:
    check(content.encode())


@QUIET
@given(st.sampled_from(SEEDS), st.integers(0, 2**32), st.integers(1, 6))
def test_damaged_files_give_a_reading(seed: bytes, choice: int, damages: int) -> None:
    picker = random.Random(choice)
    content = seed
    for _ in range(damages):
        first, second = sorted(picker.randrange(len(content) + 1) for _ in range(2))
        kind = picker.randrange(4)
        piece = picker.choice(PIECES)
        if kind == 0:
            content = content[:first] + content[second:]
        elif kind == 1:
            content = content[:first] + piece + content[first:]
        elif kind == 2:
            content = content[:first] + piece + content[min(second, first + 8) :]
        else:
            content = content[:second] + content[first:second] + content[second:]
    check(content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@QUIET
@given(
    st.sampled_from([seed for seed in SEEDS if seed.startswith((b"{", b"[")) and b"}\n{" not in seed]),
    st.integers(0, 2**32),
    JSON,
)
def test_values_of_another_type_give_a_reading(seed: bytes, choice: int, other: object) -> None:
    document = json.loads(seed)
    picker = random.Random(choice)
    place = document
    while isinstance(place, dict | list) and place:
        key = picker.choice(list(place)) if isinstance(place, dict) else picker.randrange(len(place))
        if not isinstance(place[key], dict | list) or not place[key] or picker.random() < 0.3:
            place[key] = other
            break
        place = place[key]
    check(json.dumps(document).encode())


@QUIET
@given(st.lists(st.tuples(st.integers(0, 100_000), st.booleans()), min_size=1, max_size=200))
def test_a_jtl_counts_what_was_written(rows: list[tuple[int, bool]]) -> None:
    lines = [f"{1_767_323_045_000 + place},{elapsed},{str(good).lower()}" for place, (elapsed, good) in enumerate(rows)]
    (one,) = read("\n".join(["timeStamp,elapsed,success", *lines]).encode(), "file")
    assert one.loadtest is not None
    found, times = one.loadtest, sorted(elapsed for elapsed, _ in rows)
    assert found.requests == len(rows)
    assert found.errors.total == sum(not good for _, good in rows)
    assert (found.latency.min, found.latency.max) == (times[0], times[-1])
    for percent, value in found.latency.percentiles():
        at_or_below = sum(time <= value for time in times)
        assert at_or_below >= percent / 100 * len(times) - 1e-6
        assert value in times


@QUIET
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=300), st.sampled_from(list(Rank)))
def test_percentiles_rise_and_stay_between_the_extremes(times: list[float], rank: Rank) -> None:
    samples = Samples()
    for time in times:
        samples.add(time, Outcome.OK)
    found = [value for _, value in samples.loadtest(rank=rank).distribution]
    assert found == sorted(found)
    assert min(times) <= found[0]
    assert found[-1] <= max(times)


@QUIET
@given(st.integers(0, 2**32), st.integers(1, 5))
def test_how_objects_are_spread_over_files_does_not_matter(choice: int, number: int) -> None:
    picker = random.Random(choice)
    objects = [NODE, *(pod(f"p{place}", native=place % 2 == 0) for place in range(6))]
    files = [[picker.choice(objects)] for _ in range(number)] + [[]]
    for one in objects:
        picker.choice(files).append(one)
    parts = read_together([(f"{place}.json", listed(*part)) for place, part in enumerate(files) if part])
    (whole,) = read(listed(*objects), "all.json")
    assert whole.cluster is not None
    assert parts[0].cluster is not None
    assert parts[0].cluster.counts == whole.cluster.counts
    assert parts[0].cluster.resources.cpu_requests == whole.cluster.resources.cpu_requests
