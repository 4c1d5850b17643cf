"""What stands in the READMEs of a pack: why, what to type, when to go on, when and how to go back."""

from collections.abc import Iterable, Sequence

from decisions.advisor.pack.enrolment import VERSION
from decisions.advisor.pack.gauges import stage_label
from decisions.advisor.pack.manifests import fill
from decisions.advisor.pack.names import CLUSTER, HOST, MESH, NETWORK, POD_CIDR, Targets
from decisions.advisor.pack.parts import Chapter
from decisions.advisor.pack.text import quoted
from decisions.advisor.recommendation import Gate, Source, Stage
from decisions.advisor.requirements import BY_ID

COMMANDS = frozenset({"kubectl", "helm", "linkerd", "istioctl"})
RESTARTS = (
    "Pods of the namespace restart in this stage: Deployments, StatefulSets and DaemonSets by the command below. Jobs "
    "that run keep the pod they have until they end, CronJobs have the new one from their next run on, and a pod "
    "without an owner has to be recreated. A StatefulSet goes one pod at a time; with the update strategy OnDelete "
    "delete its pods one by one."
)


def stage_page(one: Chapter) -> bytes:
    """The README of a stage, or of one namespace in it."""
    stage, part = one.stage, one.part
    number = "/".join(filter(None, (f"{stage.number}", part.folder)))
    title = f"{quoted(stage.title)}: {part.place.namespace}" if part.folder else quoted(stage.title)
    lines = [f"# Stage {number}: {title}", "", *_opening(one)]
    if one.below:
        lines += ["## One after the other", "", *_below(one), ""]
    if part.changes or not one.below:
        lines += _hands_on(one)
    lines += ["## Go back when", "", quoted(stage.stop), ""]
    lines += ["## The way back", "", quoted(stage.rollback), "", *_back(one), ""]
    if stage.rollback_takes:
        lines += [f"It takes: {quoted(stage.rollback_takes)}", ""]
    if proof := _proof(one):
        lines += ["## Proof for the auditor", "", quoted(proof), ""]
    if stage.changed:
        lines += [f"Written by the team, not generated: {', '.join(stage.changed)}.", ""]
    sources = [f"- {_source(source)}" for source in stage.sources]
    if sources and not part.folder:
        lines += ["## Sources", "", *sources, ""]
    return "\n".join(lines).encode()


def _opening(one: Chapter) -> list[str]:
    """What changes and why; a part of a stage says what of it is done here."""
    stage, made = one.stage, one.part.made
    what = " ".join(change.what for change in made) if one.part.folder and made else stage.what
    lines = [quoted(what), "", f"Why only this: {quoted(stage.only_because)}", ""]
    if any(change.restarts for change in made):
        lines += [RESTARTS, ""]
    if one.assumed:
        lines += [quoted(one.assumed), ""]
    if stage.prerequisites and not one.part.folder:
        lines += ["## Before", "", *(f"- {quoted(text)}" for text in stage.prerequisites), ""]
    return lines if one.part.folder else [*lines, *_features(stage)]


def _hands_on(one: Chapter) -> list[str]:
    ready = [str(fill(line, one.part.place)) for change in one.part.made for line in change.ready]
    lines = ["## First make sure", "", *_typed(dict.fromkeys(ready)), ""] if ready else []
    lines += ["## Apply", "", *_apply(one), ""]
    lines += ["## Go on when", "", quoted(one.stage.gate), "", *_gates(one.part.gates(one.stage)), ""]
    return [*lines, *_watching(one)]


def _typed(lines: Iterable[str]) -> list[str]:
    """Commands as a block, and sentences below it."""
    given = list(lines)
    commands = [line for line in given if _is_command(line)]
    words = [f"- {line}" for line in given if not _is_command(line)]
    return [*(_block(commands) if commands else []), *words]


def _below(one: Chapter) -> list[str]:
    """The folders of the namespaces, in their order."""
    return [
        "Each folder is applied by itself, in this order, its gate is met before the next one begins, and it has its "
        "own way back:",
        "",
        *(f"{number}. [{folder}]({folder}/README.md)" for number, folder in enumerate(one.below, 1)),
    ]


def _watching(one: Chapter) -> list[str]:
    """Where the gates and the dashboard go, and what has to read them there."""
    place = one.targets.monitoring
    return [
        f"The stage puts two ConfigMaps into the namespace `{place}`: the dashboard, which Grafana's sidecar takes up "
        "by the label grafana_dashboard, and the gates as a rules file. If Prometheus and Grafana are in another "
        "namespace, name it in step 5. Prometheus reads the rules once the ConfigMap is mounted among its rule_files; "
        "the Prometheus operator reads no ConfigMaps: put the groups of gates.rules.yaml below spec of a "
        "PrometheusRule with the labels its ruleSelector asks for.",
        "",
    ]


def _proof(one: Chapter) -> str:
    """What an auditor is shown; of one namespace that of its own step."""
    if not one.part.folder:
        return one.stage.proof
    return " ".join(dict.fromkeys(change.proof for change in one.part.made if change.proof))


