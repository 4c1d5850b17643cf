"""The marks by which namespaces are in a mesh: today's, those of the roll-out, and the commands between the two."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from decisions.advisor.pack.manifests import Object, Step, identity
from decisions.advisor.pack.names import Place
from decisions.advisor.present import ENROLMENT, LABEL, SIDECARS, Present
from decisions.advisor.rollout import Chart, Rollouts

RESTART = "kubectl rollout restart deployment,statefulset,daemonset -n {}"
EACH_POD = (
    "kubectl get deployment,statefulset,daemonset -n {} -o name | xargs -I%% kubectl patch -n {} %% --type=merge "
    '-p \'{{"spec":{{"template":{{"metadata":{{"labels":{{"sidecar.istio.io/inject":{}}}}}}}}}}}\''
)
REPLACED = "What stood under the same name before is in policies-before.yaml of the first stage: apply it from there."
VERSION = "VERSION"
"""Stands for the version that runs where nobody wrote it down."""
WHOLE = re.compile(r"v?\d+\.\d+\.\d+\S*")
"""A version that names one chart: with less of it, helm takes the newest patch."""
NOTES: Mapping[str, tuple[str, ...]] = {
    "istio-sidecar": (
        "kubectl get namespaces -L istio-injection,istio.io/rev",
        "kubectl get peerauthentication,authorizationpolicy -A -o yaml > policies-before.yaml",
        "istioctl version",
    ),
    "istio-ambient-l4": (
        "kubectl get namespaces -L istio.io/dataplane-mode,istio.io/use-waypoint",
        "kubectl get peerauthentication,authorizationpolicy -A -o yaml > policies-before.yaml",
        "istioctl version",
    ),
    "linkerd": (
        "kubectl get servers,authorizationpolicies.policy.linkerd.io -A -o yaml > policies-before.yaml",
        "linkerd version",
        "linkerd check",
    ),
    "consul": ("helm list -A --filter consul", "kubectl get proxydefaults,mesh -A -o yaml > policies-before.yaml"),
    "kuma": (
        "kubectl get namespaces -L kuma.io/sidecar-injection",
        "kubectl get meshes -o yaml > policies-before.yaml",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Marking:
    """Commands around a stage that changes marks: to note what is there, to change it, and to change it back."""

    notes: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()


def noted(present: Present) -> tuple[str, ...]:
    """Commands that write today's state down."""
    if not present.product:
        return ()
    return ("kubectl get namespaces -o yaml > namespaces-before.yaml", *NOTES[present.product])


def today(present: Present) -> dict[tuple[str, str, str, str], Object]:
    """The namespaces with the marks they carry today, as far as they are known."""
    found = {}
    for name, marks in present.marks.items():
        about: Object = {"name": name}
        for key, value in marks.items():
            about.setdefault(_part(key), {})[key] = value
        one: Object = {"apiVersion": "v1", "kind": "Namespace", "metadata": about}
        found[identity(one)] = one
    return found


def _part(key: str) -> str:
    return "labels" if ENROLMENT[key][0] == LABEL else "annotations"


def fitted(made: Object, present: Present, product: str) -> Object:
    """A namespace that joins the Istio of today carries that one's label instead of the label of a new revision."""
    about = made["metadata"]
    joins = made["kind"] == "Namespace" and "istio.io/rev" in about.get("labels", {})
    if not joins or product != "istio-sidecar" or not present.runs(product):
        return made
    labels = {key: one for key, one in about["labels"].items() if key != "istio.io/rev"}
    labels |= {} if present.way == "each_pod" else present.mark
    return {**made, "metadata": {**about, "labels": labels}}


def charts_of(
    known: Rollouts, present: Present, products: Iterable[str], cni: tuple[str | None, str | None]
) -> tuple[dict[str, Chart], set[str]]:
    """The charts with version and release as they run today, and which of them run; `cni` is its name and version."""
    charts, running, shared = dict(known.charts), set[str](), set[str]()
    charts |= {name: replace(one, version=_running(one, *cni)) for name, one in charts.items() if one.runs_already}
    for product in products:
        if not present.runs(product):
            shared |= present.shares(product)
            continue
        for change in known.sheets[product].changes:
            running |= set(change.charts) if change.in_place == "cluster" else set()
    for name in running:
        chart = charts[name]
        release = chart.release
        if name == "istiod":
            release = f"istiod-{present.revision}" if present.revision else "istiod"
        charts[name] = replace(chart, version=present.version or VERSION, release=release)
    # What serves the other mode too was brought to the version of the files first.
    return charts, running | shared


