"""What comes after the decision: what would change it, in which stages it is carried out, what it leans on."""

from collections.abc import Iterator

from decisions.advisor.recommendation import NONE_MEETS, Flip, Stage
from decisions.advisor.record.bars import lead_bars
from decisions.advisor.record.material import Material
from decisions.advisor.record.value import Block, Bullets, Facts, Paragraph, Section, Table, Text
from decisions.advisor.record.words import sentence, stages_named


def flips(material: Material) -> Section:
    """The smallest changes of answers or measurements that change the answer, and those that do not."""
    changing = [one for one in material.recommendation.flips if one.changes_answer]
    staying = [one for one in material.recommendation.flips if not one.changes_answer]
    blocks: list[Block] = []
    if changing:
        opening = "Each of these was tried by changing the one answer and asking again."
        blocks += [Paragraph(text=Text(text=opening)), Bullets(items=tuple(_flip(one) for one in changing))]
    else:
        text = "No single answer that was tried would change the recommendation."
        blocks.append(Paragraph(text=Text(text=text)))
    if staying:
        blocks.append(Paragraph(text=Text(text="These were tried too and leave the answer as it is:")))
        blocks.append(Bullets(items=tuple(_flip(one) for one in staying)))
    if lead := lead_bars(material.recommendation.ranking, material.prices):
        opening = (
            "Hours decide here: this is the lead of the answer, CPU and memory counted in hours at "
            "their price, with one input at a time at either end of its range. A bar that crosses the line names what "
            "to find out first."
        )
        blocks += [Paragraph(text=Text(text=opening)), lead]
    return Section(id="flips", title="What Would Change This Answer", blocks=tuple(blocks))


def _flip(flip: Flip) -> Text:
    becomes = f"The answer becomes {flip.becomes}." if flip.changes_answer else "No change."
    if flip.becomes.startswith(NONE_MEETS):
        becomes = sentence(flip.becomes)
    detail = f" {sentence(flip.detail)}" if flip.detail else ""
    return Text(
        term=sentence(flip.change), text=f"{becomes}{detail}", mark="warn" if flip.changes_answer else "neutral"
    )


STAGE_FIELDS = (
    ("What", "what"),
    ("Only because", "only_because"),
    ("Gate", "gate"),
    ("Stop when", "stop"),
    ("Way back", "rollback"),
    ("Going back takes", "rollback_takes"),
    ("Proof", "proof"),
)
SAID_ONCE_FROM = 3
"""A sentence that this many stages share is said once for all of them."""


def plan(material: Material) -> Section | None:
    """The stages, each with its gate, the number at which to stop, and the way back."""
    stages = material.recommendation.plan
    if not stages:
        return None
    opening = "Complexity comes in one stage at a time. Nobody starts a stage before the gate of the one before is met."
    blocks: list[Block] = [Paragraph(text=Text(text=opening))]
    changes = material.text("plan.stage_changes")
    if changes:
        blocks.append(Paragraph(text=Text(term="What the team changes in these stages:", text=sentence(changes))))
    shared = _shared(stages)
    if shared:
        rows = tuple(
            Text(term=f"{name}, {stages_named(numbers)}", text=sentence(text))
            for (name, text), numbers in shared.items()
        )
        blocks.append(Facts(caption="The same in several stages", rows=rows))
    sections = tuple(_stage(one, {key for key, numbers in shared.items() if one.number in numbers}) for one in stages)
    return Section(id="plan", title="Incremental Plan", blocks=tuple(blocks), sections=sections)


def _shared(stages: tuple[Stage, ...]) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = {}
    for name, field in STAGE_FIELDS:
        for stage in stages:
            if getattr(stage, field) and field != "rollback_takes":  # a word or two: shorter where it stands
                found.setdefault((name, getattr(stage, field)), []).append(stage.number)
    return {key: numbers for key, numbers in found.items() if len(numbers) >= SAID_ONCE_FROM}


def _stage(stage: Stage, shared: set[tuple[str, str]]) -> Section:
    before = [Text(term="Before", text=" ".join(sentence(one) for one in stage.prerequisites))]
    rows = (
        *(before if stage.prerequisites else ()),
        *(
            Text(
                term=f"{name}, in the team's words" if field in stage.changed else name,
                text=sentence(getattr(stage, field)),
            )
            for name, field in STAGE_FIELDS
            if getattr(stage, field) and (name, getattr(stage, field)) not in shared
        ),
    )
    rows += tuple(_set_by_the_team(stage))
    title = f"Stage {stage.number}: {stage.title}"
    return Section(id=f"stage-{stage.number}", title=title, blocks=(Facts(rows=rows),) if rows else ())


def _set_by_the_team(stage: Stage) -> Iterator[Text]:
    """Who decides, limits and the place, where the team chose other ones than were generated."""
    if "decides" in stage.changed:
        yield Text(term="Who decides, in the team's words", text=sentence(stage.decides))
    if "limits" in stage.changed:
        said = "; ".join(
            f"{gate.metric} {gate.comparison} {gate.threshold:,.10g} {gate.unit}"
            for gate in stage.gates
            if gate.threshold is not None
        )
        yield Text(term="Limits, set by the team", text=sentence(said))
    if "place" in stage.changed:
        yield Text(term="Its place", text="The team chose where this stage stands among the small measures.")


def assumptions(material: Material) -> Section:
    """What is not known and who finds it out."""
    found = material.recommendation.assumptions
    if not found:
        text = "The answer leans on nothing that was left open."
        return Section(id="assumptions", title="Assumptions", blocks=(Paragraph(text=Text(text=text)),))
    rows = tuple(
        (Text(text=str(number)), Text(text=sentence(one.text)), Text(text=one.owner or "nobody yet"))
        for number, one in enumerate(found, start=1)
    )
    opening = "The answer leans on these. Whoever owns one finds out; a different finding may change the answer."
    table = Table(
        caption="Assumptions and who checks them",
        head=("No.", "Assumption", "Owner"),
        rows=rows,
        widths=(8, 64, 28),
    )
    return Section(id="assumptions", title="Assumptions", blocks=(Paragraph(text=Text(text=opening)), table))
