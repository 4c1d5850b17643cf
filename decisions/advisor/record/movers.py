"""What moves an answer most that seldom stays: a sentence for the cover of a record."""

from decisions.advisor.case import Case
from decisions.advisor.catalog.sheets import Catalog
from decisions.advisor.recommendation import NONE_MEETS, Flip, Recommendation
from decisions.advisor.record.bars import lead_bars
from decisions.advisor.record.material import Material
from decisions.advisor.record.words import continued
from decisions.advisor.unknowns import unknowns
from decisions.advisor.wording import SHAKY


def moved_by(case: Case, material: Material) -> str:
    """What to find out first where the answer stays in few draws; empty where it stays.

    Draws answer what is open and draw every range whole. So it is an open answer that alone changes the answer, first
    one that leads to what wins most of the other draws; else the range that alone turns the lead round; else the
    nearest change.
    """
    answer = material.recommendation
    if answer.robustness is None or answer.robustness >= SHAKY:
        return ""
    changing = [one for one in answer.flips if one.changes_answer]
    if open_ := _open(case, material.catalog, answer, changing):
        return f"What moves it most is not answered yet. {_then(open_)}"
    lead = lead_bars(answer.ranking, material.prices)
    if lead and lead.rows[0].mark == "warn":
        return f"What moves it most is a range: {continued(lead.rows[0].title)}."
    return f"What moves it first: {_then(changing[0])}" if changing else ""


def _open(case: Case, catalog: Catalog, answer: Recommendation, changing: list[Flip]) -> Flip | None:
    """The open answer that alone changes the answer; where there are several, one to the strongest rival."""
    known = unknowns(case, catalog)
    open_ = [one for one in changing if {path for path, _ in one.answers} & known.keys() and _is_single(one)]
    strongest = answer.rivals[0].approach if answer.rivals else None
    return next((one for one in open_ if one.approach is strongest), next(iter(open_), None))


def _is_single(flip: Flip) -> bool:
    """Whether one question is answered otherwise; a wish that becomes a must-have has its evidence with it."""
    return len({tuple(path.split(".")[:2]) for path, _ in flip.answers}) == 1


def _then(flip: Flip) -> str:
    if flip.becomes.startswith(NONE_MEETS):
        return f"{flip.change}: then {flip.becomes[:1].lower()}{flip.becomes[1:]}."
    return f"{flip.change}: then the answer is {flip.becomes}."
