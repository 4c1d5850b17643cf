"""What a check found, layer by layer, in words for somebody who trusts neither us nor the sender."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

Markdown = Callable[[Mapping[str, object]], str]
"""Renders a record document, to compare with what a file carries."""

Replays = Callable[[Mapping[str, object]], tuple[bool | None, str]]
"""Draws a record anew from its inputs: whether the same came out (None where it cannot be tried), and that in words."""

Lookup = Callable[[str], tuple[bool, str]]
"""Looks for a file in a log by its SHA-256: whether it is there, and that in words."""

STATES = {"passed": "holds", "failed": "DOES NOT HOLD", "unproven": "NOT PROVEN", "open": "not checked"}


DOCUMENTED = {"unproven": "not proven", "open": "not checked"}
"""How a state is written in JSON, where not as it is called here."""


CLAIMED = "What the file claims of itself, which is not borne out:"
"""Said before the facts of a file that is not valid: anybody can write a name into a file."""


class Verdict(StrEnum):
    """What it comes to."""

    VALID = "valid"
    NOT_VALID = "not valid"
    NOT_PROVEN = "not proven"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One layer of a check: its stable id, its title, what it proves when it holds, and what it does not."""

    name: str
    title: str
    proves: str
    not_proven: str


STRUCTURE = Kind(
    name="structure",
    title="Structure",
    proves="The file is a PDF with one seal and at most time stamps behind it; no byte stands unseen.",
    not_proven="Who made the file.",
)
SEAL = Kind(
    name="seal",
    title="Seal",
    proves="The file is, byte for byte, the one that the holder of the sealing key sealed.",
    not_proven="Who holds that key, and when it was used: the time in the seal is the issuer's word.",
)
COVERAGE = Kind(
    name="coverage",
    title="Coverage",
    proves="The seal covers the whole file and forbids any later change; nothing was added after it.",
    not_proven="That no newer revision of the decision exists.",
)
CERTIFICATE = Kind(
    name="certificate",
    title="Certificate",
    proves="The sealing key belongs to the issuer whose certificate you trust.",
    not_proven="That the key was never stolen: a certificate of this kind cannot be revoked.",
)
CERTIFICATE_OF_OURS = Kind(
    name="certificate",
    title="Certificate",
    proves="The sealing key belongs to this instance, which is the one that checks here.",
    not_proven="That this instance is the issuer you mean, which its fingerprint tells; that the key was never stolen.",
)
TIMESTAMP = Kind(
    name="timestamp",
    title="Time stamp",
    proves="The file was sealed before the time that a third party states, so its certificates may have ended since.",
    not_proven="When exactly it was sealed, or that the third party told the truth.",
)
RECORD = Kind(
    name="record",
    title="Record",
    proves="The attached record.json is the record named on the cover, in its one canonical form.",
    not_proven="That the decision is right, or that the facts in it are true.",
)
APPROVALS = Kind(
    name="approvals",
    title="Approvals",
    proves="The issuer states that these people stood for exactly this record.",
    not_proven="It by anything of their own: the issuer attests that they were signed in and confirmed it.",
)
APPROVALS_OF_THEIR_OWN = Kind(
    name="approvals",
    title="Approvals",
    proves="The keys named here signed exactly this record; for the others the issuer states that they stood for it.",
    not_proven="Whose keys they are: the issuer states that, by the seal, as it knew it when the key was registered.",
)
LOG = Kind(
    name="log",
    title="Log",
    proves="The issuer's log had the last approval before the file was sealed, under a signed checkpoint.",
    not_proven="That the log was not rewritten since: compare the checkpoint with one that was kept elsewhere.",
)
RENDERER = Kind(
    name="renderer",
    title="Renderer",
    proves="The attached Markdown is what the record says, made by the program that the file names.",
    not_proven="That the pages say the same: read record.json where it matters.",
)


FILED = Kind(
    name="file",
    title="File",
    proves="The issuer's log names this very file by its SHA-256, so it left here as it is.",
    not_proven="Anything to somebody who does not trust the one asked, unless they kept a checkpoint.",
)
REPLAY = Kind(
    name="replay",
    title="Replay",
    proves="The same inputs, catalogue and engine give this very record again, byte for byte.",
    not_proven="That the inputs are true.",
)


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One layer with what was found. `state` is "passed", "failed", "unproven" or "open" (not checked).

    Unproven: nothing speaks against the file, and nothing given shows who wrote it.
    """

    kind: Kind
    state: str
    said: str

    @property
    def name(self) -> str:
        """The layer's stable id."""
        return self.kind.name

    @property
    def failed(self) -> bool:
        """Whether the layer speaks against the file."""
        return self.state == "failed"


@dataclass(frozen=True, kw_only=True)
class Report:
    """The outcome. `facts` are pairs of a name and what the file says of itself, such as the signer and the digest."""

    verdict: Verdict
    layers: tuple[Layer, ...]
    reasons: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def exit_code(self) -> int:
        """0 valid, 1 not valid, 2 where it cannot be told: not proven or unreadable."""
        return {Verdict.VALID: 0, Verdict.NOT_VALID: 1}.get(self.verdict, 2)

    def fact(self, name: str) -> str:
        """One of the facts; empty when the file does not give it."""
        return dict(self.facts).get(name, "")

    def document(self) -> dict[str, object]:
        """The report in plain JSON types."""
        return {
            "verdict": self.verdict.value,
            "reasons": list(self.reasons),
            "facts": dict(self.facts),
            "layers": [
                {
                    "name": layer.name,
                    "state": DOCUMENTED.get(layer.state, layer.state),
                    "said": layer.said,
                    "proves": layer.kind.proves,
                    "does_not_prove": layer.kind.not_proven,
                }
                for layer in self.layers
            ],
        }

    def text(self) -> str:
        """The report for a terminal."""
        lines = [self.verdict.value.upper(), *(f"  {reason}" for reason in self.reasons), ""]
        for layer in self.layers:
            lines += [f"{layer.kind.title}: {STATES[layer.state]}. {layer.said}"]
            if layer.state == "passed":
                lines += [f"    proves: {layer.kind.proves}", f"    does not prove: {layer.kind.not_proven}"]
        claimed = [CLAIMED] if self.verdict is Verdict.NOT_VALID else []
        lines += ["", *claimed, *(f"{name}: {value}" for name, value in self.facts)] if self.facts else []
        return "\n".join(lines).rstrip() + "\n"


def conclude(layers: Iterable[Layer], facts: Iterable[tuple[str, str]], remark: str = "") -> Report:
    """The report of these layers: not valid as soon as one fails, else not proven as soon as one is unproven.

    `remark` is said beside a valid verdict.
    """
    found = tuple(layers)
    failed = tuple(layer.said for layer in found if layer.failed)
    unproven = tuple(layer.said for layer in found if layer.state == "unproven")
    return Report(
        verdict=Verdict.NOT_VALID if failed else Verdict.NOT_PROVEN if unproven else Verdict.VALID,
        layers=found,
        reasons=failed or unproven or (remark,),
        facts=tuple((name, value) for name, value in facts if value),
    )


def with_layers(report: Report, more: Iterable[Layer]) -> Report:
    """The report with further layers, concluded anew."""
    added = tuple(more)
    if not added or report.verdict is Verdict.UNREADABLE:
        return report
    remark = report.reasons[0] if report.verdict is Verdict.VALID else ""
    return conclude([*report.layers, *added], report.facts, remark)


def unreadable(why: str) -> Report:
    """The report of a file that cannot be checked at all."""
    return Report(verdict=Verdict.UNREADABLE, layers=(), reasons=(why,))