def _running(chart: Chart, cni: str | None, version: str | None) -> str:
    """The version of a CNI's chart: it keeps its own, since values that are added are no upgrade over several minors.

    Where another CNI runs, its version says nothing of this one, which comes as the catalogue knows it.
    """
    if cni and chart.chart not in cni.lower():
        return chart.version
    return version if version and WHOLE.fullmatch(version) else VERSION


def marking(step: Step, place: Place, present: Present, product: str, *, restarts: bool) -> Marking:
    """The commands for the namespaces that a step marks; nothing where it marks none."""
    before = {identity(one): one for one in step.restore}
    found = Marking()
    for one in step.apply:
        if one["kind"] == "Namespace":
            found = _joined(found, _marking(before.get(identity(one), {"metadata": {}}), one))
            if set(ENROLMENT) & set(_marks(one)):
                found = _joined(found, _leaving(place, present, product, restarts=restarts))
    if present.runs(product) and step.delete:
        found = _joined(found, Marking(undo=(REPLACED,)))
    if present.runs(product) and present.way == "each_pod" and restarts:
        pods = (EACH_POD.format(place.namespace, place.namespace, word) for word in ('"true"', "null"))
        found = _joined(found, Marking(commands=(next(pods),), undo=(next(pods),)))
    return found


def _joined(one: Marking, other: Marking) -> Marking:
    return Marking(notes=one.notes + other.notes, commands=one.commands + other.commands, undo=one.undo + other.undo)


def _marks(one: Object) -> dict[str, str]:
    about = one["metadata"]
    return {**about.get("labels", {}), **about.get("annotations", {})}


def _marking(before: Object, after: Object) -> Marking:
    """What kubectl apply does not take away by itself, and the way back in so many words."""
    name = after["metadata"]["name"]
    commands, undo = [], []
    for part, verb in (("labels", "label"), ("annotations", "annotate")):
        was, becomes = (one["metadata"].get(part, {}) for one in (before, after))
        gone = [f"{key}-" for key in was if key not in becomes]
        added = [f"{key}-" for key in becomes if key not in was]
        back = [f"{key}={value}" for key, value in was.items() if becomes.get(key) != value]
        commands += [f"kubectl {verb} namespace {name} {' '.join(gone)}"] if gone else []
        undo += [f"kubectl {verb} namespace {name} {' '.join(added)}"] if added else []
        undo += [f"kubectl {verb} namespace {name} {' '.join(back)} --overwrite"] if back else []
    return Marking(commands=tuple(commands), undo=tuple(undo))


def _leaving(place: Place, present: Present, product: str, *, restarts: bool) -> Marking:
    """What a namespace needs besides to leave another mesh that runs today."""
    if not present.product or present.leaves_out(place.namespace):
        return Marking()
    name, restart = place.namespace, RESTART.format(place.namespace)
    notes, commands, undo = [], [], []
    if name not in present.marks:
        file = f"namespace-{name}-before.yaml"
        notes.append(f"kubectl get namespace {name} -o yaml > {file}")
        undo.append(f"Set the labels and annotations of {file} again before the pods restart.")
        for kind, verb in ((LABEL, "label"), ("annotation", "annotate")):
            keys = [f"{key}-" for key, told in ENROLMENT.items() if told == (kind, present.product)]
            if keys and not present.runs(product):
                commands.append(f"kubectl {verb} namespace {name} {' '.join(keys)}")
    if not present.runs(product) and present.product in SIDECARS and not restarts:
        commands.append(restart)
        undo.append(restart)
    return Marking(notes=tuple(notes), commands=tuple(commands), undo=tuple(undo))


def removal(place: Place, present: Present) -> Marking:
    """The commands that take a namespace out of the mesh of today, and bring it back."""
    if not present.product:
        return Marking()
    name, restart = place.namespace, RESTART.format(place.namespace)
    marks = {key: value for key, value in present.marks.get(name, {}).items() if key in ENROLMENT}
    keys = marks or {key: "" for key, (_, product) in ENROLMENT.items() if product == present.product}
    commands, undo = [], []
    for kind, verb in ((LABEL, "label"), ("annotation", "annotate")):
        here = [key for key in keys if ENROLMENT[key][0] == kind]
        if here:
            commands.append(f"kubectl {verb} namespace {name} {' '.join(f'{key}-' for key in here)}")
            back = [f"{key}={keys[key]}" for key in here if keys[key]]
            undo += [f"kubectl {verb} namespace {name} {' '.join(back)} --overwrite"] if back else []
    file = f"namespace-{name}-before.yaml"
    if not marks:
        undo.append(f"Set the labels and annotations of {file} again before the pods restart.")
    return Marking(
        notes=(f"kubectl get namespace {name} -o yaml > {file}",),
        commands=(*commands, restart),
        undo=(*undo, restart),
    )
