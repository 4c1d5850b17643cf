"""Approving a proposed record, in one of three ways: a passkey, an SSH key, or a confirmation that we attest."""

import datetime as dt

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from decisions import issue
from decisions.advisor.record import canonical
from decisions.models import Decision, Record, SigningKey, Status, User
from decisions.signing import passkey, sshsig
from decisions.signing.approval import PASSKEY, SSH, ApprovalError, Given
from decisions.views.decision import page
from decisions.views.review import act, decider
from decisions.views.ways import has_password, second_factor, site

ASKED = "approval_asked"
"""Where the session keeps the statement a passkey was asked to sign; it is used once."""
ASKED_FOR = dt.timedelta(minutes=5)
MOST_SIGNATURE = 20_000
TRIES, WITHIN = 5, 300
"""Wrong passwords until an approver has to wait, and the seconds in which they are counted."""


class RefusedError(ValueError):
    """The approval was not given as it has to be; the text says what is missing."""


@sensitive_post_parameters("password", "code")
def approve(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """Sign the proposed record as its approver: the digest that was read is the digest that is signed."""
    user, decision = decider(request, organisation, number)
    if request.method != "POST":
        return redirect(f"{decision.address('decision')}#act-approve")
    record = decision.newest_record()
    if record is None or request.POST.get("digest") != record.digest:
        text = f"{decision.number} has a newer record than the one you read. Read this one, then approve it."
        return page(request, decision, open_act="approve", problem=text, status=409)
    if "agreed" not in request.POST:
        text = "Tick the statement: your signature says exactly that."
        return page(request, decision, open_act="approve", problem=text, status=422)
    try:
        way = given(request, user, decision, record)
    except (RefusedError, ApprovalError, passkey.PasskeyError, sshsig.SshError) as error:
        return page(request, decision, open_act="approve", problem=str(error), status=422)
    said = f"You approved {decision.number}."
    return act(request, decision, "approve", lambda: issue.approve(decision, user, timezone.now(), way), said)


def given(request: HttpRequest, user: User, decision: Decision, record: Record) -> Given:
    """How the form approves. Raises RefusedError, PasskeyError or SshError when it does not."""
    way = request.POST.get("way", "")
    if way == PASSKEY:
        return _by_passkey(request, user, record)
    if way == SSH:
        return _by_ssh(request, user, record)
    statement = issue.statement(decision, record, user, timezone.now())
    return Given(method=_confirmed(request, user), proof={"statement": statement})


def _by_passkey(request: HttpRequest, user: User, record: Record) -> Given:
    asked = request.session.pop(ASKED, None)
    if not asked or asked["statement"]["record_sha256"] != record.digest:
        message = "The passkey was asked too long ago or for another record. Use it once more."
        raise RefusedError(message)
    if timezone.now() - dt.datetime.fromisoformat(asked["statement"]["requested_at"]) > ASKED_FOR:
        message = "The passkey was asked more than five minutes ago. Use it once more."
        raise RefusedError(message)
    known = dict(SigningKey.objects.of(user).in_use().filter(kind=PASSKEY).values_list("identity", "public_key"))
    proof = passkey.proof(site(request), request.POST.get("answer", "")[:MOST_SIGNATURE], known)
    passkey.check(proof, canonical(asked["statement"]))
    return Given(method=PASSKEY, proof={"statement": asked["statement"], **proof})


def _by_ssh(request: HttpRequest, user: User, record: Record) -> Given:
    file = request.FILES.get("signature_file")
    if file is not None and file.size and file.size > MOST_SIGNATURE:
        message = "The file is too large for a signature. Choose the one that ssh-keygen wrote, record.json.sig."
        raise RefusedError(message)
    text = file.read().decode("ascii", "replace") if file is not None else request.POST.get("signature", "")
    if not text.strip():
        message = "Paste the signature that ssh-keygen wrote, or choose its file record.json.sig."
        raise RefusedError(message)
    blob = sshsig.check(text[:MOST_SIGNATURE], bytes(record.canonical))
    print_ = sshsig.fingerprint(blob)
    key = SigningKey.objects.of(user).in_use().filter(kind=SSH, identity=print_).first()
    if key is None:
        message = (
            f"The signature holds, but its key {print_} is not among yours. Add the key on your page of keys first."
        )
        raise RefusedError(message)
    return Given(method=SSH, proof={"signature": text.strip() + "\n", "public_key": key.public_key})


def _confirmed(request: HttpRequest, user: User) -> str:
    """How this instance recognised the person: by a code of the second factor, else by the password once more."""
    key = f"approve:{user.pk}"
    cache.add(key, 0, timeout=WITHIN)
    if cache.get(key, 0) >= TRIES:
        message = "Too many wrong answers. Wait five minutes."
        raise RefusedError(message)
    app = second_factor(user)
    if app is not None:
        way, right = "second-factor", app.wrap().validate_code(request.POST.get("code", "").replace(" ", "")[:20])
        problem = "The code is not right, or was used already. Your app shows a new one every 30 seconds."
    elif has_password(user):
        way, right = "password", user.check_password(request.POST.get("password", ""))
        problem = "The password is not right. It is asked for once more because your approval counts."
    else:
        return "confirmation"
    if not right:
        cache.incr(key)
        raise RefusedError(problem)
    cache.delete(key)
    return way


@require_POST
def approve_passkey(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """What the browser has to ask a passkey, so that it signs the statement about this very record."""
    user, decision = decider(request, organisation, number)
    record = decision.newest_record()
    if record is None or decision.status != Status.PROPOSED or request.POST.get("digest") != record.digest:
        return JsonResponse(
            {"problem": "There is a newer record than the one you read. Load the page again."}, status=409
        )
    known = list(SigningKey.objects.of(user).in_use().filter(kind=PASSKEY).values_list("identity", flat=True))
    if not known:
        return JsonResponse({"problem": "You have registered no passkey here."}, status=409)
    statement = issue.statement(decision, record, user, timezone.now())
    request.session[ASKED] = {"statement": statement}
    return JsonResponse(passkey.request(site(request), canonical(statement), known))
