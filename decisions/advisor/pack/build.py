"""From the plan to the files of a pack: one folder a stage, and a page that says how to begin."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from decisions.advisor.case import Case
from decisions.advisor.pack.gauges import dashboard, rules, stage_label
from decisions.advisor.pack.helm import Installed, Release
from decisions.advisor.pack.manifests import Object, State, Step, file_name, fill, parse
from decisions.advisor.pack.names import Place, Targets, targets_of
from decisions.advisor.pack.readme import Chapter, front_page, stage_page
from decisions.advisor.pack.text import json_bytes, yaml_bytes
from decisions.advisor.recommendation import Stage
from decisions.advisor.rollout import Change, Rollouts, load

RULES, DASHBOARD = "gates.rules.yaml", "dashboard.json"
MONITORING = "monitoring"
"""The namespace the dashboard and the rules are put in as a ConfigMap; the usual one of Prometheus stacks."""


@dataclass
class _Progress:
    """What earlier stages did."""

    state: State = field(default_factory=State)
    charts: Installed = field(default_factory=Installed)


def build(case: Case, plan: Sequence[Stage], title: str) -> dict[str, bytes]:
    """The files of the pack by path, for the stages of a recommendation. Raises PackError for an impossible name."""
    targets, known, progress = targets_of(case), load(), _Progress()
    files: dict[str, bytes] = {}
    chapters = []
    for stage in plan:
        made, chapter = _stage(case, stage, targets, known, progress)
        folder = stage_label(stage)
        files |= {f"{folder}/{path}": content for path, content in made.items()}
        chapters.append(chapter)
    files["README.md"] = front_page(title, chapters, targets)
    return files


def changes_of(stage: Stage, known: Rollouts) -> list[Change]:
    """The changes that a stage's features name, as the sheets have them."""
    by_name = {(name, one.id): one for name, sheet in known.sheets.items() for one in sheet.changes}
    return [by_name[feature.sheet, feature.id] for feature in stage.features if (feature.sheet, feature.id) in by_name]


def _stage(
    case: Case, stage: Stage, targets: Targets, known: Rollouts, progress: _Progress
) -> tuple[dict[str, bytes], Chapter]:
    changes, first = changes_of(stage, known), targets.first
    widened = stage.id == "widen"
    places = targets.further if widened else (first,)
    helm = [] if widened else progress.charts.take(changes, known.charts, first)
    step = progress.state.apply(
        parse(text, place) for place in places for change in changes for text in change.manifests
    )
    files = _manifest_files(step) | _value_files(helm)
    files[RULES] = yaml_bytes(rules(stage, case, first), "Prometheus rules: one alert for each gate of this stage.")
    files[DASHBOARD] = json_bytes(dashboard(stage, first))
    files["kustomization.yaml"] = _kustomization(stage, step.apply)
    chapter = Chapter(
        stage=stage,
        releases=tuple(helm),
        step=step,
        commands=_lines(changes, places, "commands"),
        undo=_lines(changes, places, "undo"),
        restarts=any(one.restarts for one in changes),
        targets=targets,
    )
    files["README.md"] = stage_page(chapter)
    return files, chapter


def _lines(changes: Iterable[Change], places: Iterable[Place], name: str) -> tuple[str, ...]:
    """The commands of the changes for each place, each once."""
    lines = [str(fill(line, place)) for place in places for one in changes for line in getattr(one, name)]
    return tuple(dict.fromkeys(lines))


def _manifest_files(step: Step) -> dict[str, bytes]:
    files = {f"manifests/{file_name(one)}": yaml_bytes(one) for one in step.apply}
    for folder, objects in (("rollback/restore", step.restore), ("rollback/delete", step.delete)):
        if objects:
            files |= {f"{folder}/{file_name(one)}": yaml_bytes(one) for one in objects}
            files[f"{folder}/kustomization.yaml"] = yaml_bytes(_resources(file_name(one) for one in objects))
    return files


def _value_files(helm: Iterable[Release]) -> dict[str, bytes]:
    files = {}
    for one in helm:
        if one.values:
            files[f"values/{one.name}.yaml"] = yaml_bytes(one.values, *one.remarks)
        if one.values and one.upgrade:
            files[f"rollback/values/{one.name}.yaml"] = yaml_bytes(
                one.before,
                "What stood at the keys of this stage before it: the values of earlier stages, else the chart's own",
                "defaults. Where you had others, use helm rollback to the revision from before.",
            )
    return files


def _resources(names: Iterable[str]) -> Mapping[str, object]:
    return {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": list(dict.fromkeys(names)),
    }


def _kustomization(stage: Stage, objects: Iterable[Object]) -> bytes:
    """Everything of a stage that kubectl applies: its objects, and the gates as ConfigMaps for Grafana and people."""
    label = stage_label(stage)
    resources = dict(_resources(f"manifests/{file_name(one)}" for one in objects))
    if not resources["resources"]:
        del resources["resources"]
    generators = [
        {
            "name": f"meshadvisor-{label}-dashboard",
            "namespace": MONITORING,
            "files": [DASHBOARD],
            "options": {"labels": {"grafana_dashboard": "1"}},
        },
        {"name": f"meshadvisor-{label}-gates", "namespace": MONITORING, "files": [RULES]},
    ]
    made = resources | {"configMapGenerator": generators, "generatorOptions": {"disableNameSuffixHash": True}}
    return yaml_bytes(made)
