"""Who calls: the token in the header, what it allows, and what a request needs before it may change something."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Status
from ninja.security import HttpBearer

from decisions.api.problems import Problem
from decisions.models import Decision, Membership, Organisation
from decisions.models.answers import KeptAnswer
from decisions.models.people import ADMINISTRATORS, AUTHORS, OVERSEERS, Role
from decisions.tokens import Bearer, Scope, TokenError, authenticate

LONGEST_KEY = 200


class Token(HttpBearer):
    """Authorization: Bearer mesh_... . The caller is `request.auth`, a `Bearer`."""

    openapi_bearerFormat = "mesh_..."  # noqa: N815 - Ninja's name

    def __call__(self, request: HttpRequest) -> Any:
        """The bearer; a header of another form is answered like a token that is not known."""
        return self.authenticate(request, request.headers.get("Authorization", ""))

    def authenticate(self, request: HttpRequest, token: str) -> Bearer:
        """The bearer. Raises Problem."""
        try:
            return authenticate(token, timezone.now())
        except TokenError as error:
            raise Problem(401, str(error)) from error


def caller(request: HttpRequest, scope: Scope) -> Bearer:
    """Who calls, when the token allows it. Raises Problem."""
    bearer: Bearer = request.auth  # type: ignore[attr-defined]  # set by Ninja
    if not bearer.allows(scope):
        raise Problem(403, f"This token does not have the scope “{scope}”. An administrator can make one that does.")
    return bearer


def decision_of(bearer: Bearer, organisation: str, number: str) -> Decision:
    """The decision, in the organisation of the token and the reach of its account. Raises Problem."""
    reached = Decision.objects.of(bearer.user).filter(organisation_id=bearer.organisation_id)
    found = reached.with_names().select_related("baseline")
    decision = found.filter(organisation__slug=organisation, number=number).first()
    if decision is None:
        raise Problem(404, "There is no decision here that this token may see.")
    return decision


def writable(bearer: Bearer, decision: Decision) -> Decision:
    """The decision, when the account may write to it. Raises Problem."""
    where = {"organisation": decision.organisation_id, "team": decision.team_id}
    if not Membership.objects.allows(bearer.user, AUTHORS, **where):
        raise Problem(403, f"The account of this token can read {decision.number}, but not change it.")
    return decision


def overseen(bearer: Bearer, roles: tuple[Role, ...] = OVERSEERS) -> Organisation:
    """The organisation of the token, when the account administers or audits all of it. Raises Problem."""
    if not Membership.objects.oversees(bearer.user, roles, bearer.organisation_id):
        who = "administrator" if roles == ADMINISTRATORS else "administrator or auditor"
        raise Problem(403, f"The account of this token is no {who} of the organisation.")
    return Organisation.objects.get(pk=bearer.organisation_id)


def administered(bearer: Bearer) -> Organisation:
    """The organisation of the token, when the account administers all of it. Raises Problem."""
    return overseen(bearer, ADMINISTRATORS)


def etag(decision: Decision) -> str:
    """The entity tag: the version that every change counts up."""
    return f'"{decision.version}"'


def matched(request: HttpRequest, decision: Decision) -> Decision:
    """The decision, when If-Match names the version it has. Raises Problem."""
    named_tag(request, etag(decision), f"{decision.number} was")
    return decision


def named_tag(request: HttpRequest, tag: str, what: str) -> None:
    """Nothing, when If-Match names the tag; `what` begins the sentence otherwise. Raises Problem."""
    given = request.headers.get("If-Match")
    if given is None:
        raise Problem(428, "Send If-Match with the ETag that you read, so that nobody's change is lost.")
    if tag not in {one.strip() for one in given.split(",")}:
        raise Problem(412, f"{what} changed since you read it. Read it again, then repeat the change.")


def once(operation: Callable[..., Status[Any]]) -> Callable[..., Status[Any]]:
    """Do an operation once for one Idempotency-Key: its answer is kept and given again for a day.

    The same key with another body is refused. Without the header the operation is done each time.
    """

    @wraps(operation)
    def wrapper(request: HttpRequest, *rest: Any, **named: Any) -> Status[Any]:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return operation(request, *rest, **named)
        if len(key) > LONGEST_KEY:
            raise Problem(400, f"The Idempotency-Key is longer than {LONGEST_KEY} characters.")
        bearer: Bearer = request.auth  # type: ignore[attr-defined]  # set by Ninja
        digest = _digest(request)
        kept, fresh = KeptAnswer.objects.get_or_create(
            user=bearer.user, key=key, defaults={"request": digest, "created_at": timezone.now()}
        )
        if not fresh:
            return _again(kept, digest)
        try:
            answer = operation(request, *rest, **named)
        except BaseException:
            kept.delete()  # nothing was done: the key can be used again
            raise
        body = answer.value.model_dump(mode="json")
        KeptAnswer.objects.filter(pk=kept.pk).update(status=answer.status_code, body=body)
        return answer

    return wrapper


def _again(kept: KeptAnswer, digest: str) -> Status[Any]:
    if kept.request != digest:
        raise Problem(422, "This Idempotency-Key was used for another request. Choose a new one.")
    if not kept.status:
        raise Problem(409, "A request with this Idempotency-Key is being answered. Try again in a moment.")
    return Status(kept.status, kept.body)


def _digest(request: HttpRequest) -> str:
    if request.content_type == "multipart/form-data":
        files = [hashlib.sha256(one.read()).hexdigest() for one in request.FILES.getlist("file")]
        for one in request.FILES.getlist("file"):
            one.seek(0)
        said = json.dumps(files)
    else:
        said = hashlib.sha256(request.body).hexdigest()
    return hashlib.sha256(f"{request.method} {request.get_full_path()} {said}".encode()).hexdigest()
