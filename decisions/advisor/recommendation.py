"""What the engine answers: a ranking with reasons, as plain values that every rendering reads and none recomputes."""

from dataclasses import dataclass
from enum import StrEnum

from decisions.advisor.quantities import Range

ENGINE_VERSION = "0.10.0"
"""Rises whenever a case may come out differently: a record is replayed only by the version that made it."""


class Approach(StrEnum):
    """The five approaches, from the least to the most machinery."""

    NO_MESH = "no-mesh"
    CNI_ENCRYPTION = "cni-encryption"
    EBPF_MESH = "ebpf-mesh"
    AMBIENT_MESH = "ambient-mesh"
    SIDECAR_MESH = "sidecar-mesh"

    @property
    def title(self) -> str:  # type: ignore[override]
        """The name people read; hides str.title, which nobody needs on an id."""
        return APPROACH_TITLES[self]


APPROACH_TITLES = {
    Approach.NO_MESH: "No mesh",
    Approach.CNI_ENCRYPTION: "CNI-level encryption",
    Approach.EBPF_MESH: "eBPF mesh",
    Approach.AMBIENT_MESH: "Ambient mesh",
    Approach.SIDECAR_MESH: "Sidecar mesh",
}


class Verdict(StrEnum):
    """What a rule says of an option."""

    FOR = "for"
    AGAINST = "against"
    RULES_OUT = "rules_out"


class Status(StrEnum):
    """Where an option stands after all rules."""

    FITS = "fits"
    STRAINED = "strained"
    RULED_OUT = "ruled_out"


class Confidence(StrEnum):
    """How much the answer would bear; explained by Recommendation.confidence_because."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class NextStep(StrEnum):
    """What kind of act the recommendation asks for first."""

    ADOPT = "adopt"
    TRY_FIRST = "try_first"
    MEASURE_FIRST = "measure_first"
    UPGRADE_FIRST = "upgrade_first"
    SETTLE_FIRST = "settle_first"


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a fact comes from: `text` is one line a reader can follow; version and date may be empty."""

    text: str
    version: str = ""
    date: str = ""


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One sentence for or against an option, made by a rule from an answer and a fact.

    `rule` is the rule's stable id. `requirement` is the requirement id it speaks of, or empty.
    """

    rule: str
    verdict: Verdict
    because: str
    requirement: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CallPath:
    """What the calls of the critical path add, in ms at p50 and p99: a band, since real tails lie between its ends.

    independent: hops are slow at different moments; together: all at the same moment. check_p99_ms says the first
    without a simulation: n mean + sqrt(n) (p99 - mean), beside the path's own tail.
    """

    calls: int
    independent_p50_ms: float
    independent_p99_ms: float
    together_p50_ms: float
    together_p99_ms: float
    check_p99_ms: float
    warnings: tuple[str, ...] = ()
    taxes: tuple[tuple[float, float], ...] = ()
    """What each part that a call crosses adds to it: likely (p50, p99) in ms."""
    before: tuple[float, float] | None = None
    """(p50, p99) of the path as it is, in ms; None where nobody measured it."""


@dataclass(frozen=True, kw_only=True)
class Overhead:
    """What an option adds on top of an empty network: totals over all clusters.

    cpu_vcpu and memory_gib are totals; p99_ms is milliseconds added to the critical path. `basis` says in one
    sentence from which inputs, `assumed` lists inputs that were not given and were taken from planning values.
    """

    cpu_vcpu: Range
    memory_gib: Range
    p99_ms: Range
    p50_ms: Range
    basis: str
    assumed: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    path: CallPath | None = None
    """Where the milliseconds come from; None where no call crosses anything, or where `in_path` is said."""
    in_path: str = ""
    """The mesh that runs today and has its proxies in the path as measured: milliseconds are those on top of it."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """One term of the monthly burden, in hours a month, with the sentence that explains it."""

    name: str
    hours: Range
    because: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AddOn:
    """A small measure that meets one requirement without a mesh, as used in a composition."""

    id: str
    title: str
    requirement: str
    tried: str
    """The outcome of the trial: a value of case.Outcome, or empty when nothing was said."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One approach in the ranking, with its best composition (product, mode and add-ons)."""

    approach: Approach
    product: str
    product_title: str
    add_ons: tuple[AddOn, ...]
    status: Status
    summary: str
    """One line: why it stands where it stands."""
    musts_met: tuple[str, ...]
    musts_missed: tuple[str, ...]
    nice_met: tuple[str, ...]
    nice_missed: tuple[str, ...]
    reasons: tuple[Reason, ...]
    overhead: Overhead
    costs: tuple[Cost, ...]
    hours_per_month: Range
    money_per_month: Range
    """In the organisation's currency: hours x hourly cost + CPU x price + memory x price."""
    nice_offered: tuple[AddOn, ...] = ()
    """Small measures that could be added for nice-to-haves that are missed; neither planned nor counted."""


