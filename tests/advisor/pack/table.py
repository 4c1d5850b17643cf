"""The table of every composition: what its manifests, rules and features were held against, and with which result."""

import shutil
import subprocess
import tempfile
from collections import defaultdict
from pathlib import Path

import yaml

from decisions.advisor.recommendation import APPROACH_TITLES
from decisions.advisor.requirements import BY_ID
from tests.advisor.pack.compositions import Example, examples
from tests.advisor.pack.schemas import problems

HEAD = """# Every composition, held against the schemas

Written by `python -m tests.advisor.pack.table`, and compared by a test: the composition of each product with
its add-ons for a spread of answers. *Manifests* are those applied, restored and deleted, each validated
against the schema of its kind with unknown fields refused (Kubernetes 1.34 by kubernetes-validate; Istio
1.30.3, Linkerd 2.20, Cilium 1.18.2, Calico 3.32.1, Gateway API 1.6.1 standard channel, Kuma 2.14.3, Consul
2.0.3 by their resource definitions). *Rules* were parsed by `promtool check rules`. *On* counts the features
that are switched on, and *asked* those of them that a must-have of the case asks for; the two must be equal.
Helm values name only keys of the charts' own values.yaml, by a list in charts.toml that was held against the
charts; each set of values was rendered once with its chart (Helm 4.2.3, 2026-11-26) and changed what it makes.
CEL rules of the schemas were not run, and nothing was applied to a cluster.
Cilium's schemas are two minor versions older than its chart.

| product | add-ons | must-haves | stages | manifests | schema | rules | on | asked |
|---|---|---|---:|---:|---|---|---:|---:|
"""


def checked_rules() -> bool:
    """Whether promtool takes every rules file."""
    texts = {data for one in examples() for path, data in one.files.items() if path.endswith("gates.rules.yaml")}
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, text in enumerate(sorted(texts)):
            paths.append(Path(folder) / f"{number}.yaml")
            paths[-1].write_bytes(text)
        command = [shutil.which("promtool") or "promtool", "check", "rules", *map(str, paths)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def row(one: Example, seen: dict[bytes, bool], *, rules: bool) -> str:
    """One line of the table; `seen` remembers the manifests that were validated."""
    setting = one.composition.setting
    found = [
        data
        for path, data in one.files.items()
        if path.rpartition("/")[0].endswith(("/manifests", "/restore", "/delete"))
        and not path.endswith("kustomization.yaml")
    ]
    for data in found:
        if data not in seen:
            seen[data] = not list(problems(yaml.safe_load(data)))
    features = [feature for stage in one.plan for feature in stage.features]
    musts = set(setting.needs.musts)
    asked = [feature for feature in features if feature.asked_by and set(feature.asked_by) <= musts]
    cells = (
        setting.product.title,
        ", ".join(measure.sheet.title for measure in setting.add_ons) or "none",
        ", ".join(BY_ID[must].noun for must in setting.needs.musts),
        str(len(one.plan)),
        str(len(found)),
        "green" if all(seen[data] for data in found) else "RED",
        "green" if rules else "RED",
        str(len(features)),
        str(len(asked)),
    )
    return f"| {' | '.join(cells)} |"


def table() -> str:
    """The page as it stands in docs/rollout-table.md."""
    seen: dict[bytes, bool] = {}
    rules = checked_rules()
    by_approach: dict[str, list[str]] = defaultdict(list)
    for one in examples():
        by_approach[APPROACH_TITLES[one.composition.setting.approach]].append(row(one, seen, rules=rules))
    lines = [line for title in APPROACH_TITLES.values() for line in dict.fromkeys(by_approach[title])]
    return HEAD + "\n".join(lines) + f"\n\n{len(lines)} compositions, {len(seen)} different manifests.\n"


if __name__ == "__main__":
    (Path(__file__).parents[3] / "docs" / "rollout-table.md").write_text(table())
