"""The page of a baseline, and two measurements side by side."""

import datetime as dt
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from decisions import issue
from decisions.drafting import Sheet, save
from decisions.models import Baseline, Decision, Measurement, Status
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

WRK = """Running 30s test @ http://shop.test/
  2 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    12.10ms    4.00ms  {highest}ms   90.00%
    Req/Sec   200.00     10.00   220.00     70.00%
  Latency Distribution
     50%   {p50}ms
     75%   {p75:.2f}ms
     90%   {p90:.2f}ms
     99%   {p99}ms
  {requests} requests in {seconds}s, 2.00MB read
  Non-2xx or 3xx responses: {failed}
Requests/sec:    {rate}
Transfer/sec:      0.10MB
"""


def wrk(p99: float = 30.0, p50: float = 11.0, requests: int = 12000, seconds: float = 30.0, failed: int = 0) -> bytes:
    rate = f"{requests / seconds:.2f}"
    highest, worse = p99 * 2, p99 / 30.0
    text = WRK.format(
        p50=p50,
        p75=14 * worse,
        p90=18 * worse,
        p99=p99,
        highest=highest,
        requests=requests,
        seconds=f"{seconds:.2f}",
        failed=failed,
        rate=rate,
    )
    return text.encode()


def k6_success(p99: float = 30.0) -> bytes:
    trend = {"avg": 12.0, "min": 2.0, "med": 11.0, "max": 60.0, "p(90)": 18.0, "p(95)": 21.0, "p(99)": p99}
    metrics = {"http_req_duration": trend, "http_reqs": {"count": 12000, "rate": 400.0}}
    return json.dumps({"root_group": {"name": "", "path": ""}, "metrics": metrics}).encode()


def keep(client: Client, draft: Decision, *files: tuple[str, bytes]) -> Baseline:
    """Read files into the draft's baseline through the page, taking what the first of them says."""
    uploads = [SimpleUploadedFile(name, data) for name, data in files]
    page = client.post(draft.address("baseline"), {"act": "read", "files": uploads})
    choices = {f"use:{one.path}": one.found[0].key for one in page.context["offers"]}
    client.post(draft.address("baseline"), {"act": "keep", "token": page.context["token"]} | choices)
    draft.refresh_from_db()
    assert draft.baseline
    return draft.baseline


def test_a_baseline_shows_distribution_failures_and_provenance(author: Client, draft: Decision) -> None:
    save(
        draft,
        Sheet(user=draft.author, seen=1, now=NOW),
        {"baseline.slo_p99_ms": 50, "baseline.incidents_90_days.dns": 4},
    )
    baseline = keep(author, draft, ("monday.txt", wrk(failed=24)))
    one = Measurement.objects.get()
    page = author.get(reverse("measured", args=[baseline.pk])).content.decode()
    assert (
        "Latency by percentile. monday.txt: p50 11 ms, p75 14 ms, p90 18 ms, p99 30 ms. Target for p99 50 ms." in page
    )
    assert "target for p99, 50 ms" in page
    assert "24 of 12,000 requests failed" in page
    assert "DNS" in page
    for said in (one.sha256, "uncorrected", "exact, from every request", "all requests", draft.author.name):
        assert said in page


def test_the_target_is_a_line_at_its_height(author: Client, draft: Decision) -> None:
    save(draft, Sheet(user=draft.author, seen=1, now=NOW), {"baseline.slo_p99_ms": 30})
    baseline = keep(author, draft, ("monday.txt", wrk(p99=30.0)))
    (sheet,) = author.get(reverse("measured", args=[baseline.pk])).context["sheets"]
    # The measured p99 is the target, so its dot stands on the line.
    assert sheet.chart.slo_y == sheet.chart.lines[0].dots[-1].y


@pytest.mark.parametrize(("target", "over"), [(30, True), (3000, False)])
def test_the_target_has_the_colour_of_what_is_over_it_only_where_a_p99_is(
    author: Client, draft: Decision, target: int, over: bool
) -> None:
    save(draft, Sheet(user=draft.author, seen=1, now=NOW), {"baseline.slo_p99_ms": target})
    baseline = keep(author, draft, ("monday.txt", wrk(p99=30.5)))
    page = author.get(reverse("measured", args=[baseline.pk])).content.decode()
    assert ('class="budget"' in page) is over


