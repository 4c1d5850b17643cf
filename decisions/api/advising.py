"""Advice without keeping anything: a case document in, the recommendation out."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from decisions.advice import advise
from decisions.advisor.case import read, write
from decisions.api.caller import caller
from decisions.api.shapes import REFUSALS
from decisions.rendering.advice import advice_document
from decisions.tokens import Scope

router = Router(tags=["advice"])


class CaseIn(Schema):
    """A case document, schema meshadvisor-case/1."""

    case: dict[str, Any]


class AdviceOut(Schema):
    """What `meshadvisor advise --format json` prints."""

    recommended: dict[str, Any]
    ranking: list[dict[str, Any]]
    demoted: list[dict[str, Any]]
    assumptions: list[Any]
    flips: list[dict[str, Any]]
    plan: list[dict[str, Any]]
    catalogue_version: str
    engine_version: str


@router.post("/advice", response={200: AdviceOut, **REFUSALS}, summary="Recommend for a case")
def advice(request: HttpRequest, given: CaseIn) -> AdviceOut:
    """The same as the command line, under the catalogue of this instance. Nothing is kept."""
    caller(request, Scope.READ)
    return AdviceOut.model_validate(advice_document(advise(write(read(given.case))).recommendation))
