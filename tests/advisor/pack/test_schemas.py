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
from tests.advisor.pack.compositions import Example, beside, examples
from tests.advisor.pack.schemas import CORE, CRDS, closed, problems
from tests.advisor.pack.table import table

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TEXTS = frozenset({"README.md", "gates.rules.yaml", "dashboard.json", "kustomization.yaml"})
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
    for one in (*examples(), *beside()):
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
    folders = distinct_folders()
    assert sum("dashboard.json" not in one for one in folders) > 20, "the ways back are among them"
    trees = batches(folders)
    for number, tree in enumerate(trees):
        for place, folder in enumerate(tree):
            for path, content in folder.items():
                target = tmp_path / str(number) / str(place) / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
        resources = {"resources": [str(place) for place in range(len(tree))]}
        (tmp_path / str(number) / "kustomization.yaml").write_text(yaml.safe_dump(resources))

    def build(number: int) -> "subprocess.CompletedProcess[str]":
        command = ["kubectl", "kustomize", str(tmp_path / str(number))]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    with ThreadPoolExecutor(2) as pool:
        for tree, ran in zip(trees, pool.map(build, range(len(trees))), strict=True):
            assert ran.returncode == 0, f"{[sorted(one) for one in tree]}: {ran.stderr}"
            made = list(yaml.load_all(ran.stdout, Loader))
            assert len(made) == sum(len(names_in(one)) for one in tree)


def names_in(folder: dict[str, bytes]) -> set[tuple[str, ...]]:
    """What a folder makes: kind, namespace and name of its objects and its ConfigMaps."""
    found: set[tuple[str, ...]] = set()
    for path, content in folder.items():
        if path.rpartition("/")[2] in TEXTS:
            continue
        one = yaml.load(content, Loader)
        found.add((one["apiVersion"], one["kind"], one["metadata"].get("namespace", ""), one["metadata"]["name"]))
    for one in yaml.load(folder["kustomization.yaml"], Loader).get("configMapGenerator", ()):
        found.add(("v1", "ConfigMap", one["namespace"], one["name"]))
    return found


def batches(folders: list[dict[str, bytes]]) -> list[list[dict[str, bytes]]]:
    """Folders that make different things are built in one go: starting kubectl takes longer than building."""
    trees: list[tuple[set[tuple[str, ...]], list[dict[str, bytes]]]] = []
    for folder in folders:
        names = names_in(folder)
        tree = next((one for one in trees if not one[0] & names), None)
        if tree is None:
            trees.append((set(names), [folder]))
        else:
            tree[0].update(names)
            tree[1].append(folder)
    return [tree for _, tree in trees]


def distinct_folders() -> list[dict[str, bytes]]:
    """Every folder of every pack with a kustomization, also those of the ways back.

    Those with the same objects are built once: the gates and the dashboard are texts to kustomize.
    """
    found: dict[tuple[object, ...], dict[str, bytes]] = {}
    for one in examples():
        for path in one.files:
            if not path.endswith("/kustomization.yaml"):
                continue
            folder = path.removesuffix("kustomization.yaml")
            inside = {name.removeprefix(folder): data for name, data in one.files.items() if name.startswith(folder)}
            # What lies in a folder below with a kustomization of its own is built there.
            inside = {name: data for name, data in inside.items() if "/" not in name or name.startswith("manifests/")}
            objects = {name: data for name, data in inside.items() if name not in TEXTS}
            found.setdefault(tuple(sorted(objects.items())), inside)
    return list(found.values())


def test_the_dashboards_are_json_with_a_panel_for_each_gate() -> None:
    for one in examples():
        for stage in one.plan:
            folder = f"{stage.number:02d}-{stage.id}/"
            found = [json.loads(data) for path, data in one.files.items() if path.startswith(folder) and is_board(path)]
            drawn = [[panel["title"] for panel in made["panels"]] for made in found]
            titles = [gate.metric for gate in stage.gates]
            if f"{folder}dashboard.json" in one.files:
                assert drawn[0] == titles
            assert {title for panels in drawn for title in panels} == set(titles)
            assert len({made["uid"] for made in found}) == len(found)
            assert all(len(made["uid"]) <= 40 for made in found)


def is_board(path: str) -> bool:
    return path.endswith("/dashboard.json")


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
