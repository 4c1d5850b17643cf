"""Projected overhead: what an option adds in CPU, memory and milliseconds, as ranges with their sources."""

from decisions.advisor.overhead.coefficients import OverheadError
from decisions.advisor.overhead.estimate import estimate
from decisions.advisor.overhead.rows import project_rows

__all__ = ["OverheadError", "estimate", "project_rows"]
