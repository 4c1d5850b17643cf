"""Checking a record without an account: the file is looked at and forgotten."""

import json
from collections.abc import Mapping

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_safe

from decisions import bundle, issue
from decisions.advice import catalogue
from decisions.advisor.record import canonical, digest
from decisions.advisor.record import replay as replaying
from decisions.journal import log_key, proof
from decisions.models import LogEntry, Record, Rendering
from decisions.rendering import markdown
from decisions.signing.inclusion import check_proof
from decisions.signing.report import CLAIMED, Report
from decisions.signing.verify import Verdict, check

MOST_MIB = 20
MOST = MOST_MIB * 2**20
AROUND = 64 * 2**10
"""Bytes that a form puts around its file."""
DRAINED = 8 * MOST
"""A body up to this size is read and thrown away, so that a browser gets to see the refusal."""
A_MINUTE = 30
HEADLINES = {
    Verdict.VALID: ("Valid: issued here and unchanged", ""),
    Verdict.NOT_VALID: ("Not valid", "failed"),
    Verdict.NOT_PROVEN: ("Not proven", "partly"),
    Verdict.UNREADABLE: ("This file cannot be checked", "partly"),
}
"""Verdict -> headline and how the box around it looks."""


class Issued:
    """The digests of all records of this instance, looked up one at a time.

    Whoever asks holds the record already; that it was issued here is what this page is there to say.
    """

    def __contains__(self, digest: object) -> bool:
        """Whether a record with this digest was issued here."""
        return Record.objects.filter(digest=digest).exists()


@csrf_exempt  # only until the size is known: the form is read, and its token asked for, in _check
@login_not_required
def verify(request: HttpRequest) -> HttpResponse:
    """Check a file and say what holds, layer by layer."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if request.method == "POST" and length.isdecimal() and int(length) > MOST + AROUND:
        _drain(request, int(length))
        return _page(request, 413, problem=f"The file is larger than {MOST_MIB} MiB. No record of ours is.")
    return _check(request)


@csrf_protect
def _check(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    if not _allowed(request):
        response = _page(request, 429, problem=f"More than {A_MINUTE} files in a minute. Wait a minute and try again.")
        response.headers["Retry-After"] = "60"
        return response
    given = request.FILES.get("file")
    if given is None or not given.size:
        problem = "Choose the PDF, the record.json or another file of a record that you want to check."
        if given is not None:
            problem = f"{given.name} is empty. Download it again, or choose another file."
        return _page(request, 422, problem=problem)
    if given.size > MOST:
        return _page(request, 413, problem=f"The file is larger than {MOST_MIB} MiB. No record of ours is.")
    report = check(
        given.read(), bundle.trust(), known=Issued(), markdown=markdown.render, replays=replays, filed=in_the_log
    )
    headline, tone = HEADLINES[report.verdict]
    today = _today(report) if report.verdict is Verdict.VALID else ""
    claimed = CLAIMED if report.verdict is Verdict.NOT_VALID else ""
    said = {"headline": headline, "tone": tone, "today": today, "claimed": claimed}
    return _page(request, 200, name=given.name, report=report, **said)


def replays(document: Mapping[str, object]) -> tuple[bool | None, str]:
    """Whether the record comes out again here; None where engine or catalogue are of another version.

    Only records of this instance are drawn anew: it takes seconds, and anybody may ask.
    """
    if digest(canonical(document)) not in Issued():
        return None, "This instance draws its own records anew; meshadvisor verify does it for any."
    outcome = replaying.replay(document, catalogue())
    same = {replaying.Verdict.SAME: True, replaying.Verdict.DIFFERENT: False}.get(outcome.verdict)
    return same, outcome.because


def in_the_log(sha256: str) -> tuple[bool, str]:
    """Whether the log names a file with this hash, proven to its newest checkpoint; and that in words."""
    kept = Rendering.objects.filter(sha256=sha256).select_related("record").defer("content").first()
    entries = LogEntry.objects.filter(record_sha256=kept.record.digest) if kept else ()
    for one in entries:
        if sha256 in json.loads(bytes(one.content)).values():
            shown = check_proof(json.dumps(proof(one)).encode(), log_key().public)
            said = f"Entry {shown.index} ({one.act}) names it, and is in the log of {shown.checkpoint.size} entries."
            return True, said
    return False, "The log of this instance knows no file with this SHA-256: it was not issued here as it is."


def _today(report: Report) -> str:
    """What became of the decision since the file was made; a file can only say what was so when it was sealed."""
    digest = report.fact("Record, SHA-256")
    record = Record.objects.filter(digest=digest).select_related("decision").order_by("-revision").first()
    if record is None:
        return ""
    decision = record.decision
    newer = f", and revision {decision.revision} has followed" if decision.revision > record.revision else ""
    return f"Here and now {decision.number} is {decision.get_status_display().lower()}{newer}."


def _page(request: HttpRequest, status: int = 200, **context: object) -> HttpResponse:
    limits = {"most_mib": MOST_MIB, "a_minute": A_MINUTE, "fingerprint": _fingerprint()}
    return render(request, "verify/verify.html", limits | context, status=status)


def _fingerprint() -> list[str]:
    """Byte by byte: a line of the page ends between two of them."""
    plain = issue.instance_seal().fingerprint.upper()
    return [plain[place : place + 2] for place in range(0, len(plain), 2)]


def _allowed(request: HttpRequest) -> bool:
    """Whether this address has checks left in this minute; each process of the server counts by itself."""
    key = f"verify:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, timeout=60)
    try:
        return cache.incr(key) <= A_MINUTE
    except ValueError:  # the minute ended in between
        return True


def _drain(request: HttpRequest, length: int) -> None:
    left = length if length <= DRAINED else 0
    while left > 0 and (chunk := request.read(min(left, 2**16))):
        left -= len(chunk)


@login_not_required
@require_safe
def trust_bundle(request: HttpRequest) -> HttpResponse:
    """What to keep so that records of this instance can be checked without it; no account names are in it."""
    response = JsonResponse(bundle.bundle(timezone.now()), json_dumps_params={"indent": 1})
    response.headers["Content-Disposition"] = 'attachment; filename="meshadvisor-trust.json"'
    return response


@login_not_required
@require_safe
def certificate(request: HttpRequest) -> HttpResponse:
    """The certificate of this instance's authority: what `pdfsig` and `meshadvisor verify` are told to trust."""
    response = HttpResponse(issue.instance_seal().trust_pem, content_type="application/x-pem-file")
    response.headers["Content-Disposition"] = 'attachment; filename="meshadvisor-authority.pem"'
    return response
