"""What nobody knows yet and what it could be: the answers of questions that have a known set of them."""

from collections.abc import Iterator, Mapping

from decisions.advisor.case import Case, Need, get, with_answer
from decisions.advisor.catalog import Catalog
from decisions.advisor.questions import FIELDS, Kind
from decisions.advisor.requirements import REQUIREMENTS
from decisions.advisor.setting import cni_encrypts

SECTIONS = ("context.", "operations.")
"""Sections whose choices describe the system and the team; the plan's do not change what is recommended."""
ANOTHER = "another CNI"
Answers = tuple[tuple[str, object], ...]


def unknowns(case: Case, catalog: Catalog) -> Mapping[str, tuple[Answers, ...]]:
    """By path, the answers that an open question could have, each as likely as any other (a planning rule).

    Questions with choices that apply and were not answered, or answered "not sure"; a requirement that somebody is not
    sure about, which is needed or not; and a CNI that nobody named, one of the catalogue's or another.
    """
    return dict((*_choices(case, catalog), *_needs(case), *_cni(case, catalog)))


def is_known(case: Case, catalog: Catalog, path: str) -> bool:
    """Whether a question that nobody answered is answered by what else is known: by the CNI, whether it encrypts."""
    return path == "context.cni_can_encrypt" and get(case, path) is None and cni_encrypts(case, catalog)


def answered_with(case: Case, answers: Answers) -> Case:
    """The case with these answers."""
    for path, value in answers:
        case = with_answer(case, path, value)
    return case


def _choices(case: Case, catalog: Catalog) -> Iterator[tuple[str, tuple[Answers, ...]]]:
    for path, one in FIELDS.items():
        open_ = path.startswith(SECTIONS) and one.kind is Kind.CHOICE and get(case, path) is None
        if open_ and one.when(case) and not is_known(case, catalog, path):
            yield path, tuple(((path, value),) for value, _ in one.choices)


def _needs(case: Case) -> Iterator[tuple[str, tuple[Answers, ...]]]:
    for one in REQUIREMENTS:
        path = f"requirements.{one.id}"
        if case.answer(one.id).need is Need.NOT_SURE:
            needed = ((f"{path}.need", Need.MUST.value), (f"{path}.evidence.kind", "policy"))
            yield f"{path}.need", (needed, ((f"{path}.need", Need.NOT_NEEDED.value),))


def _cni(case: Case, catalog: Catalog) -> Iterator[tuple[str, tuple[Answers, ...]]]:
    """The CNIs that products are part of, and one that none is; who says that it can encrypt has one of the former."""
    if case.baseline.cni:
        return
    names = sorted({cni for product in catalog.products.values() for cni in product.constraints.cni})
    kinds = names if case.context.cni_can_encrypt == "yes" else [*names, ANOTHER]
    yield "baseline.cni", tuple((("baseline.cni", name),) for name in kinds)
