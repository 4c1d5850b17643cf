"""A Prometheus server: asked one question at a time, within its limits; what it answers otherwise becomes advice.

Only three of its addresses are used: label values, query and query_range. `/api/v1/status/config` and the targets
are never asked for, because they can hold secrets.
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from decisions.intake.sources import SOURCES, Metrics
from decisions.outbound import Credentials, Late, Place, Response, TooLarge, ask

# The server gives up on its own before we do, so that nothing goes on running there.
SERVER_SECONDS = "8s"
_METHOD_NOT_ALLOWED = 405


class Unusable(Exception):  # noqa: N818 - it is what the connection is, and its text is shown to the user
    """No question gets an answer here; the text says what to change."""


class Unanswered(Exception):  # noqa: N818 - it is what the question is, and its text is shown to the user
    """This question has no answer, others may; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A source of request metrics that is there. `latency` is whether it has a histogram, `native` which kind."""

    source: str
    native: bool = False
    latency: bool = True


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where to ask, and as whom. `tenant` goes into X-Scope-OrgID (Mimir, Cortex, Thanos receive)."""

    place: Place
    credentials: Credentials = Credentials()
    tenant: str = ""

    def sources(self, start: dt.datetime, end: dt.datetime) -> list[Found]:
        """The sources that have series in the window, in the order of SOURCES. Raises as `values` does."""
        names = self.names(start, end)
        found = [_found(source, metrics, names) for source, metrics in SOURCES.items()]
        present = [one for one in found if one]
        # Some differ only in what they select: whether it is there is a question of its own.
        return [one for one in present if not SOURCES[one.source].only or self._selects(one, end)]

    def names(self, start: dt.datetime, end: dt.datetime) -> set[str]:
        """Which of the metrics that any source uses have series in the window."""
        wanted = sorted({name for one in SOURCES.values() for name in (one.counter, one.histogram, one.buckets)})
        question = {"match[]": f'{{__name__=~"{"|".join(wanted)}"}}', "start": _seconds(start), "end": _seconds(end)}
        document = _document(self._get("label/__name__/values", question))
        names = document.get("data")
        return {name for name in names if name in wanted} if isinstance(names, list) else set()

    def _selects(self, found: Found, moment: dt.datetime) -> bool:
        metrics = SOURCES[found.source]
        name = metrics.histogram if found.native else metrics.counter
        query = f"count({name}{{{metrics.only}}})"
        document = _document(self._post("query", {"query": query, "time": _seconds(moment)}))
        data = document.get("data")
        return isinstance(data, dict) and bool(data.get("result"))

    def values(self, query: str, start: dt.datetime, end: dt.datetime, step_s: int) -> bytes:
        """The answer of a range query, as it came.

        Raises Unanswered, Unusable, and Unreachable or Forbidden of the connection.
        """
        question = {"query": query, "start": _seconds(start), "end": _seconds(end), "step": str(step_s)}
        try:
            response = self._post("query_range", question)
        except (Late, TooLarge) as error:
            raise Unanswered(f"{error} Choose a shorter window.") from error
        _document(response)
        return response.body

    def _post(self, what: str, question: dict[str, str]) -> Response:
        """Long queries go in a form; where a proxy lets only GET through, in the address."""
        question |= {"timeout": SERVER_SECONDS}
        address = f"{self.place.address}/api/v1/{what}"
        response = ask("POST", address, credentials=self.credentials, headers=self._headers(), data=question)
        return self._get(what, question) if response.status == _METHOD_NOT_ALLOWED else response

    def _get(self, what: str, question: dict[str, str]) -> Response:
        address = f"{self.place.address}/api/v1/{what}?{urlencode(question)}"
        return ask("GET", address, credentials=self.credentials, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Accept": "application/json"} | ({"X-Scope-OrgID": self.tenant} if self.tenant else {})


def _found(source: str, metrics: Metrics, names: set[str]) -> Found | None:
    if metrics.counter in names:
        native = metrics.buckets not in names and metrics.histogram in names
        return Found(source=source, native=native, latency=native or metrics.buckets in names)
    # A native histogram has no counter of its own beside it.
    counts_itself = metrics.counter == f"{metrics.histogram}_count"
    if counts_itself and metrics.histogram in names and metrics.buckets not in names:
        return Found(source=source, native=True)
    return None


def _seconds(moment: dt.datetime) -> str:
    return f"{moment.timestamp():.3f}"


_ADVICE = {
    401: "Prometheus does not accept these credentials (401). Add the connection again with others.",
    403: "This user may not ask here (403). Whoever runs Prometheus can grant reading of its query API.",
    404: "There is no Prometheus at this address (404). Often a path is missing, such as /prometheus, or the one of a "
    "proxy.",
    405: "The server lets neither POST nor GET through (405). Ask whoever runs the proxy before it.",
    429: "The server has too much to do (429). Try again later.",
}
_PROXY = (502, 503, 504)
_QUESTION = {
    "bad_data": "Prometheus does not understand the question",
    "execution": "The question was too heavy or ambiguous; a shorter window may help",
    "timeout": "It took Prometheus too long; a shorter window may help",
    "canceled": "Prometheus broke off",
    "unavailable": "Prometheus is not ready",
    "internal": "Prometheus has a fault",
}


def _document(response: Response) -> dict[str, Any]:
    """The answer as JSON. Raises Unusable or Unanswered for everything that is no success."""
    document = _parsed(response)
    if document is None:
        raise Unusable(_no_json(response))
    if document.get("status") == "success" and response.status == 200:
        return document
    kind, text = str(document.get("errorType", ""))[:40], str(document.get("error", ""))[:200]
    if response.status in _ADVICE:
        raise Unusable(_ADVICE[response.status])
    if kind in _QUESTION:
        raise Unanswered(f"{_QUESTION[kind]} ({response.status}: {text}).")
    raise Unusable(f"The server answered {response.status} and no figures. Is it a Prometheus?")


def _parsed(response: Response) -> dict[str, Any] | None:
    if response.content_type.startswith("text/html"):
        return None
    try:
        document = json.loads(response.body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _no_json(response: Response) -> str:
    if response.status in _ADVICE:
        return _ADVICE[response.status]
    if response.status in _PROXY:
        return f"The proxy before Prometheus says that it is not there ({response.status}). Try again later."
    if response.content_type.startswith("text/html"):
        return (
            f"A web page came back instead of figures ({response.status}), perhaps a login page. Give the address of "
            "the API and credentials for it, not those of a browser."
        )
    return f"What came back is not from Prometheus ({response.status}, {response.content_type or 'of no type'})."


def in_order(found: Sequence[Found]) -> list[Found]:
    """The sources with latency first, each kind in the order of SOURCES."""
    order = list(SOURCES)
    return sorted(found, key=lambda one: (not one.latency, order.index(one.source)))
