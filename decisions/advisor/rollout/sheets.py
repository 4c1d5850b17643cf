"""What a sheet of the roll-out holds: the changes that bring a product or a small measure in, one thing at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from decisions.advisor.catalog import vocabulary
from decisions.advisor.catalog.marks import Day, Filled, OneOf
from decisions.advisor.recommendation import Source
from decisions.advisor.requirements import BY_ID

Words = Annotated[str, Filled()]


class Phase(StrEnum):
    """Where in the roll-out a change belongs; the ids of the product's stages."""

    FIX = "fix"
    INSTALL = "install"
    PERMISSIVE = "permissive"
    STRICT = "strict"
    WIDEN = "widen"
    DEFAULT = "default"


PHASES = tuple(Phase)
"""In order: the place is the phase's number."""


class Kind(StrEnum):
    """How a number becomes a gate; signals.toml says what each means."""

    SUCCESS = "success"
    LATENCY_MS = "latency_ms"
    LATENCY_S = "latency_s"
    NONE = "none"
    SOME = "some"
    WATCH = "watch"


BACK_TAKES = (
    "Seconds.",
    "Minutes.",
    "One restart of the pods concerned.",
    "A window of its own.",
)
"""How long a change takes to be taken back, the longer the later."""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A Helm chart. `repository` is empty where its address was not verified.

    runs_already: the release is there before the roll-out, so values are added to it and taken back from it. `keys`
    are the values a pack may set, dotted, with the chart's own default at each as YAML; null where it sets nothing.
    `arguments` are what helm needs besides to install it, such as files that a named person makes.
    """

    chart: Words
    repository: str
    version: Words
    release: Words
    namespace: Words
    source: Source
    runs_already: bool = False
    keys: Mapping[str, str] = field(default_factory=dict)
    arguments: str = ""


@dataclass(frozen=True, kw_only=True)
class Signal:
    """A number to watch, as PromQL with $namespace and $service."""

    title: Words
    kind: Kind
    unit: Words
    promql: Words
    says: Words
    source: Source


@dataclass(frozen=True, kw_only=True)
class Values:
    """Helm values as a YAML text; what stands there by default is among the keys of the chart."""

    chart: Words
    set: Words


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that is switched on.

    meets: the requirements that ask for it; it stays off while none of them is a must the product carries, unless it
    is part of the `base` without which the product does nothing, and while the condition `when` does not hold
    (conditions.CONDITIONS). everywhere: it is done again in each further
    namespace. restarts: pods of the namespace have to restart. `charts` are installed in this order, also
    those without values. `undo` are commands beside the computed way back. `back` says how it is taken back where
    that cannot be read from what it applies (way_back.py), and back_takes how long that takes. at_once: a change of the
    first stage that has its effect in the whole cluster as soon as it is made; the others of that stage have none yet.
    in_place: where it stands already once the product runs in the cluster, or once a namespace is in its mesh.
    `ready` are commands and sentences that show that it may be made; `proof` is what an auditor is shown of it.
    """

    id: Words
    phase: Phase
    what: Words
    source: Source
    meets: tuple[Annotated[str, OneOf(tuple(BY_ID))], ...] = ()
    needs: tuple[Annotated[str, OneOf(tuple(BY_ID))], ...] = ()
    unless: tuple[Annotated[str, OneOf(tuple(BY_ID))], ...] = ()
    base: bool = False
    when: Annotated[str, OneOf(vocabulary.CONDITIONS)] = "always"
    charts: tuple[str, ...] = ()
    everywhere: bool = False
    at_once: bool = False
    restarts: bool = False
    values: tuple[Values, ...] = ()
    manifests: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()
    back: str = ""
    back_takes: Annotated[str, OneOf(("", *BACK_TAKES))] = ""
    in_place: Annotated[str, OneOf(("", "cluster", "namespace"))] = ""
    ready: tuple[str, ...] = ()
    proof: str = ""
    signals: tuple[str, ...] = ()

    @property
    def acts(self) -> bool:
        """Whether anything is other when it is made; what only watches or proves changes nothing."""
        return bool(self.charts or self.values or self.manifests or self.restarts or self.undo or self.back)


@dataclass(frozen=True, kw_only=True)
class Prerequisite:
    """What has to hold before the first stage, and how to see it; `when` names a condition of conditions.CONDITIONS.

    `short` is the same as a part of a sentence, for the next step of clusters whose provider sets the product; empty
    where it asks for nothing.
    """

    topic: Words
    text: Words
    source: Source
    when: Annotated[str, OneOf(vocabulary.CONDITIONS)] = "always"
    short: str = ""


@dataclass(frozen=True, kw_only=True)
class RolloutSheet:
    """How one product or add-on comes in."""

    id: Words
    checked: Annotated[str, Day()]
    changes: tuple[Change, ...] = ()
    prerequisites: tuple[Prerequisite, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Rollouts:
    """All sheets with the charts and signals they name."""

    sheets: Mapping[str, RolloutSheet] = field(default_factory=dict)
    charts: Mapping[str, Chart] = field(default_factory=dict)
    signals: Mapping[str, Signal] = field(default_factory=dict)
