"""The page about the interface: how a program calls it, commands to type, and every operation."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from decisions.api.application import api
from decisions.tokens import SCOPES


@dataclass(frozen=True, kw_only=True)
class Example:
    """A command as somebody types it. TOKEN and SITE are variables of the shell; a test types all of them in order."""

    title: str
    command: str


EXAMPLES = (
    Example(
        title="List what is accepted, ten at a time",
        command="""curl --fail-with-body -sS "$SITE/api/v1/decisions?status=accepted&limit=10" \\
  -H "Authorization: Bearer $TOKEN\"""",
    ),
    Example(
        title="Start a draft, once however often it is sent",
        command="""curl --fail-with-body -sS "$SITE/api/v1/decisions" \\
  -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" -H "Idempotency-Key: cluster-7" \\
  -d '{"title": "East-west traffic", "team": "Payments", "system": "prod-eu"}'""",
    ),
    Example(
        title="Read it and keep its ETag, then answer two questions",
        command="""TAG=$(curl --fail -sS "$SITE/api/v1/decisions/nordlicht/DR-0001" -o draft.json -w '%header{etag}' \\
  -H "Authorization: Bearer $TOKEN")
curl --fail-with-body -sS -X PATCH "$SITE/api/v1/decisions/nordlicht/DR-0001/answers" \\
  -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" -H "If-Match: $TAG" \\
  -d '{"answers": {"baseline.pods": 400, "baseline.p99_ms": 38}}'""",
    ),
    Example(
        title="Send last night's load test as a baseline of a system",
        command="""SYSTEM=$(curl --fail -sS "$SITE/api/v1/systems" -H "Authorization: Bearer $TOKEN" \\
  | python3 -c 'import json, sys; print(json.load(sys.stdin)["items"][0]["id"])')
curl --fail-with-body -sS "$SITE/api/v1/systems/$SYSTEM/baselines" \\
  -H "Authorization: Bearer $TOKEN" -F file=@nightly.txt""",
    ),
    Example(
        title="Ask for a recommendation without keeping anything",
        command="""curl --fail-with-body -sS "$SITE/api/v1/advice" \\
  -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
  -d '{"case": {"schema": "meshadvisor-case/1", "title": "Try", "context": {}}}'""",
    ),
    Example(
        title="The stages of a roll-out, and its files in one zip",
        command="""curl --fail -sS "$SITE/api/v1/decisions/nordlicht/DR-0001/rollout.zip" -o rollout.zip \\
  -H "Authorization: Bearer $TOKEN"
curl --fail-with-body -sS "$SITE/api/v1/decisions/nordlicht/DR-0001/plan" -H "Authorization: Bearer $TOKEN\"""",
    ),
    Example(
        title="Reviews that are overdue, or due within 30 days",
        command="""curl --fail-with-body -sS "$SITE/api/v1/due?within=30" -H "Authorization: Bearer $TOKEN\"""",
    ),
    Example(
        title="Have every accepted decision judged again after an update of the catalogue",
        command="""curl --fail-with-body -sS -X POST "$SITE/api/v1/reassessments" -H "Authorization: Bearer $TOKEN\"""",
    ),
)


@require_safe
@login_not_required
def interface(request: HttpRequest) -> HttpResponse:
    """Nothing on it is about anybody's decisions, so no sign-in is asked for."""
    context = {
        "examples": EXAMPLES,
        "scopes": [(scope.value, text) for scope, text in SCOPES.items()],
        "groups": operations(),
        "site": request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "interface/interface.html", context)


def operations() -> list[tuple[str, list[dict[str, str]]]]:
    """Every operation by its subject, as openapi.json describes it."""
    groups: dict[str, list[dict[str, str]]] = {}
    paths: dict[str, dict[str, Any]] = api.get_openapi_schema()["paths"]
    for path, methods in paths.items():
        for method, one in methods.items():
            row = {
                "method": method.upper(),
                "path": path,
                "says": one["summary"],
                "more": one.get("description", "").replace("`", ""),
            }
            groups.setdefault(one["tags"][0], []).append(row)
    return [(tag.capitalize(), rows) for tag, rows in groups.items()]
