"""Ways on where no option meets every must-have: single changes after which one does, each found by judging it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from decisions.advisor.case import Case, Need
from decisions.advisor.composition import Composition
from decisions.advisor.contest import Contender
from decisions.advisor.quantities import percent
from decisions.advisor.recommendation import WayOn
from decisions.advisor.requirements import BY_ID
from decisions.advisor.setting import nouns
from decisions.advisor.wording import named

First = Callable[[Case], Contender]


def ways_on(case: Case, best: Composition, first: First) -> tuple[WayOn, ...]:
    """Every single change that leaves an option which meets all that is then asked for, the mildest first."""
    found = []
    for change, where, changed in _changes(case, best):
        after = first(changed)
        if not after.ruled_out:
            becomes = named(after.product)
            found.append(WayOn(change=change, becomes=becomes, approach=after.approach, where=where))
    return tuple(found)


def _changes(case: Case, best: Composition) -> Iterator[tuple[str, str, Case]]:
    """Candidates as (words, where the must-haves cannot be met now, case): the scope, the team's limits, the musts."""
    yield from _scopes(case, best)
    yield from _limits(case)
    for must in best.setting.unmet:
        relaxed = replace(case.answer(must), need=Need.NICE)
        words = f"Count {BY_ID[must].noun} as nice to have, with whoever asks for it"
        yield words, "", replace(case, requirements={**case.requirements, must: relaxed})


def _scopes(case: Case, best: Composition) -> Iterator[tuple[str, str, Case]]:
    """A part of the system left outside, by a decision that somebody signs."""
    baseline, asked = case.baseline, nouns(best.setting.unmet)
    windows, nodes = baseline.windows_nodes or 0, baseline.nodes
    if windows and nodes and nodes > windows:
        linux = nodes - windows
        words = (
            f"Ask for {asked} on the {_count(linux, 'Linux node')} only, and have it accepted in writing that the "
            f"{_count(windows, 'Windows node')} stay outside, behind policies of their own"
        )
        scoped = replace(baseline, windows_nodes=0, nodes=linux)
        yield words, f"on the {_count(windows, 'Windows node')}", replace(case, baseline=scoped)
    virtual, pods = baseline.virtual_node_pods or 0, baseline.pods
    where = f"to the {_count(virtual, 'pod')} on virtual nodes"
    if virtual and pods and pods > virtual:
        words = (
            f"Ask for {asked} on nodes of your own only, and have it accepted in writing that the "
            f"{_count(virtual, 'pod')} on virtual nodes stay outside"
        )
        own = replace(baseline, virtual_node_pods=0, pods=pods - virtual)
        yield words, where, replace(case, baseline=own)
    if virtual:
        words = f"Run the {_count(virtual, 'pod')} on nodes of your own instead of virtual ones"
        yield words, where, replace(case, baseline=replace(baseline, virtual_node_pods=0))
    udp = baseline.udp_share or 0.0
    if udp:
        words = f"Have it accepted in writing that the {percent(udp)} of traffic that is UDP stays in clear text"
        yield (
            words,
            f"for the {percent(udp)} of traffic that is UDP",
            replace(case, baseline=replace(baseline, udp_share=0)),
        )


def _limits(case: Case) -> Iterator[tuple[str, str, Case]]:
    """What the team itself does not allow, allowed."""
    operations = case.operations
    if operations.platform_upgrade == "no":
        words = "Let nodes and Kubernetes be upgraded first"
        yield words, "", replace(case, operations=replace(operations, platform_upgrade="yes"))
    if operations.pod_restarts == "not_possible":
        words = "Let the platform team restart pods in windows"
        yield words, "", replace(case, operations=replace(operations, pod_restarts="platform_windows"))
    if operations.beta_features != "yes":
        words = "Accept a beta feature for it, which may change or be withdrawn"
        yield words, "", replace(case, operations=replace(operations, beta_features="yes"))


def _count(number: int, one: str) -> str:
    return f"{number:,} {one}{'' if number == 1 else 's'}"
