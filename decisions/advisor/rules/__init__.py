"""How we judge: each rule is a function from a setting to a finding; its name is its id in the record."""

from collections.abc import Callable
from dataclasses import dataclass

from decisions.advisor.recommendation import Reason, Verdict
from decisions.advisor.rules import approach, limits, platform, team
from decisions.advisor.setting import Finding, Setting

Rule = Callable[[Setting], Finding | None]

RULES: tuple[Rule, ...] = (*approach.RULES, *platform.RULES, *team.RULES, *limits.RULES)


WEIGHTY: tuple[Rule, ...] = (*approach.WEIGHTY, *platform.WEIGHTY, *team.WEIGHTY, *limits.RULES)
"""The rules whose findings can strain an option or rule it out: enough to compare options without their reasons."""


@dataclass(frozen=True, kw_only=True)
class Weight:
    """What stands against an option beside open musts.

    `blocked`: rules that rule it out. `strains`: musts met badly and limits broken. `overshoot`: by how much limits are
    broken together, as a sum of logarithms.
    """

    blocked: int
    strains: int
    overshoot: float
    straining: tuple[str, ...] = ()
    """The sentences of the findings that strain or break a limit."""


def weigh(setting: Setting) -> Weight:
    """Ask the weighty rules only."""
    found = [finding for rule in WEIGHTY if (finding := rule(setting))]
    return Weight(
        blocked=sum(finding.verdict is Verdict.RULES_OUT for finding in found),
        strains=sum(finding.strains for finding in found),
        overshoot=sum(finding.overshoot for finding in found),
        straining=tuple(finding.because for finding in found if finding.strains),
    )


def speak(setting: Setting) -> tuple[Reason, ...]:
    """The reasons of all rules that have something to say, in order."""
    return tuple(
        Reason(
            rule=rule.__name__,
            verdict=finding.verdict,
            because=finding.because,
            requirement=finding.requirement,
            sources=finding.sources,
        )
        for rule in RULES
        if (finding := rule(setting))
    )