@dataclass(frozen=True, kw_only=True)
class Demotion:
    """A must-have that counts as nice to have, and why; or one kept by an override (`kept` true)."""

    requirement: str
    because: str
    kept: bool = False


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """Something not known that the answer leans on, with who should find it out."""

    text: str
    owner: str
    path: str = ""
    """The path of the question in the case document, e.g. "baseline.peak_rps"; empty when it is no question."""


NONE_MEETS = "No option meets every must-have"
"""How Flip.becomes begins where a change leaves no answer at all."""


@dataclass(frozen=True, kw_only=True)
class Flip:
    """A near change of one or two answers or measurements that changes the answer; verified by re-running."""

    change: str
    becomes: str
    """Title of what would then be recommended, or "No change"."""
    approach: Approach
    changes_answer: bool
    path: str
    """The path of the question, to link to it."""
    detail: str = ""
    answers: tuple[tuple[str, object], ...] = ()
    """The new answers by path, so that anyone can make the change and ask again."""


class Comparison(StrEnum):
    """How the measured number has to stand to the limit of a gate."""

    AT_MOST = "<="
    AT_LEAST = ">="
    EQUAL = "=="
    ABOVE = ">"


@dataclass(frozen=True, kw_only=True)
class Gate:
    """One number that decides whether a stage worked.

    `promql` has $namespace and $service for the names of the stage. `comparison` says how the number has to stand to
    `threshold`, both in `unit`; a threshold of None means that people judge it, or that no baseline was given.
    """

    id: str
    metric: str
    promql: str
    unit: str
    comparison: Comparison
    threshold: float | None
    window: str
    says: str
    source: Source


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One thing a stage switches on: `id` names a change in the sheet `sheet`; `asked_by` are requirement ids."""

    sheet: str
    id: str
    what: str
    asked_by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage of the incremental plan.

    `id` is stable: fix-<add-on>, install, permissive, strict, widen, default, check-<add-on>, removal or nothing;
    `phase` is 0 for what is tried first and 1 to 5 for the product's stages. `changed` names the fields that the team
    wrote itself.
    """

    number: int
    title: str
    what: str
    only_because: str
    gate: str
    stop: str
    rollback: str
    proof: str = ""
    id: str = ""
    phase: int = 0
    prerequisites: tuple[str, ...] = ()
    gates: tuple[Gate, ...] = ()
    features: tuple[Feature, ...] = ()
    decides: str = ""
    rollback_takes: str = ""
    changed: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Advisory:
    """Something the record must say about the chosen composition: a trap, a limit, a duty. Never a selling point."""

    topic: str
    text: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A small fix to try before anything larger, the test that decides, and what follows if it fails."""

    requirement: str
    add_on: str
    what: str
    test: str
    if_it_fails: str


@dataclass(frozen=True, kw_only=True)
class WayOn:
    """One change after which an option meets all that is then asked for, where none does now; found by judging it.

    `becomes` names that option. `where` says where the must-haves cannot be met now; empty when the whole system is
    meant.
    """

    change: str
    becomes: str
    approach: Approach
    where: str = ""


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """A feasible composition that no other beats in burden, added p99 and nice-to-haves at once."""

    approach: Approach
    product: str
    product_title: str
    hours_per_month: Range
    p99_ms: Range
    nice_met: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Rival:
    """What comes first in some of the seeded draws in which the recommended approach does not."""

    approach: Approach
    product: str
    title: str
    draws: int
    """In how many of 1,000."""


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """The whole answer for one case under one catalogue."""

    approach: Approach
    product: str
    product_title: str
    add_ons: tuple[AddOn, ...]
    headline: str
    """Two sentences: what, and why it is the least that suffices."""
    confidence: Confidence
    confidence_because: tuple[str, ...]
    next_kind: NextStep
    next_step: str
    ranking: tuple[Standing, ...]
    """All five approaches, best first; the first is the recommended one."""
    demoted: tuple[Demotion, ...]
    trials: tuple[Trial, ...]
    advisories: tuple[Advisory, ...]
    assumptions: tuple[Assumption, ...]
    flips: tuple[Flip, ...]
    plan: tuple[Stage, ...]
    answered: int
    asked: int
    """Questions answered (a "not sure" counts as answered) of those that apply."""
    catalogue_version: str
    engine_version: str = ENGINE_VERSION
    front: tuple[Alternative, ...] = ()
    """The Pareto front of the feasible compositions, least burden first."""
    ways_on: tuple[WayOn, ...] = ()
    """Where no option meets every must-have: what would have to change, the mildest first."""
    robustness: float | None = None
    """In which share of seeded draws from all ranges the recommended approach stays first; None when not drawn."""
    rivals: tuple[Rival, ...] = ()
    """What comes first in the other draws, the most frequent first."""

    @property
    def best(self) -> Standing:
        """The recommended standing."""
        return self.ranking[0]
