"""How we judge: each rule is a function from a setting to a finding; its name is its id in the record."""

from collections.abc import Callable

from decisions.advisor.recommendation import Reason
from decisions.advisor.rules import approach, limits, platform, team
from decisions.advisor.setting import Finding, Setting

Rule = Callable[[Setting], Finding | None]

RULES: tuple[Rule, ...] = (*approach.RULES, *platform.RULES, *team.RULES, *limits.RULES)


def judge(setting: Setting) -> tuple[tuple[Reason, ...], int]:
    """The reasons of all rules that have something to say, in order, and how many of them strain the option."""
    reasons, strains = [], 0
    for rule in RULES:
        finding = rule(setting)
        if finding is None:
            continue
        strains += finding.strains
        reasons.append(
            Reason(
                rule=rule.__name__,
                verdict=finding.verdict,
                because=finding.because,
                requirement=finding.requirement,
                sources=finding.sources,
            )
        )
    return tuple(reasons), strains