def test_an_old_measurement_says_so(author: Client, draft: Decision) -> None:
    baseline = keep(author, draft, ("monday.txt", wrk()))
    one = Measurement.objects.get()
    one.started_at = dt.datetime.now(dt.UTC) - dt.timedelta(days=45)
    one.save()
    assert "45 days old" in author.get(reverse("measured", args=[baseline.pk])).content.decode()
    assert "45 days old" in author.get(draft.address("baseline")).content.decode()


def test_two_runs_at_one_rate_are_laid_side_by_side(author: Client, draft: Decision) -> None:
    baseline = keep(author, draft, ("before.txt", wrk(p99=30.0)), ("after.txt", wrk(p99=36.0)))
    first, second = (Measurement.objects.get(file_name=name) for name in ("before.txt", "after.txt"))
    address = reverse("beside", args=[baseline.pk])
    response = author.get(address, {"first": first.pk, "second": second.pk})
    row = next(one for one in response.context["rows"] if one.title == "p99")
    assert (row.before, row.after) == ("30 ms", "36 ms")
    assert row.difference == "+6 ms", "no summary says how slow requests came together, so no interval is known"
    assert len(response.context["chart"].lines) == 2


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (wrk(requests=24000), "The rates differ: 400 requests a second before, 800 after."),
        (k6_success(), "the second unknown"),
    ],
)
def test_what_is_not_alike_is_not_compared(author: Client, draft: Decision, other: bytes, why: str) -> None:
    baseline = keep(author, draft, ("before.txt", wrk()), ("after.txt", other))
    first, second = (Measurement.objects.get(file_name=name) for name in ("before.txt", "after.txt"))
    address = reverse("beside", args=[baseline.pk])
    page = author.get(address, {"first": first.pk, "second": second.pk}).content.decode()
    assert "These two cannot be compared" in page
    assert why in page or "coordinated omission" in page
    assert "Difference (98 % interval)" not in page


def test_without_a_second_run_there_is_nothing_to_compare(author: Client, draft: Decision) -> None:
    baseline = keep(author, draft, ("before.txt", wrk()))
    assert "Nothing to compare with" in author.get(reverse("beside", args=[baseline.pk])).content.decode()


@pytest.mark.parametrize("view", ["measured", "beside"])
def test_strangers_find_no_baseline(author: Client, draft: Decision, view: str) -> None:
    baseline = keep(author, draft, ("before.txt", wrk()))
    address = reverse(view, args=[baseline.pk])
    assert author.get(address).status_code == 200
    stranger = Client()
    stranger.force_login(factories.decision().author)
    assert stranger.get(address).status_code == 404


def test_the_page_asks_as_often_for_three_measurements_as_for_one(
    author: Client, draft: Decision, django_assert_num_queries
) -> None:
    baseline = keep(author, draft, ("a.txt", wrk()))
    address = reverse("measured", args=[baseline.pk])
    with django_assert_num_queries(6):
        author.get(address)
    keep(author, draft, ("b.txt", wrk(p99=31)), ("c.txt", wrk(p99=32)))
    with django_assert_num_queries(6):
        author.get(address)


def test_what_makes_a_run_weak_is_said_in_the_record_as_well(author: Client, draft: Decision) -> None:
    keep(author, draft, ("short.txt", wrk(requests=800, seconds=8.0)))
    said = json.dumps(issue.document_of(draft, NOW, Status.PROPOSED)["sections"])
    assert "short.txt:" in said
    assert "The run lasted 8.0 s." in said
    assert "Only 800 requests" in said


def test_a_measurement_kept_before_warnings_were_has_none(author: Client, draft: Decision) -> None:
    one = keep(author, draft, ("run.txt", wrk())).measurements.get()
    one.figures = {"read": []}
    assert issue.measured(one).warnings == ()
