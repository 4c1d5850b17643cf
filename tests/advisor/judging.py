"""Cases in a few words, for the tests of the judgement."""

from typing import Any

from decisions.advisor.case import Case, read
from decisions.advisor.catalog import load
from decisions.advisor.composition import Composition
from decisions.advisor.engine import rank
from decisions.advisor.recommendation import Approach, Reason

MEASURED = {
    "clusters": 1,
    "nodes": 38,
    "pods": 412,
    "services": 61,
    "namespaces": 12,
    "peak_rps": 4850,
    "p50_ms": 9,
    "p99_ms": 38,
    "slo_p99_ms": 80,
    "sequential_calls": 3,
    "cni": "Cilium",
}
"""A middling system, measured."""


def must(kind: str = "policy", **more: Any) -> dict[str, Any]:
    """A must-have with evidence."""
    return {"need": "must", "evidence": {"kind": kind}, **more}


def tried(outcome: str, kind: str = "policy") -> dict[str, Any]:
    """A must-have whose simplest fix had this outcome."""
    return must(kind, simplest_fix={"outcome": outcome})


def case(requirements: dict[str, Any] | None = None, **sections: dict[str, Any]) -> Case:
    """A measured case with these requirements; a section given replaces single keys of the measured one."""
    baseline = {**MEASURED, **sections.pop("baseline", {})}
    document = {
        "schema": "meshadvisor-case/1",
        "title": "A test",
        "requirements": requirements or {},
        "baseline": {key: value for key, value in baseline.items() if value is not None},
        **sections,
    }
    return read(document)


def ranking(one: Case) -> dict[Approach, Composition]:
    """The best composition of each approach, best first."""
    return {composition.setting.approach: composition for composition in rank(one, load())}


def best(one: Case) -> Composition:
    """What is recommended."""
    return rank(one, load())[0]


def reason(composition: Composition, rule: str) -> Reason | None:
    """What a rule said of a composition."""
    return next((found for found in composition.reasons if found.rule == rule), None)
