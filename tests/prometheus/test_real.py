"""Against a real Prometheus: what is there, what it says, and how a draft's baseline is filled from it."""

import datetime as dt

import pytest
from django.db import connection as database
from django.test import Client

from decisions.intake import answers, read
from decisions.intake.queries import marked, queries
from decisions.models import Collection, Connection, Decision, Measurement, Progress
from decisions.outbound import Credentials, Place
from decisions.prometheus.server import Found, Server, Unanswered, Unusable
from tests import factories
from tests.prometheus import exporter
from tests.prometheus.conftest import PASSWORD, USER, Running

STEP = 15


def signed_in(running: Running) -> Server:
    return Server(place=Place.of(running.address), credentials=Credentials(username=USER, password=PASSWORD))


def window(running: Running) -> tuple[dt.datetime, dt.datetime]:
    start = dt.datetime.fromtimestamp(running.start + 300, tz=dt.UTC)
    return start, start + dt.timedelta(minutes=exporter.MINUTES - 5)


def asked(running: Running, source: str, *, native: bool = False):
    """The reading of all questions about a source."""
    start, end = window(running)
    bodies = [
        signed_in(running).values(marked(query, figure), start, end, STEP)
        for figure, query in queries(source, native=native).items()
    ]
    (found,) = read(b"\n".join(bodies), "file")
    assert found.prometheus is not None, found.advice
    return found


def values(running: Running, source: str, *, native: bool = False) -> dict[str, object]:
    found = answers(asked(running, source, native=native))
    return {path.removeprefix("baseline."): one.value for path, one in found.items()}


def test_the_sources_that_have_series_are_found_with_and_without_latency(server: Running) -> None:
    assert signed_in(server).sources(*window(server)) == [
        Found(source="istio"),
        Found(source="istio-gateway"),
        Found(source="linkerd"),
        Found(source="micrometer", latency=False),
        Found(source="generic-histogram", native=True),
        Found(source="traefik"),
    ]


def test_every_figure_is_the_one_that_was_exported(server: Running) -> None:
    found = values(server, "istio")
    # 100 requests a second, counted at both ends; 300 in the busy quarter of an hour, which is longer than the rate's.
    assert found["peak_rps"] == pytest.approx(300, rel=0.02)
    assert found["mean_rps"] == pytest.approx(100 * (45 + 2 * 15) / 45, rel=0.03)
    assert found["error_ratio"] == pytest.approx(0.02, rel=0.01)
    # Of 100 requests 40 are at most 10 ms, 80 at most 25, 96 at most 50: linear inside the bucket.
    assert found["p50_ms"] == pytest.approx(10 + 15 * 10 / 40, rel=0.005)
    assert found["p90_ms"] == pytest.approx(25 + 25 * 10 / 16, rel=0.005)
    assert found["p95_ms"] == pytest.approx(25 + 25 * 15 / 16, rel=0.005)
    assert "p99_ms" not in found
    assert found["used_cpu_vcpu"] == pytest.approx(1.5, rel=0.01)
    assert found["used_memory_gib"] == 2
    assert [found[what] for what in ("nodes", "pods", "services", "namespaces")] == [3, 5, 4, 1]
    assert (found["kernel_version"], found["kubernetes_version"]) == ("5.15.0", "v1.28.9")


def test_a_quantile_above_the_last_bucket_is_at_least_its_bound(server: Running) -> None:
    (p99,) = [one for one in asked(server, "istio").prometheus.series if dict(one.labels)["meshadvisor"] == "p99_ms"]
    assert p99.at_least
    assert p99.value == 100


def test_a_quantile_in_the_lowest_bucket_is_at_most_its_bound(server: Running) -> None:
    found = values(server, "traefik")
    assert not {"p50_ms", "p99_ms"} & found.keys()
    labels = [one.label for one in asked(server, "traefik").read]
    assert "at most p50_ms" in labels


def test_points_at_which_a_counter_began_anew_are_left_out(server: Running) -> None:
    found = asked(server, "traefik")
    assert any("counters were reset" in warning for warning in found.warnings)
    assert values(server, "traefik")["peak_rps"] == pytest.approx(20, rel=0.02)


