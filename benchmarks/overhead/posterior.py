"""Maximum a posteriori fit of a hierarchical model with Student's t errors, and its Laplace approximation.

A value's logarithm is forward(level, slope) + offset, where level, slope and offset are linear in the coefficients.
Each coefficient has a normal prior; standard deviations shared by a group (all sources, all cells ...) are found by
maximising the approximate marginal likelihood under log-normal priors of their own.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize  # type: ignore[import-untyped]

from decisions.advisor.overhead.tax import Array

Forward = Callable[[Array, Array], Array]
_STEP = 1e-4
_ROUNDS = 200


@dataclass(frozen=True, kw_only=True)
class Column:
    """One coefficient: its prior (sd a number or the name of a group) and where it enters, one entry a row."""

    name: tuple[str, ...]
    mean: float
    sd: float | str
    level: Array
    slope: Array
    offset: Array


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Rows to explain. tail: see Observation.tail. spread: (median, log sd)."""

    y: Array
    tail: Array
    columns: tuple[Column, ...]
    forward: Forward
    spread: Mapping[str, tuple[float, float]]
    dof: float


@dataclass(frozen=True, kw_only=True)
class Posterior:
    """Means and covariance of the coefficients, by name, and the standard deviations of the groups."""

    names: tuple[tuple[str, ...], ...]
    mean: Array
    covariance: Array
    spread: Mapping[str, float]

    def of(self, weights: Mapping[tuple[str, ...], float]) -> tuple[float, float]:
        """(mean, sd) of a weighted sum of coefficients; names that were not fitted count as 0."""
        vector = np.array([weights.get(name, 0.0) for name in self.names])
        return float(vector @ self.mean), float(math.sqrt(max(vector @ self.covariance @ vector, 0.0)))


def fit(problem: Problem, *, evaluations: int = 250) -> Posterior:
    """Fit coefficients and groups. `evaluations` bounds the search for the standard deviations."""
    groups = sorted(problem.spread)
    centre = np.log([problem.spread[group][0] for group in groups])
    width = np.array([problem.spread[group][1] for group in groups])

    def loss(logs: Array) -> float:
        spread = dict(zip(groups, np.exp(logs), strict=True))
        return -_solve(problem, spread)[2] + 0.5 * float((((logs - centre) / width) ** 2).sum())

    options = {"maxfev": evaluations, "xatol": 0.02, "fatol": 0.02}
    best = minimize(loss, centre, method="Nelder-Mead", options=options).x
    spread = {group: float(value) for group, value in zip(groups, np.exp(best), strict=True)}
    mean, precision, _ = _solve(problem, spread)
    return Posterior(
        names=tuple(column.name for column in problem.columns),
        mean=mean,
        covariance=np.asarray(np.linalg.inv(precision), dtype=np.float64),
        spread=spread,
    )


def _solve(problem: Problem, spread: Mapping[str, float]) -> tuple[Array, Array, float]:
    """(mode, precision, approximate log marginal likelihood) for given standard deviations."""
    surface = _Surface(problem, spread)
    theta, precision = surface.top()
    return theta, precision, surface.evidence(theta) - 0.5 * float(np.linalg.slogdet(precision)[1])


class _Surface:
    """The posterior over the coefficients for given standard deviations of the groups."""

    def __init__(self, problem: Problem, spread: Mapping[str, float]) -> None:
        columns = problem.columns
        self.problem = problem
        self.prior = np.array([column.mean for column in columns])
        self.sd = np.array([column.sd if isinstance(column.sd, float) else spread[column.sd] for column in columns])
        self.level = np.array([column.level for column in columns]).T
        self.slope = np.array([column.slope for column in columns]).T
        self.offset = np.array([column.offset for column in columns]).T
        self.noise = np.hypot(spread["noise"], spread["noise_per_tail"] * problem.tail)

    def loss(self, theta: Array) -> float:
        """Negative logarithm of the posterior, without its constants."""
        value = self.problem.forward(self.level @ theta, self.slope @ theta) + self.offset @ theta
        error, dof = (self.problem.y - value) / self.noise, self.problem.dof
        prior = ((theta - self.prior) / self.sd) ** 2
        return float(0.5 * (dof + 1) * np.log1p(error**2 / dof).sum() + 0.5 * prior.sum())

    def evidence(self, theta: Array) -> float:
        """Logarithm of the posterior at its top, with the constants that depend on the standard deviations."""
        dof = self.problem.dof
        constant = math.lgamma((dof + 1) / 2) - math.lgamma(dof / 2) - 0.5 * math.log(dof * math.pi)
        return -self.loss(theta) + float((constant - np.log(self.noise)).sum() - np.log(self.sd).sum())

    def normal_equations(self, theta: Array) -> tuple[Array, Array]:
        """(precision, gradient) of the reweighted least squares that touch the surface at theta."""
        a, s, forward = self.level @ theta, self.slope @ theta, self.problem.forward
        value = forward(a, s)
        by_level = (forward(a + _STEP, s) - value) / _STEP
        by_slope = (forward(a, s + _STEP) - value) / _STEP
        jacobian = by_level[:, None] * self.level + by_slope[:, None] * self.slope + self.offset
        error, dof = self.problem.y - value - self.offset @ theta, self.problem.dof
        weight = (dof + 1) / (dof + (error / self.noise) ** 2) / self.noise**2
        precision = (jacobian * weight[:, None]).T @ jacobian + np.diag(1 / self.sd**2)
        return precision, jacobian.T @ (weight * error) - (theta - self.prior) / self.sd**2

    def top(self) -> tuple[Array, Array]:
        """(mode, precision there) by damped Gauss-Newton steps that never go down."""
        theta, current, damping = self.prior.copy(), self.loss(self.prior), 1e-3
        precision, gradient = self.normal_equations(theta)
        for _ in range(_ROUNDS):
            step = np.linalg.solve(precision + damping * np.diag(np.diag(precision)), gradient)
            reached = self.loss(theta + step)
            if reached > current + 1e-9:
                damping *= 5
                if damping > 1e6:
                    break
                continue
            theta, gained, current, damping = theta + step, current - reached, reached, max(damping / 5, 1e-6)
            precision, gradient = self.normal_equations(theta)
            if gained < 1e-6:
                break
        return theta, precision
