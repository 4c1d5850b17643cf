"""How we judge: each rule is a function from a setting to a finding; its name is its id in the record."""

from collections.abc import Callable
from dataclasses import dataclass

from decisions.advisor.recommendation import Reason
from decisions.advisor.rules import approach, limits, platform, team
from decisions.advisor.setting import Finding, Setting

Rule = Callable[[Setting], Finding | None]

RULES: tuple[Rule, ...] = (*approach.RULES, *platform.RULES, *team.RULES, *limits.RULES)


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The reasons of all rules that speak, how many strain the option, and by how much limits are broken."""

    reasons: tuple[Reason, ...]
    strains: int
    overshoot: float


def judge(setting: Setting) -> Judgement:
    """Ask every rule."""
    reasons: list[Reason] = []
    strains, overshoot = 0, 0.0
    for rule in RULES:
        finding = rule(setting)
        if finding is None:
            continue
        strains += finding.strains
        overshoot += finding.overshoot
        reasons.append(
            Reason(
                rule=rule.__name__,
                verdict=finding.verdict,
                because=finding.because,
                requirement=finding.requirement,
                sources=finding.sources,
            )
        )
    return Judgement(reasons=tuple(reasons), strains=strains, overshoot=overshoot)
