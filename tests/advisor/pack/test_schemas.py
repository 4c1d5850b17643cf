"""What is in a pack would be taken: manifests by their schemas, rules by Prometheus, folders by kustomize."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from decisions.advisor.catalog import load
from tests.advisor.pack.compositions import Example, examples
from tests.advisor.pack.schemas import CORE, CRDS, closed, problems
from tests.advisor.pack.table import table

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
needs_schemas = pytest.mark.skipif(
    not CRDS.is_dir(), reason="the schemas of custom resources are not beside the checkout"
)


def manifests(one: Example) -> Iterator[tuple[str, bytes]]:
    """Every manifest of a pack: what is applied, restored and deleted."""
    for path, content in one.files.items():
        folder, _, name = path.rpartition("/")
        ours = folder.endswith(("/manifests", "/restore", "/delete"))
        if ours and name != "kustomization.yaml":
            yield path, content


@cache
def distinct_manifests() -> tuple[tuple[str, dict[str, Any]], ...]:
    """Each manifest once, with the place where it was found first."""
    found: dict[bytes, str] = {}
    for one in examples():
        for path, content in manifests(one):
            found.setdefault(content, f"{one.name}: {path}")
    return tuple((where, yaml.load(content, Loader)) for content, where in found.items())


def test_every_manifest_of_a_kind_of_kubernetes_itself_passes_its_schema() -> None:
    found = [(where, made) for where, made in distinct_manifests() if made["apiVersion"] in CORE]
    assert {made["kind"] for _, made in found} >= {"Namespace", "NetworkPolicy", "Service", "Deployment", "ConfigMap"}
    assert [f"{where}: {text}" for where, made in found for text in problems(made)] == []


@needs_schemas
def test_every_manifest_of_every_composition_passes_its_schema() -> None:
    found = distinct_manifests()
    assert len(found) > 100
    wrong = [f"{where}: {text}" for where, made in found for text in problems(made)]
    assert wrong == []


@pytest.mark.parametrize("kind", ["NetworkPolicy", "Deployment"])
def test_an_unknown_field_of_kubernetes_itself_is_refused(kind: str) -> None:
    made = next(made for _, made in distinct_manifests() if made["kind"] == kind)
    assert not list(problems(made))
    assert list(problems({**made, "spec": {**made["spec"], "retrys": 3}}))


@needs_schemas
@pytest.mark.parametrize(
    "kind",
    [
        "VirtualService",
        "HTTPRoute",
        "CiliumNetworkPolicy",
        "Server",
        "MeshRetry",
        "ServiceRouter",
        "FelixConfiguration",
        "NetworkPolicy",
    ],
)
def test_an_unknown_field_is_refused(kind: str) -> None:
    made = next(made for _, made in distinct_manifests() if made["kind"] == kind and "spec" in made)
    assert not list(problems(made))
    assert list(problems({**made, "spec": {**made["spec"], "retrys": 3}}))


def test_closing_a_schema_leaves_free_objects_free() -> None:
    free = {"type": "object", "properties": {"a": {"type": "string"}}, "x-kubernetes-preserve-unknown-fields": True}
    assert "additionalProperties" not in closed(free)
    assert closed({"type": "object", "properties": {}})["additionalProperties"] is False


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool (Debian package prometheus) is not installed")
def test_prometheus_takes_every_rules_file(tmp_path: Path) -> None:
    texts = {content for one in examples() for path, content in one.files.items() if path.endswith("gates.rules.yaml")}
    for number, content in enumerate(sorted(texts)):
        (tmp_path / f"{number}.yaml").write_bytes(content)
    files = [str(path) for path in tmp_path.iterdir()]
    ran = subprocess.run(["promtool", "check", "rules", *files], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    assert len(files) > 50


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
def test_kustomize_builds_every_stage_of_every_product(tmp_path: Path) -> None:
    def build(number: int, folder: dict[str, bytes]) -> tuple[list[str], "subprocess.CompletedProcess[str]"]:
        for path, content in folder.items():
            target = tmp_path / str(number) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        command = ["kubectl", "kustomize", str(tmp_path / str(number))]
        return sorted(folder), subprocess.run(command, capture_output=True, text=True, check=False)

    folders = distinct_folders()
    with ThreadPoolExecutor(2) as pool:
        for names, ran in pool.map(build, range(len(folders)), folders):
            assert ran.returncode == 0, f"{names}: {ran.stderr}"
            assert list(yaml.load_all(ran.stdout, Loader))


def distinct_folders() -> list[dict[str, bytes]]:
    """Folders with a kustomization; those that list the same kinds in the same way are built once."""
    found: dict[tuple[object, ...], dict[str, bytes]] = {}
    for one in examples():
        for path in one.files:
            if not path.endswith("/kustomization.yaml"):
                continue
            folder = path.removesuffix("kustomization.yaml")
            inside = {name.removeprefix(folder): data for name, data in one.files.items() if name.startswith(folder)}
            inside = {name: data for name, data in inside.items() if not name.startswith(("rollback/", "values/"))}
            kinds = tuple(sorted({name.rpartition("/")[2].partition("-")[0] for name in inside}))
            found.setdefault((folder.count("/") > 1, kinds), inside)
    return list(found.values())


def test_the_dashboards_are_json_with_a_panel_for_each_gate() -> None:
    for one in examples():
        for stage in one.plan:
            made = json.loads(one.files[f"{stage.number:02d}-{stage.id}/dashboard.json"])
            assert [panel["title"] for panel in made["panels"]] == [gate.metric for gate in stage.gates]


def test_no_secret_is_in_a_pack() -> None:
    for where, made in distinct_manifests():
        assert made["kind"] != "Secret", where
    for one in examples():
        for path, content in one.files.items():
            for word in (b"PRIVATE KEY", b"changeme", b"keyPEM:", b"rfc4106"):
                assert word not in content, (path, word)


@needs_schemas
@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool (Debian package prometheus) is not installed")
def test_the_table_of_compositions_is_as_published_and_all_green() -> None:
    made = table()
    assert "RED" not in made
    rows = [line.split(" | ") for line in made.splitlines() if line.startswith("| ") and "| product |" not in line]
    assert len(rows) > 120
    assert [row for row in rows if row[-2] != row[-1].removesuffix(" |")] == []
    assert {row[0].removeprefix("| ") for row in rows} == {one.title for one in load().products.values()}
    assert (Path(__file__).parents[3] / "docs" / "rollout-table.md").read_text() == made
