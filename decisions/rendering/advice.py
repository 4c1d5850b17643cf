"""A recommendation without a record: as text for a terminal, as Markdown to keep, as JSON for programs."""

import json
from collections.abc import Mapping

from decisions.advisor.case import Case
from decisions.advisor.catalog import Catalog
from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import Recommendation, Standing
from decisions.advisor.record import About, Record, document, draft
from decisions.advisor.record.plain import rounded
from decisions.rendering import markdown, text

SAID_IN_A_TERMINAL = ("outcome", "options", "pros-and-cons", "overhead", "cost", "flips", "plan", "assumptions")
"""Sections of the record that somebody at a terminal asked for; the rest repeats what they typed."""


def advice_text(case: Case, recommendation: Recommendation, catalog: Catalog) -> str:
    """What a terminal shows: the answer first, then why, what it costs, and what would change it."""
    record = _unfiled(case, recommendation, catalog)
    sections = {section.id: section for section in record.sections}
    return text.summary(record, [sections[one] for one in SAID_IN_A_TERMINAL if one in sections])


def advice_markdown(case: Case, recommendation: Recommendation, catalog: Catalog) -> str:
    """The Markdown of the record that would be filed for this case now."""
    return markdown.render(document(_unfiled(case, recommendation, catalog)))


def advice_json(case: Case, recommendation: Recommendation, catalog: Catalog) -> str:
    """`advice_document` as JSON text."""
    return json.dumps(advice_document(recommendation), indent=2, ensure_ascii=False)


def advice_document(recommendation: Recommendation) -> dict[str, object]:
    """The answer in plain JSON types, as documented for programs."""
    return {
        "recommended": {
            "approach": recommendation.approach.value,
            "product": recommendation.product,
            "add_ons": [one.id for one in recommendation.add_ons],
            "confidence": recommendation.confidence.value,
            "next_step": recommendation.next_step,
        },
        "ranking": [_standing(one) for one in recommendation.ranking],
        "demoted": [
            {"requirement": one.requirement, "because": one.because} for one in recommendation.demoted if not one.kept
        ],
        "assumptions": [one.text for one in recommendation.assumptions],
        "flips": [{"change": one.change, "becomes": one.becomes} for one in recommendation.flips],
        "plan": [{"stage": one.title, "gate": one.gate, "rollback": one.rollback} for one in recommendation.plan],
        "catalogue_version": recommendation.catalogue_version,
        "engine_version": recommendation.engine_version,
    }


def _unfiled(case: Case, recommendation: Recommendation, catalog: Catalog) -> Record:
    return draft(case, recommendation, catalog, About(title=case.title))


def _standing(standing: Standing) -> Mapping[str, object]:
    return {
        "approach": standing.approach.value,
        "product": standing.product,
        "add_ons": [one.id for one in standing.add_ons],
        "status": standing.status.value,
        "musts_met": list(standing.musts_met),
        "musts_missed": list(standing.musts_missed),
        "nice_met": list(standing.nice_met),
        "reasons": [
            {
                "rule": one.rule,
                "verdict": one.verdict.value,
                "because": one.because,
                "source": "; ".join(source.text for source in one.sources),
            }
            for one in standing.reasons
        ],
        "overhead": {
            "cpu_vcpu": _range(standing.overhead.cpu_vcpu),
            "memory_gib": _range(standing.overhead.memory_gib),
            "p99_ms": _range(standing.overhead.p99_ms),
        },
        "hours_per_month": _range(standing.hours_per_month),
        "money_per_month": _range(standing.money_per_month),
    }


def _range(quantity: Range) -> dict[str, float]:
    return {"low": rounded(quantity.low), "likely": rounded(quantity.likely), "high": rounded(quantity.high)}
