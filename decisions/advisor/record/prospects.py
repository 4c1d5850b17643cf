"""What comes after the decision: what would change it, in which stages it is carried out, what it leans on."""

from decisions.advisor.recommendation import Flip, Stage
from decisions.advisor.record.material import Material
from decisions.advisor.record.value import Block, Bullets, Facts, Paragraph, Section, Table, Text
from decisions.advisor.record.words import sentence


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
    return Section(id="flips", title="What Would Change This Answer", blocks=tuple(blocks))


def _flip(flip: Flip) -> Text:
    becomes = f"The answer becomes {flip.becomes}." if flip.changes_answer else "No change."
    detail = f" {sentence(flip.detail)}" if flip.detail else ""
    return Text(
        term=sentence(flip.change), text=f"{becomes}{detail}", mark="warn" if flip.changes_answer else "neutral"
    )


def plan(material: Material) -> Section | None:
    """The stages, each with its gate, the number at which to stop, and the way back."""
    if not material.recommendation.plan:
        return None
    opening = "Complexity comes in one stage at a time. Nobody starts a stage before the gate of the one before is met."
    return Section(
        id="plan",
        title="Incremental Plan",
        blocks=(Paragraph(text=Text(text=opening)),),
        sections=tuple(_stage(one) for one in material.recommendation.plan),
    )


def _stage(stage: Stage) -> Section:
    rows = tuple(
        Text(term=term, text=sentence(text))
        for term, text in (
            ("What", stage.what),
            ("Only because", stage.only_because),
            ("Gate", stage.gate),
            ("Stop when", stage.stop),
            ("Way back", stage.rollback),
            ("Proof", stage.proof),
        )
        if text
    )
    title = f"Stage {stage.number}: {stage.title}"
    return Section(id=f"stage-{stage.number}", title=title, blocks=(Facts(rows=rows),))


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
