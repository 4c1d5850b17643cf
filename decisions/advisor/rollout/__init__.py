"""How each product and each small measure comes in: changes, charts and signals, read strictly from sheets."""

from decisions.advisor.rollout.loader import load
from decisions.advisor.rollout.sheets import (
    BACK_TAKES,
    PHASES,
    Change,
    Chart,
    Kind,
    Phase,
    Prerequisite,
    Rollouts,
    RolloutSheet,
    Signal,
    Values,
)

__all__ = [
    "BACK_TAKES",
    "PHASES",
    "Change",
    "Chart",
    "Kind",
    "Phase",
    "Prerequisite",
    "RolloutSheet",
    "Rollouts",
    "Signal",
    "Values",
    "load",
]
