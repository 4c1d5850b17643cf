"""The commands that users copy: the filter keeps what is needed and nothing else, the answers fill the baseline."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from decisions.intake import answers
from decisions.intake.queries import marked, queries
from decisions.intake.recipes import SLIM_FILTER, cluster_command, prometheus_commands
from decisions.intake.sources import SOURCES
from tests.intake.given import cluster, reading
from tests.intake.test_kubectl import NODE, listed, pod
from tests.intake.test_prometheus import matrix

JQ = [program] if (program := shutil.which("jq")) else []


@pytest.mark.parametrize("program", JQ)
def test_the_filter_keeps_the_figures_and_drops_the_secrets(program: str) -> None:
    secret = pod("a", native=True)
    secret["spec"]["containers"][0]["env"] = [{"name": "PASSWORD", "value": "hunter2"}]  # type: ignore[index]
    secret["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"] = "hunter2"  # type: ignore[index]
    service = {
        "kind": "Service",
        "metadata": {"name": "db", "namespace": "shop"},
        "spec": {"clusterIP": "None", "type": "ClusterIP", "ports": [{"port": 5432, "targetPort": 5432}]},
    }
    policy = {"kind": "NetworkPolicy", "metadata": {"name": "d", "namespace": "shop"}, "spec": {"podSelector": {}}}
    job = pod("b", hostNetwork=True, runtimeClassName="gvisor", nodeSelector={"kubernetes.io/os": "windows"})
    whole = listed(NODE, secret, job, service, policy, {"kind": "Secret", "data": {"p": "hunter2"}})
    run = subprocess.run([program, "-c", SLIM_FILTER], input=whole, capture_output=True, check=True)
    assert b"hunter2" not in run.stdout
    assert cluster(run.stdout) == cluster(whole)


def test_the_command_lists_every_kind_that_is_read() -> None:
    for kind in ("nodes", "namespaces", "pods", "services", "jobs", "networkpolicies"):
        assert kind in cluster_command()


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_has_every_figure_and_balanced_queries(source: str) -> None:
    found = queries(source)
    assert {"peak_rps", "error_ratio", "p50_ms", "p90_ms", "p95_ms", "p99_ms", "cpu_vcpu", "memory_gib"} <= found.keys()
    for query in found.values():
        assert [query.count(sign) for sign in "({["] == [query.count(sign) for sign in ")}]"]
        assert "'" not in query


def test_seconds_become_milliseconds_and_milliseconds_stay() -> None:
    assert queries("traefik")["p99_ms"].endswith(" * 1000")
    assert queries("istio")["p99_ms"].endswith(")))")


def test_an_answer_to_a_recipe_fills_the_figure_it_is_marked_with() -> None:
    says_nothing = {"p99_9_ms", "bounds_ms", "resets", "platform", "throttled_ratio", "restarts_24h", "out_of_memory"}
    for figure in queries("istio").keys() - says_nothing - {"retransmitted_ratio"}:
        assert f'"meshadvisor", "{figure}"' in marked(queries("istio")[figure], figure)
        path = {"cpu_vcpu": "used_cpu_vcpu", "memory_gib": "used_memory_gib"}.get(figure, figure)
        assert f"baseline.{path}" in answers(reading(matrix("7.1", "8.3", meshadvisor=figure)))


@pytest.mark.parametrize("native", [False, True])
@pytest.mark.parametrize("source", SOURCES)
def test_every_query_is_one_that_prometheus_understands(source: str, native: bool, tmp_path: Path) -> None:
    if not (promtool := shutil.which("promtool")):
        pytest.skip("promtool is not installed")
    found = queries(source, native=native)
    rules = [{"record": f"r{n}", "expr": marked(query, figure)} for n, (figure, query) in enumerate(found.items())]
    (tmp_path / "rules.yaml").write_text(json.dumps({"groups": [{"name": "g", "rules": rules}]}))
    command = [promtool, "check", "rules", tmp_path / "rules.yaml"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_the_curl_commands_stay_within_the_servers_limit_of_points() -> None:
    text = prometheus_commands("https://prom.example/prefix/", "istio", hours=24)
    assert "PROMETHEUS=https://prom.example/prefix\n" in text
    step = int(text.partition("-d step=")[2].partition(" ")[0])
    assert 24 * 3600 / step <= 500
    assert json.dumps(text)