def _source(source: Source) -> str:
    return ", ".join(part for part in (source.text, source.version, source.date) if part)


def _features(stage: Stage) -> list[str]:
    if not stage.features:
        return []
    rows = [
        f"| {feature.id} | {', '.join(BY_ID[one].noun for one in feature.asked_by) or 'the trial itself'} |"
        for feature in stage.features
    ]
    return ["## What is switched on, and who asked", "", "| feature | asked for by |", "|---|---|", *rows, ""]


def _block(lines: Iterable[str]) -> list[str]:
    return ["```sh", *lines, "```"]


def _apply(one: Chapter) -> list[str]:
    lines = [release.command() for release in one.releases]
    lines.append("kubectl apply -k .")
    if one.stage.id == "widen" and not one.below and not one.part.folder:
        return [_nothing_further(one), "", *_block(lines)]
    known = [
        f"helm history {release.chart.release} -n {release.chart.namespace}  # note the revision"
        for release in one.releases
        if release.upgrade
    ]
    notes = dict.fromkeys((*one.notes, *one.marking.notes))
    return [*_block((*notes, *known, *lines, *_commands(one, "commands"))), *_examples(one)]


def _nothing_further(one: Chapter) -> str:
    if not one.part.changes and not one.stage.features:
        return (
            "This is done for clusters, not for namespaces: go through the folders of the stages before in the next "
            "cluster. Here are the gates alone."
        )
    return (
        "The case names no further namespaces, so there is nothing to apply but the gates. Give the plan the list "
        "of the cluster's namespaces and services to have a folder for each of them here."
    )


def _commands(one: Chapter, name: str) -> tuple[str, ...]:
    """The commands of the marks and of the changes, each once; restarts come last."""
    of_changes = (str(fill(line, one.part.place)) for change in one.part.made for line in getattr(change, name))
    found = dict.fromkeys((*getattr(one.marking, name), *of_changes))
    return tuple(sorted(found, key=lambda line: "rollout restart" in line and one.part.place.namespace in line))


def _examples(one: Chapter) -> list[str]:
    """Names that are not the team's own, so that nobody applies an example by mistake."""
    place, text = one.part.place, str(one.step.apply) + str([release.values for release in one.releases])
    found = []
    if "namespace" in one.targets.examples and one.step.apply:
        found.append(f"namespace `{place.namespace}`")
    if "service" in one.targets.examples and place.service in text and one.step.apply:
        found.append(f"service `{place.service}` with port {place.port} and caller `{place.caller}`")
    found += [f"`{word}`" for word in (HOST, POD_CIDR, MESH, NETWORK, CLUSTER) if f"'{word}'" in text]
    if any(release.chart.version == VERSION for release in one.releases):
        found.append(f"`{VERSION}`, the version that runs (helm list -A names it)")
    return ["", f"Examples to replace by your own before applying: {'; '.join(found)}."] if found else []


def _gates(gates: Sequence[Gate]) -> list[str]:
    if not gates:
        return []
    rows = [f"| {gate.metric} | {_limit(gate)} | {quoted(gate.window)} | {gate.says} |" for gate in gates]
    return ["| number | limit | for | what it says |", "|---|---|---|---|", *rows]


def _limit(gate: Gate) -> str:
    if gate.threshold is None:
        return f"judged by people ({gate.unit})"
    return f"{gate.comparison} {gate.threshold:g} {gate.unit}"


def _back(one: Chapter) -> list[str]:
    lines = [release.command("rollback/values") for release in one.releases if release.upgrade]
    if one.step.restore:
        lines.append("kubectl apply -k rollback/restore")
    if one.step.delete:
        lines.append("kubectl delete -k rollback/delete")
    undo = _commands(one, "undo")
    lines += [line for line in undo if _is_command(line)]
    lines += [release.removal for release in reversed(one.releases) if not release.upgrade]
    words = [line for line in undo if not _is_command(line)]
    return [*(_block(lines) if lines else []), *(f"- {line}" for line in words)]


def _is_command(line: str) -> bool:
    return line.split(" ", 1)[0] in COMMANDS


def front_page(title: str, chapters: Sequence[Chapter], targets: Targets) -> bytes:
    """The README of the whole pack."""
    lines = [
        f"# Roll-out of {quoted(title)}",
        "",
        "One folder a stage. Nobody starts a stage before the gate of the one before is met. Each README says what",
        "to type, when to go on, when to go back and how. No secret is in these files; where one is needed, the",
        "README says who makes it. Nothing here was applied to a cluster: read it, try it where mistakes are cheap.",
        "",
        "| stage | what | numbers that decide |",
        "|---|---|---|",
    ]
    for chapter in chapters:
        if chapter.part.folder:
            continue
        label = stage_label(chapter.stage)
        watched = ", ".join(gate.metric for gate in chapter.stage.gates[:3]) or "people"
        lines.append(f"| [{label}]({label}/README.md) | {quoted(chapter.stage.title)} | {watched} |")
    names = ", ".join(place.namespace for place in targets.further)
    lines += ["", f"First namespace: {targets.first.namespace}. Then: {names or 'none named'}.", ""]
    return "\n".join(lines).encode()
