"""The parts of a stage: the folder that is applied at once, for one place and one step at a time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from decisions.advisor.pack.enrolment import Marking
from decisions.advisor.pack.helm import Release
from decisions.advisor.pack.manifests import Step
from decisions.advisor.pack.names import Place, Targets
from decisions.advisor.present import Present
from decisions.advisor.recommendation import Gate, Stage
from decisions.advisor.rollout import Change, Phase, Rollouts

Named = tuple[str, Change]
"""A change with the sheet it stands in."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """What is applied at once: `folder` is empty for the folder of the stage itself."""

    folder: str
    place: Place
    changes: tuple[Named, ...]

    @property
    def made(self) -> tuple[Change, ...]:
        """The changes by themselves."""
        return tuple(change for _, change in self.changes)

    def gates(self, stage: Stage) -> tuple[Gate, ...]:
        """The gates of the stage that watch these changes; all of them where none is named."""
        signals = {signal for one in self.made for signal in one.signals}
        return tuple(gate for gate in stage.gates if gate.id in signals) or stage.gates


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One part with what was made for it; `below` are the folders of the further parts of its stage."""

    stage: Stage
    part: Part
    releases: tuple[Release, ...]
    step: Step
    marking: Marking
    targets: Targets
    below: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    assumed: str = ""


def changes_of(stage: Stage, known: Rollouts) -> tuple[Named, ...]:
    """The changes that a stage's features name, as the sheets have them."""
    by_name = {(name, one.id): one for name, sheet in known.sheets.items() for one in sheet.changes}
    named = ((feature.sheet, by_name.get((feature.sheet, feature.id))) for feature in stage.features)
    return tuple((sheet, change) for sheet, change in named if change)


def parts_of(stage: Stage, changes: Sequence[Named], targets: Targets, present: Present) -> tuple[Part, ...]:
    """The parts in their order: the stage itself, then one namespace after the other.

    A namespace joins in one step and is closed in the next, so that nothing is refused before its pods were restarted
    and that was looked at.
    """
    widened = stage.id == Phase.WIDEN
    root = Part(folder="", place=targets.first, changes=() if widened else tuple(changes))
    if stage.id == "removal":
        places = enumerate((targets.first, *targets.further), 1)
        return (root, *(Part(folder=_folder(number, one), place=one, changes=()) for number, one in places))
    everywhere = [(sheet, one) for sheet, one in changes if one.everywhere and (widened or one.phase is Phase.FIX)]
    below = [
        part
        for number, place in enumerate(targets.further, 1)
        for part in _steps(_folder(number, place), place, everywhere, present)
    ]
    return (root, *below)


def _folder(number: int, place: Place) -> str:
    return f"{number:02d}-{place.namespace}"


def _steps(folder: str, place: Place, changes: Iterable[Named], present: Present) -> Iterator[Part]:
    """The steps of one namespace, without what stands there already."""
    here = [
        (sheet, one)
        for sheet, one in changes
        if not (one.in_place == "namespace" and present.runs(sheet) and present.carries(place.namespace))
    ]
    phases = [phase for phase in Phase if any(one.phase is phase for _, one in here)]
    for number, phase in enumerate(phases, 1):
        step = folder if phase is Phase.FIX else f"{folder}/{number}-{phase}"
        yield Part(folder=step, place=place, changes=tuple((sheet, one) for sheet, one in here if one.phase is phase))
