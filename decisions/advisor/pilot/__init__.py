"""Was a stage of the roll-out worth going on with? Two measurements and a projection in, a verdict out."""

from decisions.advisor.pilot.likeness import differences, shortcomings
from decisions.advisor.pilot.limits import Limits, limits_of
from decisions.advisor.pilot.run import Resources, Run, read_run
from decisions.advisor.pilot.scores import Projection, Score, projection_of
from decisions.advisor.pilot.verdict import Comparison, Judgement, Verdict, judge

__all__ = [
    "Comparison",
    "Judgement",
    "Limits",
    "Projection",
    "Resources",
    "Run",
    "Score",
    "Verdict",
    "differences",
    "judge",
    "limits_of",
    "projection_of",
    "read_run",
    "shortcomings",
]
