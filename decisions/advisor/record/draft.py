"""Drafts the record: the order of its sections, the brief on its cover and the inputs it stands on."""

from collections.abc import Callable, Sequence

from decisions.advisor import case as cases
from decisions.advisor.burden import prices
from decisions.advisor.catalog.sheets import Catalog
from decisions.advisor.policy import under
from decisions.advisor.recommendation import Recommendation
from decisions.advisor.record import closing, drivers, figures, options, prospects
from decisions.advisor.record.material import Material
from decisions.advisor.record.movers import moved_by
from decisions.advisor.record.plain import canonical, digest, inputs_digest, plain
from decisions.advisor.record.simpler import fell
from decisions.advisor.record.value import About, Inputs, Measured, Record, Section, Text
from decisions.advisor.record.words import between, composition

SECTIONS: tuple[Callable[[Material], Section | None], ...] = (
    drivers.problem,
    drivers.drivers,
    options.considered,
    options.outcome,
    options.pros_and_cons,
    figures.baseline,
    figures.overhead,
    figures.cost,
    prospects.flips,
    prospects.plan,
    prospects.assumptions,
    closing.more_information,
    closing.answers,
)
"""The sections in reading order: those of MADR 4 keep its order and names. None leaves a section out."""


def draft(
    case: cases.Case,
    recommendation: Recommendation,
    catalog: Catalog,
    about: About,
    *,
    measurements: Sequence[Measured] = (),
) -> Record:
    """The record of one decision. The same arguments give an equal record, and equal canonical bytes.

    Raises RecordError for a recommendation with infinite numbers.
    """
    answer = plain(recommendation)  # first: it refuses numbers that no sentence could say either
    inputs = _inputs(case, recommendation)
    material = Material(
        case=inputs.case,
        recommendation=recommendation,
        catalog=catalog,
        about=about,
        measurements=tuple(measurements),
        inputs=inputs,
        prices=prices(case, under(case.policy, catalog)),
    )
    sections = tuple(section for write in SECTIONS if (section := write(material)) is not None)
    return Record(
        about=about,
        brief=_brief(recommendation, moved_by(case, material)),
        inputs=inputs,
        recommendation=answer,
        sections=sections,
        sources=material.notes.sources,
        measurements=tuple(measurements),
    )


def _inputs(case: cases.Case, recommendation: Recommendation) -> Inputs:
    given = cases.write(case)
    case_sha256 = digest(canonical(given))
    catalogue, engine = recommendation.catalogue_version, recommendation.engine_version
    return Inputs(
        case=given,
        case_sha256=case_sha256,
        catalogue_version=catalogue,
        engine_version=engine,
        digest=inputs_digest(case_sha256, catalogue, engine),
    )


def _brief(recommendation: Recommendation, moved: str) -> tuple[Text, ...]:
    best = recommendation.best
    chosen = composition(recommendation.approach, recommendation.product_title, recommendation.add_ons)
    musts = len(best.musts_met) + len(best.musts_missed)
    sure = recommendation.confidence.value.capitalize()
    return (
        Text(term="Recommended", text=chosen),
        Text(term="Why", text=f"{recommendation.headline} {fell(recommendation)}".strip()),
        Text(term="Next step", text=recommendation.next_step),
        Text(term="Must-haves met", text=f"{len(best.musts_met)} of {musts}"),
        Text(term="Effort to run", text=between(best.hours_per_month, "hours a month")),
        Text(term="Confidence", text=f"{sure}. {moved}" if moved else sure),
    )
