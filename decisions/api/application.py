"""The interface as a whole: its description, its errors, and its operations in one list."""

import functools
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from decisions.api import (
    advising,
    asking,
    carrying,
    connecting,
    deciding,
    keeping,
    measuring,
    organising,
    problems,
    proving,
    remarking,
    reviewing,
)
from decisions.api.caller import Token

DESCRIPTION = """
Send `Authorization: Bearer mesh_...` with a token of a service account; an administrator of your organisation makes
one. Errors are problem documents (RFC 9457). A change to a decision needs `If-Match` with the ETag that was read. A
POST with an `Idempotency-Key` is done once. Approving and rejecting are for people: a program cannot stand for a
decision.
"""


class Interface(NinjaAPI):
    """Our description says what Ninja's does not: problems have a media type of their own."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """OpenAPI 3.1; to be read, not changed: all requests of a process are answered from the same one."""
        return self.described(path_prefix or self.get_root_path(path_params or {}))

    @functools.lru_cache(maxsize=4)  # noqa: B019 - the one interface lives as long as the process; this takes a second
    def described(self, prefix: str) -> OpenAPISchema:
        """The description of the operations whose addresses begin with `prefix`."""
        schema = super().get_openapi_schema(path_prefix=prefix)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400 and "content" in answer:
                        answer["content"] = {problems.MEDIA: next(iter(answer["content"].values()))}
        return schema


api = Interface(
    title="MeshAdvisor",
    version="1",
    description=DESCRIPTION,
    auth=Token(),
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
)
problems.install(api)


ROUTERS = (
    *(remarking.router, reviewing.router, deciding.router),  # a file of a record is asked for by any other word
    *(measuring.router, advising.router, keeping.router, organising.router, connecting.router),
    *(carrying.router, proving.router, asking.router),
)
for one in ROUTERS:
    api.add_router("", one)


def addresses() -> tuple[list[Any], str, str]:
    """What is included under /api/v1/. The middleware that asks people to sign in leaves it to the token."""
    patterns, app, namespace = api.urls
    for one in patterns:
        if one.callback is not None:
            one.callback = login_not_required(one.callback)
    return patterns, app, namespace


@csrf_exempt  # tokens, not cookies
@login_not_required
def nothing_here(request: HttpRequest) -> HttpResponse:
    """An address under /api/ that is none."""
    return problems.response(404, "There is no such address in this interface; openapi.json lists those there are.")
