"""What stands in the READMEs of a pack: why, what to type, when to go on, when and how to go back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from decisions.advisor.pack.gauges import stage_label
from decisions.advisor.pack.helm import Release
from decisions.advisor.pack.manifests import Step
from decisions.advisor.pack.names import CLUSTER, HOST, MESH, NETWORK, POD_CIDR, Targets
from decisions.advisor.pack.text import quoted
from decisions.advisor.recommendation import Gate, Source, Stage
from decisions.advisor.requirements import BY_ID


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One stage with what was made for it."""

    stage: Stage
    releases: tuple[Release, ...]
    step: Step
    commands: tuple[str, ...]
    undo: tuple[str, ...]
    restarts: bool
    targets: Targets


def stage_page(one: Chapter) -> bytes:
    """The README of a stage."""
    stage = one.stage
    lines = [f"# Stage {stage.number}: {quoted(stage.title)}", "", quoted(stage.what), ""]
    lines += [f"Why only this: {quoted(stage.only_because)}", ""]
    if one.restarts:
        lines += ["Pods of the namespace restart in this stage.", ""]
    if stage.prerequisites:
        lines += ["## Before", "", *(f"- {quoted(text)}" for text in stage.prerequisites), ""]
    lines += _features(stage)
    lines += ["## Apply", "", *_apply(one), ""]
    lines += ["## Go on when", "", quoted(stage.gate), "", *_gates(stage.gates), ""]
    lines += ["## Go back when", "", quoted(stage.stop), ""]
    lines += ["## The way back", "", quoted(stage.rollback), "", *_back(one), ""]
    if stage.rollback_takes:
        lines += [f"It takes: {quoted(stage.rollback_takes)}", ""]
    if stage.proof:
        lines += ["## Proof for the auditor", "", quoted(stage.proof), ""]
    if stage.changed:
        lines += [f"Written by the team, not generated: {', '.join(stage.changed)}.", ""]
    sources = [f"- {_source(one)}" for one in stage.sources]
    if sources:
        lines += ["## Sources", "", *sources, ""]
    return "\n".join(lines).encode()


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
    if one.stage.id == "widen" and not one.targets.further:
        return [
            "The case names no further namespaces, so there is nothing to apply but the gates. Give the plan the list "
            "of the cluster's namespaces and services to have them written here.",
            "",
            *_block(lines),
        ]
    known = [
        f"helm history {release.chart.release} -n {release.chart.namespace}  # note the revision"
        for release in one.releases
        if release.upgrade
    ]
    return [*_block((*known, *lines, *one.commands)), *_examples(one)]


def _examples(one: Chapter) -> list[str]:
    """Names that are not the team's own, so that nobody applies an example by mistake."""
    place, text = one.targets.first, str(one.step.apply) + str([release.values for release in one.releases])
    found = []
    if "namespace" in one.targets.examples and one.step.apply:
        found.append(f"namespace `{place.namespace}`")
    if "service" in one.targets.examples and place.service in text and one.step.apply:
        found.append(f"service `{place.service}` with port {place.port} and caller `{place.caller}`")
    found += [f"`{word}`" for word in (HOST, POD_CIDR, MESH, NETWORK, CLUSTER) if f"'{word}'" in text]
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
    lines += [line for line in one.undo if _is_command(line)]
    lines += [release.removal for release in reversed(one.releases) if not release.upgrade]
    words = [line for line in one.undo if not _is_command(line)]
    return [*(_block(lines) if lines else []), *(f"- {line}" for line in words)]


def _is_command(line: str) -> bool:
    return line.split(" ", 1)[0] in {"kubectl", "helm", "linkerd", "istioctl"}


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
        label = stage_label(chapter.stage)
        watched = ", ".join(gate.metric for gate in chapter.stage.gates[:3]) or "people"
        lines.append(f"| [{label}]({label}/README.md) | {quoted(chapter.stage.title)} | {watched} |")
    names = ", ".join(place.namespace for place in targets.further)
    lines += ["", f"First namespace: {targets.first.namespace}. Then: {names or 'none named'}.", ""]
    return "\n".join(lines).encode()
