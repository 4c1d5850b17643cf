"""Errors as problem documents (RFC 9457): what is wrong, where, and what to do."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from decisions.advisor.case import CaseError
from decisions.membership import MembershipError
from decisions.models import ConflictError, KeptError

MEDIA = "application/problem+json"


class Problem(Exception):  # noqa: N818 - it is an answer to the client, not a fault
    """An answer that is none: the status, a sentence, and the places it speaks of."""

    def __init__(self, status: int, detail: str, errors: Sequence[Mapping[str, str]] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = list(errors)


def response(status: int, detail: str, errors: Sequence[Mapping[str, Any]] = ()) -> HttpResponse:
    """The problem document."""
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    body |= {"detail": detail} | ({"errors": list(errors)} if errors else {})
    return JsonResponse(body, status=status, content_type=MEDIA)


def install(api: NinjaAPI) -> None:
    """Every error that an operation may raise, as a problem."""

    @api.exception_handler(Problem)
    def problem(request: HttpRequest, error: Problem) -> HttpResponse:
        return response(error.status, error.detail, error.errors)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        found = [{"where": ".".join(str(part) for part in one["loc"]), "what": str(one["msg"])} for one in error.errors]
        return response(422, "The request does not have the form that openapi.json describes.", found)

    @api.exception_handler(CaseError)
    def no_case(request: HttpRequest, error: CaseError) -> HttpResponse:
        found = [{"where": one.path, "what": one.text} for one in error.problems]
        return response(422, "The case document cannot be used.", found)

    @api.exception_handler(ConflictError)
    def conflict(request: HttpRequest, error: ConflictError) -> HttpResponse:
        return response(409, str(error))

    @api.exception_handler(MembershipError)
    def member(request: HttpRequest, error: MembershipError) -> HttpResponse:
        return response(409, str(error))

    @api.exception_handler(KeptError)
    def kept(request: HttpRequest, error: KeptError) -> HttpResponse:
        return response(409, str(error.args[0]))

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return response(404, "There is nothing here that this token may see.")

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> HttpResponse:
        return response(error.status_code, str(error))