def test_no_traffic_is_unknown_and_not_zero(server: Running) -> None:
    found = values(server, "linkerd")
    assert not {"p50_ms", "p99_ms", "error_ratio"} & found.keys()


def test_a_source_without_buckets_gives_rates_only(server: Running) -> None:
    found = values(server, "micrometer")
    assert found["peak_rps"] == pytest.approx(15, rel=0.02)
    assert found["error_ratio"] == 0
    assert "p50_ms" not in found


def test_native_histograms_are_read(server: Running) -> None:
    found = values(server, "generic-histogram", native=True)
    assert found["peak_rps"] == pytest.approx(300, rel=0.02)
    # Prometheus 2 interpolates linearly between 1/64 and 1/32 s, Prometheus 3 exponentially.
    assert found["p50_ms"] == pytest.approx(23.4, rel=0.07)
    assert "error_ratio" not in found


def test_labels_that_can_hold_user_data_are_asked_for_nowhere(server: Running) -> None:
    assert exporter.SECRET not in repr(asked(server, "istio"))


def test_what_prometheus_refuses_becomes_advice(server: Running) -> None:
    start, end = window(server)
    with pytest.raises(Unanswered, match=r"does not understand the question \(400"):
        signed_in(server).values("sum(", start, end, STEP)
    with pytest.raises(Unanswered, match="400"):
        signed_in(server).values("up", start - dt.timedelta(days=30), end, 1)  # above 11,000 points
    with pytest.raises(Unanswered, match="422"):
        signed_in(server).values("kube_node_info * on() kube_service_info", start, end, STEP)
    with pytest.raises(Unusable, match="401"):
        Server(place=Place.of(server.address)).sources(start, end)
    elsewhere = Place.of(server.address.removesuffix("/prometheus") + "/elsewhere")
    with pytest.raises(Unusable, match="404"):
        Server(place=elsewhere, credentials=Credentials(username=USER, password=PASSWORD)).sources(start, end)


def test_a_client_certificate_opens_a_server_that_asks_for_one(locked_server: Running) -> None:
    assert locked_server.authority is not None
    certificate, key = locked_server.authority.issue("reader")
    known = Credentials(authority=locked_server.authority.pem, certificate=certificate, key=key)
    assert Server(place=Place.of(locked_server.address), credentials=known).sources(*window(locked_server)) == []


@pytest.mark.django_db
def test_a_draft_is_filled_from_prometheus_by_its_page(server: Running, client: Client) -> None:
    draft: Decision = factories.decision()
    client.force_login(draft.author)
    page = draft.address("prometheus")
    given = {"act": "add", "method": "basic", "address": server.address, "username": USER, "password": PASSWORD}
    text = client.post(page, given, follow=True).content.decode()
    assert "answers." in text
    assert "Istio sidecars" in text
    assert PASSWORD not in text

    link = Connection.objects.get()
    assert [one["source"] for one in link.found][:2] == ["istio", "istio-gateway"]
    client.post(page, {"act": "run", "connection": link.pk, "hours": "1", "source": "istio"})
    run = Collection.objects.get()
    assert (run.status, run.done, run.packed is not None) == (Progress.DONE, run.total, True)
    text = client.get(page).content.decode()
    assert "What was found" in text
    assert 'At least <span class="nb">100 ms</span>' in text

    fields = ["baseline.p50_ms", "baseline.peak_rps", "baseline.nodes", "baseline.kernel_version", "title"]
    client.post(page, {"act": "keep", "run": run.pk, "use": fields})
    draft.refresh_from_db()
    kept = draft.case["baseline"]
    assert kept["p50_ms"] == pytest.approx(13.75, rel=0.02)
    assert (kept["nodes"], kept["kernel_version"]) == (3, "5.15.0")
    assert "p95_ms" not in kept
    assert "istio" in draft.case["provenance"]["baseline.p50_ms"]["source"]
    one = Measurement.objects.get()
    assert (one.kind, one.tool, len(one.sha256)) == ("prometheus", "prometheus", 64)
    assert one.ended_at - one.started_at == dt.timedelta(hours=1)

    with database.cursor() as cursor:
        for table in database.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = str(cursor.fetchall())
            assert PASSWORD not in rows, table
            assert exporter.SECRET not in rows, table
