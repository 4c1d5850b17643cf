"""Fitted models: what the published rows say of each option, with the spread between sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Effect:
    """A coefficient on the logarithmic scale: mean and standard deviation."""

    mean: float
    sd: float


NONE = Effect(mean=0.0, sd=0.0)


@dataclass(frozen=True, kw_only=True)
class Effects:
    """What one option, one source, or one option in one source does: to the level, to the slope over quantiles.

    `rows` counts the published rows behind it; 0 means it rests on the prior alone.
    """

    level: Effect
    slope: Effect
    rows: int


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Standard deviations on the logarithmic scale of what is new in a row.

    source, source_slope, source_rate: a source nobody has seen; cell: an option new to a source; setup: another setup
    of a source. For each unit of Observation.tail: baseline: error of a baseline in one setup; metric: error that all
    setups of a source share in one metric; shift: what an option does to the path itself, such as better balancing;
    noise_per_tail: error of a value. noise: error that is always there. dof, source_dof: degrees
    of freedom (Student's t) of the noise and of new sources.
    """

    source: float
    source_slope: float
    source_rate: float
    cell: float
    setup: float
    baseline: float
    metric: float
    shift: float
    noise: float
    noise_per_tail: float
    dof: float
    source_dof: float


@dataclass(frozen=True, kw_only=True)
class Model:
    """One fitted model. Levels hold at `reference_rps`; `rate` is the exponent of (rate / reference_rps).

    width: what the logarithmic distance of a range's ends is multiplied with, so that nine of ten values of a source
    that the fit did not see lie inside.
    """

    unit: str
    reference_rps: float
    width: float
    rate: Effect
    spread: Spread
    features: Mapping[str, Effect]
    options: Mapping[str, Effects]
    sources: Mapping[str, Effects]
    source_rates: Mapping[str, Effect]
    metrics: Mapping[tuple[str, str], Effect]
    shifts: Mapping[tuple[str, str], Effect]
    cells: Mapping[tuple[str, str], Effects]


def read(table: Mapping[str, Any]) -> Model:
    """Read one [model.*] table; raises KeyError, TypeError or ValueError on a damaged one."""
    return Model(
        unit=str(table["unit"]),
        reference_rps=float(table["reference_rps"]),
        width=float(table["width"]),
        rate=_effect(table["rate"]),
        spread=Spread(**{key: float(value) for key, value in table["spread"].items()}),
        features={key: _effect(value) for key, value in table["features"].items()},
        options={key: _effects(value) for key, value in table["options"].items()},
        sources={key: _effects(value) for key, value in table["sources"].items()},
        source_rates={key: _effect(value["rate"]) for key, value in table["sources"].items()},
        metrics=_pairs(table, "metrics"),
        shifts=_pairs(table, "shifts"),
        cells={
            (source, option): _effects(value)
            for source, options in table["cells"].items()
            for option, value in options.items()
        },
    )


def _pairs(table: Mapping[str, Any], name: str) -> dict[tuple[str, str], Effect]:
    """Effects of (source, metric) or (source, option)."""
    return {
        (source, key): _effect(effect)
        for source, value in table["sources"].items()
        for key, effect in value[name].items()
    }


def _effect(value: Any) -> Effect:
    mean, sd = value
    return Effect(mean=float(mean), sd=float(sd))


def _effects(value: Mapping[str, Any]) -> Effects:
    return Effects(level=_effect(value["level"]), slope=_effect(value["slope"]), rows=int(value["rows"]))
