"""The fit finds what made-up rows were made from, and the table it writes is read back as it was."""

import math
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.overhead import leaving, published
from benchmarks.overhead.document import assemble, to_toml
from benchmarks.overhead.fit import figures
from benchmarks.overhead.leaving import MODELS, fit_models
from benchmarks.overhead.validate import worse_than_naive
from decisions.advisor.overhead.coefficients import TABLE, OverheadError, load, read
from decisions.advisor.overhead.rows import project_rows

QUICK = 1
"""Evaluations of the search for spreads: the first guess."""
MADE = {"istio-sidecar": 2.0, "linkerd": 1.2}
"""Median tax of one call in ms, in the middle of all sources."""
HARNESSES = {"a": 0.5, "b": 1.0, "c": 2.0, "d": 1.3, "e": 0.8}


def made_up(sources: Mapping[str, float] = HARNESSES) -> list[dict[str, Any]]:
    """Rows of harnesses that cost `sources` times the tax; baseline 10 ms, sigma of tax 0.4, noise of 3 %."""
    generator = np.random.default_rng(7)
    rows = []
    for source, times in sources.items():
        for option, tax in MADE.items():
            for metric, score, baseline in (("latency_p50", 0.0, 10.0), ("latency_p90", 1.2816, 11.0)):
                for rps in (100, 400):
                    value = baseline + tax * times * math.exp(0.4 * score)
                    rows.append(
                        {
                            "id": f"{source}-{len(rows)}",
                            "source_id": source,
                            "setup_id": f"{source}:{rps}",
                            "option": option,
                            "metric": metric,
                            "unit": "ms",
                            "baseline": baseline,
                            "value": value * math.exp(0.03 * generator.standard_normal()),
                            "fit_ready": True,
                            "tls": True,
                            "load": {"rps": rps, "hops": 1},
                        }
                    )
    return rows


def without_bench() -> dict[str, Any]:
    """The hand-entered inputs with an empty bench."""
    given = figures()
    given["bench"] = {"id": given["bench"]["id"], "p50": [], "tails": [], "cpu": []}
    given["sources"] |= {name: {"text": f"Harness {name}", "version": "", "date": ""} for name in (*HARNESSES, "z")}
    return given


@pytest.fixture(scope="module")
def fitted() -> dict[str, Any]:
    given = without_bench()
    return assemble(given, fit_models(made_up(), given, evaluations=QUICK))


def test_the_tax_of_each_option_is_found(fitted: dict[str, Any]) -> None:
    model = read(fitted).models["latency"]
    for option, tax in MADE.items():
        for source, times in HARNESSES.items():
            level = model.cells[source, option].level.mean + model.features["tls"].mean
            assert math.exp(level) == pytest.approx(tax * times, rel=0.35), (source, option)
    assert model.options["linkerd"].level.mean < model.options["istio-sidecar"].level.mean


def test_a_source_nobody_saw_is_inside_its_range(fitted: dict[str, Any]) -> None:
    unseen = made_up({"z": 1.6})
    answers = project_rows(unseen, read(fitted))
    assert all(said["low"] <= row["value"] <= said["high"] for said, row in zip(answers, unseen, strict=True))


def test_options_without_rows_rest_on_their_prior(fitted: dict[str, Any]) -> None:
    model = read(fitted).models["latency"]
    assert model.options["kuma"].rows == 0
    assert model.options["kuma"].level.sd > model.options["istio-sidecar"].level.sd


def test_saturated_rows_do_not_move_the_model_of_free_ones(fitted: dict[str, Any]) -> None:
    given, rows = without_bench(), made_up()
    jammed = [{**row, "id": f"full-{row['id']}", "saturated": True, "value": 50 * row["value"]} for row in rows]
    points, _ = published.points([*rows, *jammed], given["prior"]["latency"]["options"], "latency")
    assert len(points) == len(rows)
    full, _ = published.points([*rows, *jammed], given["prior"]["saturation"]["options"], "saturation")
    assert len(full) == len(rows)


def test_the_document_survives_its_file(fitted: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "overheads.toml"
    path.write_text(to_toml(fitted), encoding="utf-8")
    assert tomllib.loads(path.read_text(encoding="utf-8")) == fitted
    assert load(path) == read(fitted)


def test_the_fit_is_reproducible(fitted: dict[str, Any]) -> None:
    given = without_bench()
    again = assemble(given, fit_models(made_up(), given, evaluations=QUICK))
    assert again == fitted


def test_the_catalogue_holds_every_model_with_the_rows_behind_it() -> None:
    table = load()
    assert set(table.models) == set(MODELS)
    for name in MODELS:
        assert sum(cell.rows for cell in table.models[name].cells.values()) > 20, name
    assert table.models["latency"].options["cilium-wireguard"].rows == 0


def test_a_damaged_table_is_refused_by_name(tmp_path: Path) -> None:
    text = TABLE.read_text(encoding="utf-8")
    path = tmp_path / "broken.toml"
    for damaged in (text.replace("low = ", "lo = ", 1), text.replace('per = "pod"', 'per = "moon"', 1), text + "["):
        path.write_text(damaged, encoding="utf-8")
        load.cache_clear()
        with pytest.raises(OverheadError, match=r"broken\.toml"):
            load(path)
    load.cache_clear()


def test_the_naive_models_are_what_they_are_called() -> None:
    same = {"option": "kuma", "metric": "latency_p50", "unit": "ms", "baseline": 2.0, "fit_ready": True}
    rows = [same | {"value": value} for value in (3.0, 4.0, 10.0)]
    ratios, added = leaving.naive(rows)
    assert ratios["kuma", "latency_p50", False] == [1.5, 2.0, 5.0]
    assert added["kuma", "latency_p50", False] == [1.0, 2.0, 8.0]


def test_leaving_a_source_out_never_shows_its_rows_to_the_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[set[str]] = []

    def spy(rows: list[dict[str, Any]], given: dict[str, Any], *, evaluations: int) -> dict[str, Any]:
        seen.append({row["source_id"] for row in rows})
        return fit_models(rows, given, evaluations=min(evaluations, QUICK))

    monkeypatch.setattr(leaving, "fit_models", spy)
    outcomes = leaving.leave_out(made_up(), without_bench(), "b")
    assert seen == [{"a", "c", "d", "e"}]
    assert {one.row["source_id"] for one in outcomes} == {"b"}
    assert sum(one.reach <= 1.0 for one in outcomes) >= 0.8 * len(outcomes)


def outcomes(likely: float, *, naive: float, count: int = 6) -> list[leaving.Outcome]:
    """Rows published as 10 that a model and the naive ones answer like this."""
    row = {"source_id": "a", "option": "kuma", "metric": "latency_p50", "value": 10.0, "baseline": 8.0}
    one = leaving.Outcome(row=row, model="latency", low=1.0, likely=likely, high=90.0, ratio=naive, added=naive)
    return [one] * count


def test_a_model_worse_than_a_naive_one_is_named() -> None:
    assert not worse_than_naive(outcomes(11.0, naive=13.0))
    (ratio, added) = worse_than_naive(outcomes(15.0, naive=12.0))
    assert ratio == "latency: x1.50, the median ratio x1.20"
    assert "median added value" in added


def test_a_naive_model_that_knows_next_to_nothing_is_no_measure() -> None:
    assert not worse_than_naive(outcomes(15.0, naive=12.0, count=4))
