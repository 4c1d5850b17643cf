"""Real files of the tools, where a folder with samples lies beside the checkout; without it there is nothing to do."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from decisions.intake import as_inspect, read, read_together

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "measurements"
EXPECTED: dict[str, dict[str, Any]] = (
    yaml.safe_load((SAMPLES / "EXPECTED.yaml").read_text()) if (SAMPLES / "EXPECTED.yaml").exists() else {}
)
# The file calls nighthawk's fortio output by a name that is not among the tools of `inspect`, and counts the lines of
# transaction controllers in one JMeter file although it leaves them out everywhere else.
DISPUTED = {
    "loadtest/nighthawk/nighthawk_output_formatter.medium.fortio-noquirks.gold",
    "loadtest/jmeter/taurus_kpi-pair1.jtl",
}
LOADTESTS = [
    name
    for name, want in EXPECTED.items()
    if name.startswith("loadtest/") and "tool" in want and name not in DISPUTED and (SAMPLES / name).is_file()
]
CLUSTERS = [name for name in EXPECTED if name.startswith("cluster/") and (SAMPLES / name).exists()]
FILES = sorted(path for path in SAMPLES.rglob("*") if path.is_file() and path.name != "SOURCE.txt")


def test_the_folder_is_whole_or_not_there() -> None:
    assert bool(EXPECTED) == SAMPLES.exists()


@pytest.mark.parametrize("name", LOADTESTS)
def test_figures_of_a_load_test_are_the_true_ones(name: str) -> None:
    want = EXPECTED[name]
    with (SAMPLES / name).open("rb") as file:
        got: dict[str, Any] = as_inspect(read(file, name)[0])
    assert (got["kind"], got["tool"]) == ("loadtest", want["tool"])
    assert got["requests"] == want.get("requests", got["requests"])
    for key in ("p50", "p90", "p95", "p99"):
        if f"{key}_ms" in want:
            true = want[f"{key}_ms"]
            assert got["latency_ms"][key] == (None if true is None else pytest.approx(true, rel=0.02, abs=0.005)), key
    if isinstance(want.get("error_ratio"), float):
        assert got["error_ratio"] == pytest.approx(want["error_ratio"], abs=0.002)
    if isinstance(want.get("duration_s"), float):
        assert got["duration_s"] == pytest.approx(want["duration_s"], rel=0.02, abs=0.6)


@pytest.mark.parametrize("name", CLUSTERS)
def test_counts_of_a_cluster_are_the_true_ones(name: str) -> None:
    path, want = SAMPLES / name, EXPECTED[name]
    members = sorted(one for one in path.rglob("*") if one.name != "SOURCE.txt") if path.is_dir() else [path]
    readings = read_together([(one.name, one.read_bytes()) for one in members])
    got: dict[str, Any] = as_inspect(readings[0])["cluster"] or {}  # type: ignore[assignment]
    for key in ("nodes", "pods", "services", "namespaces"):
        if key in want and (want[key] is None or isinstance(want[key], int)):
            assert got[key] == want[key], key


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_planted_secret_is_in_any_reading(path: Path) -> None:
    text = repr(read(path.read_bytes(), path.name))
    assert "hunter2" not in text
    assert "pl41n-s3cret" not in text
