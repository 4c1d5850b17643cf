#!/usr/bin/env python3
"""How fast the engine is: side by side in one run, on one core, with a hand-written loop as the floor.

python -m benchmarks.engine.speed [--rounds N] [CASE.yaml ...]

Without files, one large case of 5,000 pods with seven must-haves, limits and all questions about the team answered.
Prints, per case, medians of: the loop over all compositions; `first` (who comes first); `standing` (the five
approaches, as past decisions are judged again); `answer`, which the live panel shows first (reasons, draws, front,
plan); and recommend(), with what would change the answer, which the panel asks for afterwards, in three ways:
`new` in an arena that has judged nothing, as in a process that has just started; `edited` after the same case with
another number of services, as when somebody types; `known` for a case judged before. And decisions a second on one
core. Processor time of this process, so that neighbours count little; ratios to the loop are what carries over to
another machine.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from statistics import median

from benchmarks.engine.floor import loop
from decisions.advisor import engine
from decisions.advisor.case import Case, load, read, with_answer
from decisions.advisor.catalog import load as load_catalog
from decisions.advisor.contest import Contest
from decisions.advisor.contest.arena import Arena, forget

GOAL_MS = 30.0


def large() -> Case:
    """A large estate in which much is required and much is known."""
    must = {"need": "must", "evidence": {"kind": "rule"}, "simplest_fix": {"outcome": "not_enough"}}
    untried = {"need": "must", "evidence": {"kind": "policy"}}
    wanted = ("workload_identity", "l7_authorization", "resilience", "traffic_splitting")
    return read(
        {
            "schema": "meshadvisor-case/1",
            "title": "A large estate",
            "requirements": {
                **dict.fromkeys(wanted, must),
                "encryption_between_nodes": untried,
                "network_segmentation": untried,
                "audit_proof": untried,
                "request_metrics": "nice",
                "multi_cluster": "nice",
                "flow_visibility": "not_sure",
            },
            "context": {"threats": ["network", "compromised_pod"], "languages": 7, "application_teams": 40},
            "baseline": {
                "clusters": 6, "nodes": 420, "pods": 5000, "services": 600, "namespaces": 90, "peak_rps": 42000,
                "p50_ms": 14, "p99_ms": 90, "slo_p99_ms": 120, "sequential_calls": 6, "cni": "Cilium", "jobs": 200,
                "kernel_version": "6.1", "kubernetes_version": "1.33", "long_lived_connections": 800,
            },
            "operations": {
                "data_path_debuggers": "two_or_more", "upgrades_per_year": 6, "pod_restarts": "platform_windows",
                "connection_resets": "in_a_window", "support": "vendor", "training_days": 20,
                "skills": ["envoy", "pki", "kubernetes_networking"], "hourly_cost": 90,
            },
            "budget": {"cpu_vcpu": 400, "memory_gib": 900, "p99_ms": 25},
        }
    )  # fmt: skip


def milliseconds(work: Callable[[], object], rounds: int, before: Callable[[], object] = lambda: None) -> float:
    """The median processor time of a call in milliseconds, each after `before`; the first call does not count."""
    before()
    work()
    taken = []
    for _ in range(rounds):
        before()
        start = time.process_time()
        work()
        taken.append((time.process_time() - start) * 1000.0)
    return median(taken)


def measure(case: Case, rounds: int) -> dict[str, float]:
    """Median milliseconds by what was called."""
    # A copy of the case each time: the very same case that was judged last is not judged again.
    catalog, edits = load_catalog(), count(1)

    def edited() -> Case:
        return with_answer(case, "baseline.services", (case.baseline.services or 40) + next(edits))

    return {
        "loop": milliseconds(lambda: loop(case, catalog), rounds),
        "first, new": milliseconds(lambda: Contest(case, catalog, Arena(catalog)).first(case), rounds),
        "standing": milliseconds(lambda: engine.standing(edited(), catalog), rounds),
        "answer": milliseconds(lambda: engine.answer(replace(case), catalog), rounds),
        "whole, new": milliseconds(lambda: engine.recommend(replace(case), catalog), rounds, forget),
        "whole, edited": milliseconds(lambda: engine.recommend(edited(), catalog), rounds),
        "whole, known": milliseconds(lambda: engine.recommend(replace(case), catalog), rounds),
    }


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", type=Path, help="case documents; without any, one large case")
    parser.add_argument("--rounds", type=int, default=7, help="calls of each kind (default: 7)")
    arguments = parser.parse_args()
    cases = {path.stem: load(path.read_text(encoding="utf-8")) for path in arguments.cases} or {"large": large()}
    shown, whole = [], []
    for name, case in cases.items():
        found = measure(case, arguments.rounds)
        cells = ", ".join(f"{what} {ms:.1f} ms (x{ms / found['loop']:.2f})" for what, ms in found.items())
        print(f"{name}: {cells}; {1000.0 / found['whole, edited']:.1f} decisions a second and core")
        shown.append(found["answer"])
        whole.append(found["whole, edited"])
    print(f"median of {len(whole)}: {median(shown):.1f} ms until the panel has its answer (goal {GOAL_MS:g} ms),")
    print(f"{median(whole):.1f} ms with what would change it, for an edited case;")
    print(f"at most {max(shown):.1f} and {max(whole):.1f} ms")


if __name__ == "__main__":
    main()
