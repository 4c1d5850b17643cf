"""How we judge: each rule is a function from a setting to a finding; its name is its id in the record."""

from collections.abc import Callable
from dataclasses import dataclass

from decisions.advisor.recommendation import Reason, Verdict
from decisions.advisor.rules import approach, limits, platform, team
from decisions.advisor.setting import Finding, Setting

Rule = Callable[[Setting], Finding | None]

RULES: tuple[Rule, ...] = (*approach.RULES, *platform.RULES, *team.RULES, *limits.RULES)


RULING: tuple[Rule, ...] = (*platform.RULING, *team.RULING)
"""The rules that can rule an option out beside open musts."""

STRAINING: tuple[Rule, ...] = (*approach.STRAINING, *platform.STRAINING, *team.STRAINING)
"""The rules that can strain an option without looking at what it would use."""

DECIDING: tuple[Rule, ...] = tuple(dict.fromkeys((*RULING, *STRAINING)))
"""The rules of either kind, each once."""

WEIGHTY: tuple[Rule, ...] = (*STRAINING, *limits.LIMITS)
"""All rules that can strain an option: enough to compare options without their reasons."""


@dataclass(frozen=True, kw_only=True)
class Weight:
    """What stands against an option beside open musts and blocks.

    `strains`: musts met badly and limits broken. `overshoot`: by how much limits are broken together, as a sum of
    logarithms.
    """

    strains: int
    overshoot: float
    broken: int = 0
    """How many limits the likely projection breaks; these are among the strains."""
    straining: tuple[str, ...] = ()
    """The sentences of the findings that strain, wait for an upgrade or break a limit."""


KINDS = tuple((rule in RULING, rule in STRAINING) for rule in DECIDING)
"""By place among DECIDING: whether the rule can rule out, and whether it can strain."""
NOTHING_FOUND = (0, 0)


def found_by(place: int, setting: Setting) -> tuple[int, int]:
    """Whether the deciding rule at this place rules the option out, and whether it strains it, as 0 or 1; together they
    are `blocks` and the strains among `strains`.
    """
    found = DECIDING[place](setting)
    if found is None:
        return NOTHING_FOUND
    ruling, straining = KINDS[place]
    return int(ruling and found.verdict is Verdict.RULES_OUT), int(straining and found.strains)


def blocks(setting: Setting) -> int:
    """How many rules rule the option out."""
    return sum((found := rule(setting)) is not None and found.verdict is Verdict.RULES_OUT for rule in RULING)


def strains(setting: Setting) -> tuple[Finding, ...]:
    """What strains the option or waits for an upgrade, limits aside."""
    found = (rule(setting) for rule in STRAINING)
    return tuple(one for one in found if one and (one.strains or one.upgrade))


def weigh(setting: Setting, straining: tuple[Finding, ...]) -> Weight:
    """What strains the option, together with the limits it breaks."""
    found = [*straining, *(finding for rule in limits.LIMITS if (finding := rule(setting)))]
    return Weight(
        strains=sum(finding.strains for finding in found),
        overshoot=sum(finding.overshoot for finding in found),
        broken=sum(finding.breaks for finding in found),
        straining=tuple(finding.because for finding in found if finding.strains or finding.upgrade),
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
