"""Why the next simpler option fell: a sentence for the cover of a record, which argues for the least that suffices."""

import re

from decisions.advisor.recommendation import Approach, Recommendation, Standing, Status
from decisions.advisor.record.material import requirement_noun
from decisions.advisor.record.words import composition, continued, listed

ORDER = list(Approach)
"""From the least to the most machinery."""
CLAUSE = re.compile(r"open: (.+?)\.(?= (?:A|No|No other) small measure |$)")
"""What a product says of the must-have it leaves open, before what small measures say."""
MEASURES = re.compile(r"(?i:no (?:other )?small measure closes it) \(.+\)(?=\.$)")
SHORT = 220
"""Letters of a clause that a cover has room for."""


def fell(recommendation: Recommendation) -> str:
    """What speaks against the nearest option with less machinery; empty where none is simpler, or where none fits."""
    best = recommendation.best
    simpler = [one for one in ORDER if ORDER.index(one) < ORDER.index(best.approach)]
    if not simpler or best.status is Status.RULED_OUT:
        return ""
    one = next((standing for standing in recommendation.ranking if standing.approach is simpler[-1]), None)
    return f"The next simpler option, {composition(one.approach, one.product_title)}, {_why(one)}" if one else ""


def _why(one: Standing) -> str:
    if one.musts_missed:
        return f"leaves {listed(map(requirement_noun, one.musts_missed))} open{_clause(one)}."
    if one.status is Status.RULED_OUT:
        return f"is ruled out: {continued(one.summary)}"
    if one.status is Status.STRAINED:
        return f"is strained: {continued(one.summary)}"
    return continued(one.summary)


def _clause(one: Standing) -> str:
    """Why it is open, where that is one and fits a cover: without a mesh by the small measures, else by the product."""
    if len(one.musts_missed) > 1:
        return ""
    said = next((each.because for each in one.reasons if each.requirement == one.musts_missed[0]), "")
    measures = MEASURES.search(said) if one.approach is Approach.NO_MESH else None
    if measures and len(measures[0]) <= SHORT:
        return f"; {continued(measures[0])}"
    found = CLAUSE.search(said)
    return f": {continued(found[1])}" if found and len(found[1]) <= SHORT else ""
