"""The gates as files: rules for Prometheus, and a dashboard for Grafana."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from decisions.advisor.case import Case
from decisions.advisor.pack.names import Place
from decisions.advisor.recommendation import Comparison, Gate, Stage

HOLDS = "10m"
"""How long a gate has to be missed before an alert speaks: two scrapes of a five minute window."""


def expression(gate: Gate, place: Place) -> str:
    """The PromQL of a gate with the names of the place, which are checked labels."""
    return gate.promql.replace("$namespace", place.namespace).replace("$service", place.service)


def missed(gate: Gate, place: Place) -> str:
    """PromQL that gives a result only while the gate is missed."""
    inner, limit = expression(gate, place), gate.threshold
    if gate.comparison is Comparison.AT_LEAST:
        return f"({inner}) < {limit}"
    if gate.comparison is Comparison.ABOVE:
        return f"(({inner}) == {limit}) or absent({inner})"
    return f"({inner}) > {limit}"


def rules(label: str, gates: Sequence[Gate], case: Case, place: Place) -> dict[str, Any]:
    """The rules file of a stage: each gate as a recorded number, an alert when it is missed, and the stop rule."""
    found: list[dict[str, Any]] = []
    for gate in gates:
        name = gate.id.replace("-", "_")
        found.append(
            {"record": f"meshadvisor:gate:{name}", "expr": expression(gate, place), "labels": {"stage": label}}
        )
        if gate.threshold is not None:
            found.append(_alert("MeshAdvisorGateMissed", missed(gate, place), gate, label, "warning"))
    found += [_alert("MeshAdvisorStop", text, gate, label, "critical") for gate, text in _stops(gates, case, place)]
    return {"groups": [{"name": f"meshadvisor-{label}", "rules": found}]}


def stage_label(stage: Stage) -> str:
    """The number and the id of a stage: the name of its folder, its rules and its dashboard."""
    return f"{stage.number:02d}-{stage.id}"


def _alert(name: str, text: str, gate: Gate, label: str, severity: str) -> dict[str, Any]:
    return {
        "alert": name,
        "expr": text,
        "for": HOLDS,
        "labels": {"stage": label, "gate": gate.id, "severity": severity},
        "annotations": {"summary": f"{gate.metric}: {{{{ $value }}}} {gate.unit}", "description": gate.says},
    }


def _stops(gates: Sequence[Gate], case: Case, place: Place) -> Iterable[tuple[Gate, str]]:
    """The team's own stop number, where it is one of those that are measured."""
    limit = case.plan.stop_threshold
    if limit is None:
        return
    for gate in gates:
        inner = expression(gate, place)
        if case.plan.stop_metric == "p99_ms" and gate.unit in {"ms", "s"} and gate.comparison is Comparison.AT_MOST:
            if "histogram_quantile" in inner:
                yield gate, f"({inner}) >= {limit / 1000 if gate.unit == 's' else limit}"
        elif case.plan.stop_metric == "error_ratio" and gate.comparison is Comparison.AT_LEAST:
            yield gate, f"1 - ({inner}) >= {limit}"


def _uid(label: str) -> str:
    """A dashboard's id of at most the 40 characters that Grafana takes, another one for each label."""
    name = f"meshadvisor-{label}"
    return name if len(name) <= 40 else f"{name[:27]}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def dashboard(label: str, gates: Sequence[Gate], place: Place) -> dict[str, Any]:
    """A Grafana dashboard with one panel a gate; its limit is drawn as a threshold."""
    return {
        "title": f"MeshAdvisor {label}",
        "uid": _uid(label),
        "tags": ["meshadvisor"],
        "schemaVersion": 39,
        "editable": True,
        "time": {"from": "now-24h", "to": "now"},
        "refresh": "1m",
        "templating": {
            "list": [{"name": "source", "label": "Prometheus", "type": "datasource", "query": "prometheus"}]
        },
        "panels": [_panel(place_, gate, place) for place_, gate in enumerate(gates)],
    }


def _panel(number: int, gate: Gate, place: Place) -> dict[str, Any]:
    source = {"type": "prometheus", "uid": "${source}"}
    steps: list[dict[str, Any]] = [{"color": "blue", "value": None}]
    if gate.threshold is not None:
        steps.append({"color": "orange", "value": gate.threshold})
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": gate.metric,
        "description": f"{gate.says} Unit: {gate.unit}.",
        "datasource": source,
        "gridPos": {"h": 8, "w": 12, "x": 12 * (number % 2), "y": 8 * (number // 2)},
        "targets": [{"refId": "A", "expr": expression(gate, place), "datasource": source}],
        "fieldConfig": {
            "defaults": {
                "thresholds": {"mode": "absolute", "steps": steps},
                "custom": {"thresholdsStyle": {"mode": "line"}},
            },
            "overrides": [],
        },
    }
