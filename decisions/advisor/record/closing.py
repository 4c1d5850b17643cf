"""The last sections of a record: what it is filed under, what it was computed from, and the answers as given."""

from collections.abc import Mapping

from decisions.advisor.measures import cited
from decisions.advisor.recommendation import Approach
from decisions.advisor.record.labels import flattened, label, value
from decisions.advisor.record.material import Material
from decisions.advisor.record.value import Block, Bullets, Facts, Paragraph, Section, Text
from decisions.advisor.record.words import sentence

ANSWERED_SECTIONS = (
    ("context", "Circumstances"),
    ("operations", "Operations"),
    ("budget", "Limits"),
    ("plan", "Roll-out"),
)
"""Sections of the case document listed at the end; requirements and baseline have sections of their own."""


def more_information(material: Material) -> Section:
    """What was looked at in the catalogue, how complete the answers are, and the digest of the inputs."""
    answer, about = material.recommendation, material.about
    items = [Text(term="Answered:", text=f"{answer.answered} of {answer.asked} questions that apply.")]
    if about.supersedes:
        items.append(Text(term="Supersedes:", text=f"{', '.join(about.supersedes)}."))
    items += _again(material)
    items += _settled(material)
    product = material.catalog.products.get(answer.product)
    if product is not None:
        version = f"version {product.version}, " if product.version else ""
        text = f"{product.title}, {version}checked on {product.checked}."
        items.append(Text(term="Catalogue sheet:", text=text))
    for add_on in answer.add_ons:
        known = material.catalog.add_ons.get(add_on.id)
        if known is not None:
            sheet = cited(material.text("baseline.cni"), material.catalog, known)
            weak = f" {sentence(sheet.weak)}" if sheet.weak else ""
            text = f"{sentence(sheet.what)}{weak} Checked on {sheet.checked}."
            items.append(material.noted(text, (sheet.source,), f"{sheet.title}:"))
    return Section(
        id="more-information",
        title="More Information",
        blocks=(Bullets(items=tuple(items)),),
        sections=(_inputs(material),),
    )


def _events(given: object) -> str:
    """What re-opens a decision, within a sentence; an event may hold an "or" of its own."""
    said = [value("plan.reopen_events", one) for one in given] if isinstance(given, list | tuple) else []
    what = "; ".join(one[:1].lower() + one[1:] for one in said)
    return f"when one of these happens: {what}" if len(said) > 1 else f"when this happens: {what}" if said else ""


def _again(material: Material) -> list[Text]:
    items = []
    review, events = material.text("plan.review_date"), material.section("plan").get("reopen_events")
    if review or events:
        by = [
            f"on {review}" if review else "",
            _events(events),
        ]
        items.append(Text(term="To be looked at again:", text=sentence(", and ".join(part for part in by if part))))
    people = [
        f"{name}, {label(path).lower()}"
        for path in ("plan.owner", "plan.reviewer", "plan.approver")
        if (name := material.text(path))
    ]
    if people:
        items.append(Text(term="People:", text=f"{'; '.join(people)}."))
    source = material.case.get("source")
    if isinstance(source, str | Mapping):
        said = source if isinstance(source, str) else ", ".join(str(part) for part in source.values())
        items.append(Text(term="Source of the case:", text=sentence(said)))
    return items


def _settled(material: Material) -> list[Text]:
    """What the organisation has settled for all its decisions, where it differs from the catalogue."""
    policy = material.section("policy")
    kinds, banned, planning = (policy.get(key) for key in ("accepted_evidence", "not_allowed", "planning"))
    said = []
    if isinstance(kinds, list):
        said.append(f"Evidence for must-haves: {', '.join(map(str, kinds)) or 'none'}.")
    if isinstance(banned, Mapping):
        said += [f"{Approach(key).title} is not allowed: {sentence(str(why))}" for key, why in banned.items()]
    if isinstance(planning, Mapping):
        names = ", ".join(key.replace("_", " ") for key in planning)
        said.append(f"Planning values of its own: {names}.")
    return [Text(term="Settled by the organisation:", text=" ".join(said))] if said else []


def _inputs(material: Material) -> Section:
    inputs = material.inputs
    text = (
        "The answer depends on the case document, the catalogue and the engine, and on nothing else. The same three "
        "give the same record, byte for byte. The case document is part of record.json."
    )
    day, filed = inputs.catalogue_version[:10], material.about.date[:10]
    if filed and day > filed:
        text += f" The catalogue is of {day}: it is younger than this record, which bears the date {filed}."
    rows = (
        Text(term="Inputs, SHA-256", text=inputs.digest),
        Text(term="Case document, SHA-256", text=inputs.case_sha256),
        Text(term="Catalogue", text=inputs.catalogue_version),
        Text(term="Engine", text=inputs.engine_version),
    )
    return Section(
        id="inputs",
        title="Inputs Digest",
        blocks=(Paragraph(text=Text(text=text)), Facts(rows=rows, exact=True)),
    )


def answers(material: Material) -> Section | None:
    """Answers as given that no other section lists, and what was remarked beside them."""
    blocks: list[Block] = []
    for name, caption in ANSWERED_SECTIONS:
        rows = tuple(
            Text(term=label(path), text=f"{value(path, given)}{material.origin(path)}")
            for path, given in flattened(material.section(name), name)
        )
        if rows:
            blocks.append(Facts(caption=caption, rows=rows))
    comments = material.section("comments")
    if comments:
        rows = tuple(Text(term=label(path), text=str(comment)) for path, comment in comments.items())
        blocks.append(Facts(caption="Remarks", rows=rows))
    return Section(id="answers", title="Answers as Given", blocks=tuple(blocks)) if blocks else None
