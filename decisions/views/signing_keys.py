"""The keys a person signs approvals with: added, retired, never deleted."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from decisions.access import person
from decisions.models import Organisation, SigningKey, User
from decisions.signing import passkey, sshsig
from decisions.signing.approval import PASSKEY, SSH
from decisions.views.ways import site

ASKED = "passkey_asked"
MOST_ANSWER = 50_000
MOST_KEYS = 20
MOST_NAME = 100


class RefusedError(ValueError):
    """The key was not added; the text says why."""


def signing_keys(request: HttpRequest) -> HttpResponse:
    """What one signs with, and the forms to add to it."""
    user = person(request)
    problem = ""
    if request.method == "POST":
        try:
            added = add(request, user)
        except (RefusedError, passkey.PasskeyError, sshsig.SshError) as error:
            problem = str(error)
        else:
            messages.success(request, f"{added.name} is added. Approvals you sign with it can be checked by anybody.")
            return redirect("signing_keys")
    context = {
        "keys": SigningKey.objects.of(user),
        "organisations": Organisation.objects.of(user),
        "problem": problem,
        "typed": request.POST,
        "site": site(request),
    }
    return render(request, "account/signing_keys.html", context, status=422 if problem else 200)


def add(request: HttpRequest, user: User) -> SigningKey:
    """The key in the form, kept. Raises RefusedError, PasskeyError or SshError."""
    if SigningKey.objects.of(user).in_use().count() >= MOST_KEYS:
        message = f"{MOST_KEYS} keys are the most. Retire one that you no longer use."
        raise RefusedError(message)
    name = request.POST.get("name", "").strip()[:MOST_NAME]
    if request.POST.get("kind") == PASSKEY:
        state = request.session.pop(ASKED, None)
        if state is None:
            message = "The passkey was not asked for from this page. Try once more; it needs JavaScript."
            raise RefusedError(message)
        made = passkey.complete_registration(site(request), state, request.POST.get("answer", "")[:MOST_ANSWER])
        return _keep(user, PASSKEY, name or "Passkey", made.id, made.public_key)
    line = request.POST.get("public_key", "").strip()
    blob, public = sshsig.read_public_key(line)
    comment = " ".join(line.split()[2:])[:MOST_NAME]
    return _keep(user, SSH, name or comment or "SSH key", sshsig.fingerprint(blob), public)


def _keep(user: User, kind: str, name: str, identity: str, public_key: str) -> SigningKey:
    try:
        with transaction.atomic():
            return SigningKey.objects.create(
                user=user, kind=kind, name=name, identity=identity, public_key=public_key, added_at=timezone.now()
            )
    except IntegrityError as error:
        message = "This key is known here already: a key signs for one person, and a retired one stays retired."
        raise RefusedError(message) from error


@require_POST
def key_options(request: HttpRequest) -> HttpResponse:
    """What the browser has to ask an authenticator to make a passkey."""
    user = person(request)
    known = SigningKey.objects.of(user).filter(kind=PASSKEY).values_list("identity", flat=True)
    who = (f"meshadvisor-{user.pk}".encode(), user.get_username(), user.name)
    options, state = passkey.begin_registration(site(request), who, list(known))
    request.session[ASKED] = state
    return JsonResponse(options)


@require_POST
def retire(request: HttpRequest, key: int) -> HttpResponse:
    """Sign with it no more. What it signed stands."""
    found = get_object_or_404(SigningKey.objects.of(person(request)), pk=key)
    SigningKey.objects.filter(pk=found.pk, retired_at=None).update(retired_at=timezone.now())
    messages.success(request, f"{found.name} signs no more. What it signed stands.")
    return redirect("signing_keys")


@require_safe
def allowed_signers(request: HttpRequest, organisation: str) -> HttpResponse:
    """Whose SSH keys sign for the organisation, in the form that `ssh-keygen -Y verify -f` reads."""
    found = get_object_or_404(Organisation.objects.of(person(request)), slug=organisation)
    keys = SigningKey.objects.of_members(found).filter(kind=SSH).select_related("user")
    text = "".join(f"{_line(one)}\n" for one in keys)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    name = f"{found.slug}-allowed_signers"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


def _line(key: SigningKey) -> str:
    options = [f'namespaces="{sshsig.NAMESPACE}"', f'valid-after="{key.added_at:%Y%m%d%H%M%S}Z"']
    if key.retired_at:
        options.append(f'valid-before="{key.retired_at:%Y%m%d%H%M%S}Z"')
    return f"{key.user.get_username()} {','.join(options)} {key.public_key}"
