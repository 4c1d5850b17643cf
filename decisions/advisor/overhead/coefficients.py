"""What each part of an option costs: the strict reader of catalog/overheads.toml."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from decisions.advisor.overhead import models
from decisions.advisor.overhead.models import Model
from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import Source

TABLE = Path(__file__).resolve().parent.parent / "catalog" / "overheads.toml"
SCHEMA = "meshadvisor-overheads/1"
PLACES = ("pod", "node", "waypoint", "cluster")
FIGURES = (
    "cpu_per_1000",
    "idle_vcpu",
    "memory_mib",
    "memory_kib_per_service",
    "memory_kib_per_pod",
    "p50_ms",
    "p99_ms",
    "vcpu_per_gbit",
)


class OverheadError(ValueError):
    """The table of overheads is damaged, or somebody asks for an option it does not hold. The text may be shown."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One coefficient with its 90 % interval and the ids of its sources."""

    value: Range
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Part:
    """One thing that is installed: a proxy, an agent, a control plane.

    There is one copy of it per `per` (pod, node, waypoint or cluster); a call crosses `crossings` copies; it works on
    network layer `layer`. only_layer_7_rules: it is crossed only by calls under layer 7 rules.
    Units of the figures: cpu_per_1000 vCPU at 1,000 calls a second over all copies crossed, idle_vcpu and memory_mib
    per copy, memory_kib_per_service and memory_kib_per_pod per copy and service or pod of its cluster, p50_ms and
    p99_ms per call, vcpu_per_gbit per Gbit/s between nodes.
    """

    id: str
    per: str
    crossings: int
    layer: int
    says: str
    only_layer_7_rules: bool
    figures: Mapping[str, Figure]

    def figure(self, name: str) -> Range:
        """The coefficient, or zero when this part has no such cost."""
        found = self.figures.get(name)
        return found.value if found else Range(low=0.0, likely=0.0, high=0.0)


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A value taken when the case does not give one, with the words for it."""

    value: Range
    says: str


@dataclass(frozen=True, kw_only=True)
class Table:
    """All coefficients: products as tuples of parts, parts added for a requirement, planning values, sources by id."""

    products: Mapping[str, tuple[Part, ...]]
    added_for: Mapping[str, Mapping[str, tuple[Part, ...]]]
    assume: Mapping[str, Planned]
    shape: Mapping[str, Figure]
    models: Mapping[str, Model]
    sources: Mapping[str, Source]

    def parts(self, product_id: str, wanted: Collection[str] = ()) -> tuple[Part, ...]:
        """The parts of a product where the requirements `wanted` are asked for; an unknown id raises OverheadError."""
        if product_id not in self.products:
            message = f"no overhead figures for {product_id!r}; known are {', '.join(sorted(self.products))}"
            raise OverheadError(message)
        extra = self.added_for.get(product_id, {})
        return self.products[product_id] + tuple(part for key in extra if key in wanted for part in extra[key])


@cache
def load(path: Path = TABLE) -> Table:
    """Read and check the table once; raises OverheadError with the place of what is wrong."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        return read(document)
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        message = f"{path.name}: {error}"
        raise OverheadError(message) from error


def read(document: Mapping[str, Any]) -> Table:
    """A table from its document; raises KeyError, TypeError or ValueError with what is wrong."""
    if document["schema"] != SCHEMA:
        message = f"schema must be {SCHEMA}"
        raise ValueError(message)
    sources = {key: Source(**value) for key, value in document["sources"].items()}
    parts = {key: _part(key, value, sources) for key, value in document["parts"].items()}
    return Table(
        products={key: tuple(parts[part] for part in names) for key, names in document["products"].items()},
        added_for={
            key: {wanted: tuple(parts[part] for part in names) for wanted, names in value.items()}
            for key, value in document["added_for"].items()
        },
        assume={
            key: Planned(value=_range(key, value), says=str(value["says"])) for key, value in document["assume"].items()
        },
        shape={key: _figure(f"shape.{key}", value, sources) for key, value in document["shape"].items()},
        models={key: models.read(value) for key, value in document["model"].items()},
        sources=sources,
    )


def _part(key: str, value: Mapping[str, Any], sources: Mapping[str, Source]) -> Part:
    if value["per"] not in PLACES:
        message = f"parts.{key}.per must be one of {', '.join(PLACES)}"
        raise ValueError(message)
    unknown = set(value) - set(FIGURES) - {"per", "crossings", "layer", "says", "only_layer_7_rules"}
    if unknown:
        message = f"parts.{key} has unknown keys: {', '.join(sorted(unknown))}"
        raise ValueError(message)
    figures = {name: _figure(f"parts.{key}.{name}", value[name], sources) for name in FIGURES if name in value}
    return Part(
        id=key,
        per=value["per"],
        crossings=int(value["crossings"]),
        layer=int(value["layer"]),
        says=str(value["says"]),
        only_layer_7_rules=bool(value.get("only_layer_7_rules", False)),
        figures=figures,
    )


def _figure(where: str, value: Mapping[str, Any], sources: Mapping[str, Source]) -> Figure:
    named = tuple(value["sources"])
    missing = [name for name in named if name not in sources]
    if missing or not named:
        message = f"{where} names no source, or one that is not listed: {missing}"
        raise ValueError(message)
    return Figure(value=_range(where, value), sources=named)


def _range(where: str, value: Mapping[str, Any]) -> Range:
    try:
        return Range(low=float(value["low"]), likely=float(value["likely"]), high=float(value["high"]))
    except ValueError as error:
        message = f"{where}: {error}"
        raise ValueError(message) from error
