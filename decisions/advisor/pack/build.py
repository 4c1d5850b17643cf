"""From the plan to the files of a pack: a folder for each stage and namespace, and a page that begins."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from decisions.advisor.case import Case
from decisions.advisor.clouds import provider_of_cni
from decisions.advisor.cni_change import CNI_CHANGE
from decisions.advisor.pack.enrolment import charts_of, fitted, marking, noted, removal, today
from decisions.advisor.pack.gauges import dashboard, rules, stage_label
from decisions.advisor.pack.helm import Installed, Release
from decisions.advisor.pack.manifests import Object, State, Step, file_name, parse
from decisions.advisor.pack.names import Targets, targets_of
from decisions.advisor.pack.parts import Chapter, Named, Part, changes_of, parts_of
from decisions.advisor.pack.readme import front_page, stage_page
from decisions.advisor.pack.text import json_bytes, yaml_bytes
from decisions.advisor.present import Present, present_of
from decisions.advisor.recommendation import Stage
from decisions.advisor.rollout import Chart, Phase, load

RULES, DASHBOARD = "gates.rules.yaml", "dashboard.json"


@dataclass
class _Progress:
    """What earlier stages did, on top of what runs today."""

    present: Present
    charts: Mapping[str, Chart]
    state: State = field(default_factory=State)
    installed: Installed = field(default_factory=Installed)
    provided: frozenset[str] = frozenset()
    """Charts whose values the provider sets, so that none are written for them."""


PROVIDED = (
    "The provider runs this CNI and sets the values of its chart, so that none are written here. What of this stage is "
    "such a value has to be asked of the provider, or is not to be had on this platform."
)


def build(case: Case, plan: Sequence[Stage], title: str) -> dict[str, bytes]:
    """The files of the pack by path, for the stages of a recommendation. Raises PackError for an impossible name."""
    targets, progress = targets_of(case), _begun(case, plan)
    files: dict[str, bytes] = {}
    chapters = []
    for stage in plan:
        parts = parts_of(stage, changes_of(stage, load()), targets, progress.present)
        below = tuple(part.folder for part in parts if part.folder)
        for part in parts:
            chapter = _chapter(stage, part, targets, progress, () if part.folder else below)
            folder = "/".join(filter(None, (stage_label(stage), part.folder)))
            files |= {f"{folder}/{path}": content for path, content in _files(case, chapter, folder).items()}
            chapters.append(chapter)
    files["README.md"] = front_page(title, chapters, targets)
    return files


def _begun(case: Case, plan: Sequence[Stage]) -> _Progress:
    present, known = present_of(case), load()
    products = dict.fromkeys(feature.sheet for stage in plan for feature in stage.features)
    charts, running = charts_of(known, present, products, (case.baseline.cni, case.baseline.cni_version))
    installed = Installed(values={name: {} for name in running})
    own = any(stage.id == CNI_CHANGE for stage in plan)
    provided = frozenset({"cilium"} if provider_of_cni(case) and not own else ())
    state = State(objects=today(present))
    return _Progress(present=present, charts=charts, state=state, installed=installed, provided=provided)


def _chapter(stage: Stage, part: Part, targets: Targets, progress: _Progress, below: tuple[str, ...]) -> Chapter:
    present, place = progress.present, part.place
    taken = [] if part.folder else progress.installed.take(part.made, progress.charts, place)
    helm = [one for one in taken if one.chart.chart not in progress.provided]
    assumed = present.assumed if any(present.runs(sheet) for sheet, _ in part.changes) else ""
    step = progress.state.apply(
        fitted(parse(text, place), present, sheet) for sheet, one in part.changes for text in one.manifests
    )
    if stage.id == "removal":
        marked = removal(place, present)
    else:
        restarts, product = any(one.restarts for one in part.made), _product(part.changes, present)
        marked = marking(step, place, present, product, restarts=restarts)
    return Chapter(
        stage=stage,
        part=part,
        releases=tuple(helm),
        step=step,
        marking=marked,
        targets=targets,
        below=below,
        notes=noted(present) if stage.id == Phase.INSTALL else (),
        assumed=assumed if len(helm) == len(taken) else PROVIDED,
    )


def _product(changes: Sequence[Named], present: Present) -> str:
    """The product that the changes belong to: the one that runs, where it is among them."""
    sheets = [sheet for sheet, _ in changes]
    return next((one for one in sheets if present.runs(one)), sheets[0] if sheets else "")


def _files(case: Case, chapter: Chapter, folder: str) -> dict[str, bytes]:
    part, label, gates = chapter.part, folder.replace("/", "-"), chapter.part.gates(chapter.stage)
    files = {"README.md": stage_page(chapter)}
    if chapter.below and not part.changes:
        return files  # the folders below hold everything
    files |= _manifest_files(chapter.step) | _value_files(chapter.releases)
    made = rules(label, gates, case, part.place)
    files[RULES] = yaml_bytes(made, "Prometheus rules: one alert for each gate of this stage.")
    files[DASHBOARD] = json_bytes(dashboard(label, gates, part.place))
    files["kustomization.yaml"] = _kustomization(label, chapter.step.apply, chapter.targets.monitoring)
    return files


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


def _kustomization(label: str, objects: Iterable[Object], monitoring: str) -> bytes:
    """Everything of a part that kubectl applies: its objects, and the gates as ConfigMaps for Grafana and people."""
    resources = dict(_resources(f"manifests/{file_name(one)}" for one in objects))
    if not resources["resources"]:
        del resources["resources"]
    generators = [
        {
            "name": f"meshadvisor-{label}-dashboard",
            "namespace": monitoring,
            "files": [DASHBOARD],
            "options": {"labels": {"grafana_dashboard": "1"}},
        },
        {"name": f"meshadvisor-{label}-gates", "namespace": monitoring, "files": [RULES]},
    ]
    made = resources | {"configMapGenerator": generators, "generatorOptions": {"disableNameSuffixHash": True}}
    return yaml_bytes(made)
