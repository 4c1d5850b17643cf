"""Who hears of what: mail to people and messages to web hooks, sent beside the pages and tried again."""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext
from django_tasks import task

from decisions.languages.person import language_of
from decisions.models import Decision, Delivery, Event, Mailing, User, WebHook
from decisions.models.people import APPROVERS
from decisions.outbound.addresses import Forbidden
from decisions.outbound.http import Unreachable, ask
from decisions.tasks import try_again
from decisions.vault import Locked, unlock

TOLD = {
    "proposed": "asks for approval of",
    "commented": "commented on",
    "changes requested": "asks for changes to",
    "approved": "approved",
    "rejected": "rejected",
    "deprecated": "deprecated",
    "reminded": "was reminded of the review of",
}
"""Act of an event -> what is said of it. Everything else happens without notice."""
HOOKS_ONLY = frozenset({"reminded"})
"""Reminders are mailed once for many decisions, by what finds them."""
SECONDS = 15.0
SIGNATURE = "X-MeshAdvisor-Signature"


def tell(event: Event) -> None:
    """Have people and hooks told of an event, if anybody is told of such; runs in the transaction of the act."""
    if event.act in TOLD:
        send_notices.enqueue(event.pk)


@task
def send_notices(event_pk: int, attempt: int = 1) -> None:
    """Mail everybody an event concerns, once each, and put its messages to the hooks in line."""
    event = Event.objects.select_related("decision__organisation", "decision__team", "actor").get(pk=event_pk)
    if event.decision is None:
        return
    body = json.dumps(message(event), sort_keys=True)
    for hook in WebHook.objects.filter(organisation=event.organisation_id, active=True):
        try:
            with transaction.atomic():
                delivery = Delivery.objects.create(
                    hook=hook, source=event, event=event.act, body=body, created_at=timezone.now()
                )
                deliver.enqueue(delivery.pk)
        except IntegrityError:  # in line since the attempt before
            continue
    if event.act in HOOKS_ONLY:
        return
    try:
        _mail(event, event.decision)
    except OSError:
        try_again(send_notices, attempt, event_pk)


def _mail(event: Event, decision: Decision) -> None:
    sent = set(Mailing.objects.filter(event=event).values_list("user_id", flat=True))
    for user in recipients(event, decision):
        if user.pk not in sent:
            with translation.override(language_of(user) or settings.LANGUAGE_CODE):
                EmailMessage(subject(event, decision), text(event, decision), to=[user.email]).send()
            Mailing.objects.create(event=event, user=user, sent_at=timezone.now())


def recipients(event: Event, decision: Decision) -> Iterable[User]:
    """Whom an event concerns: approvers for a request, else author, approvers and commenters so far; not who did it.

    Only people who may read the decision today and have a mail address.
    """
    here = Q(memberships__organisation=decision.organisation_id)
    here &= Q(memberships__team=None) | Q(memberships__team=decision.team_id)
    readers = User.objects.filter(here, is_active=True, is_service=False).exclude(email="")
    decides = Q(memberships__role__in=APPROVERS)
    took_part = Q(pk=decision.author_id) | Q(comments__record__decision=decision)
    took_part |= Q(signatures__record__decision=decision)
    wanted = decides if event.act == "proposed" else took_part
    return readers.filter(wanted).exclude(pk=event.actor_id or 0).distinct().order_by("pk")


def subject(event: Event, decision: Decision) -> str:
    """One line without line breaks."""
    title = " ".join(decision.title.split())
    said = gettext(TOLD[event.act])
    who = f"{event.actor.name} " if event.actor else ""
    return f"{decision.number}: {who}{said} “{title}”"[:180]


def text(event: Event, decision: Decision) -> str:
    """The mail: what happened, what was said about it, and the address."""
    reason = str(event.detail.get("reason", "")).strip()
    parts = [f"{subject(event, decision)}.", reason, address(decision), gettext(WHY)]
    return "\n\n".join(part for part in parts if part) + "\n"


WHY = "You get this because you decide about it or took part in it."


def address(decision: Decision) -> str:
    """The address of the decision's page."""
    return f"{settings.ADDRESS}{decision.get_absolute_url()}"


def message(event: Event) -> dict[str, Any]:
    """What a hook is told: facts and addresses, no answers."""
    decision = event.decision
    if decision is None:  # a deleted draft; such events are not told
        return {}
    return {
        "event": event.act,
        "at": event.at.isoformat(timespec="seconds"),
        "by": event.actor.get_username() if event.actor else None,
        "organisation": decision.organisation.slug,
        "team": decision.team.name,
        "number": decision.number,
        "title": decision.title,
        "status": decision.status,
        "revision": decision.revision,
        "digest": event.detail.get("digest"),
        "reason": event.detail.get("reason"),
        "url": address(decision),
    }


@task
def deliver(delivery_pk: int, attempt: int = 1) -> None:
    """Send one message to its hook; tried again until it is taken, six times at most. Sent twice it has one id."""
    delivery = Delivery.objects.select_related("hook").get(pk=delivery_pk)
    if delivery.delivered_at is not None or not delivery.hook.active:
        return
    problem = _post(delivery)
    now = timezone.now()
    Delivery.objects.filter(pk=delivery.pk).update(
        attempts=attempt, problem=problem[:300], delivered_at=None if problem else now
    )
    if problem:
        try_again(deliver, attempt, delivery_pk)


def _post(delivery: Delivery) -> str:
    """Why it was not taken; empty when it was."""
    hook, body = delivery.hook, delivery.body.encode()
    try:
        secret = unlock(purpose(hook.address), hook.locked_secret)["secret"]
        headers = {
            "Content-Type": "application/json",
            "X-MeshAdvisor-Event": delivery.event,
            "X-MeshAdvisor-Delivery": str(delivery.pk),
            SIGNATURE: signature(secret, body, timezone.now()),
        }
        answer = ask("POST", hook.address, headers=headers, data=body, seconds=SECONDS, most_bytes=65536)
    except (Forbidden, Unreachable, Locked) as error:
        return str(error)
    return "" if 200 <= answer.status < 300 else f"It answered with status {answer.status}."


def purpose(hook_address: str) -> str:
    """What the vault keeps the key of a hook for."""
    return f"web hook {hook_address}"


def signature(secret: str, body: bytes, now: dt.datetime) -> str:
    """The value of the signature header: "t=SECONDS,v1=HEX".

    HEX is HMAC-SHA256 of "SECONDS." and the body under the hook's key; SECONDS, of the Unix clock, lets the receiver
    refuse an old message that somebody sends again.
    """
    seconds = str(int(now.timestamp()))
    digest = hmac.new(secret.encode(), seconds.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"
