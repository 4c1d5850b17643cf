"""What waits for the signed-in person: approvals to give, changes to make, comments to read, reviews to hold."""

from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from decisions.access import person
from decisions.advisor.pilot import Verdict
from decisions.approval import why_not
from decisions.confirmation import CHECKED
from decisions.models import Comment, Decision, Event, Meaning, Outcome, Record, Signature, Status, User
from decisions.models.people import APPROVERS

SHOWN = 50
STOPS = (Verdict.HOLD, Verdict.GO_BACK)


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Everything of this person that is open, the longest wait first."""
    user = person(request)
    mine = Decision.objects.of(user).filter(author=user).with_names().defer("case", "words")
    last = Event.objects.filter(decision=OuterRef("pk"), act__in=("changes requested", "proposed")).order_by("-pk")
    sent_back = mine.filter(status=Status.DRAFT, revision__gt=0).annotate(last=Subquery(last.values("act")[:1]))
    today = timezone.now().date()
    due = Decision.objects.of(user).filter(Q(author=user) | Q(pk__in=_decided(user)))
    said = Comment.objects.filter(record__decision__author=user, record__decision__status=Status.PROPOSED)
    context = {
        "approvals": _approvals(user),
        "changes": sent_back.filter(last="changes requested").order_by("changed_at")[:SHOWN],
        "comments": said.exclude(author=user)
        .select_related("author", "record__decision__organisation")
        .defer("record__canonical", "record__inputs", "record__decision__case", "record__decision__words")[:SHOWN],
        "checks": _stopped(user),
        "reviews": due.filter(status=Status.ACCEPTED, review_on__lte=today)
        .with_names()
        .defer("case", "words")
        .order_by("review_on")[:SHOWN],
    }
    return render(request, "waiting.html", context)


def _approvals(user: User) -> list[Decision]:
    """Proposed decisions the user can approve now; a fixed number of queries where no order is asked for."""
    given = Signature.objects.filter(meaning=Meaning.APPROVAL).order_by("signed_at", "pk")
    records = Record.objects.defer("canonical", "inputs").prefetch_related(Prefetch("signatures", given))
    proposed = (
        Decision.objects.awaiting(user, APPROVERS).with_names().defer("case", "words").order_by("proposed_at", "pk")
    )
    found = proposed.prefetch_related(Prefetch("records", records))[: SHOWN * 2]
    return [one for one in found if not why_not(user, one, _signers(one))][:SHOWN]


def _stopped(user: User) -> list[Outcome]:
    """The newest check of each stage of the user's own decisions, where it says to hold or to go back."""
    kept = Outcome.objects.filter(record__decision__author=user, record__decision__status__in=CHECKED)
    fields = ("number", "stage", "verdict", "kept_at", "record__decision__number", "record__decision__title")
    newest: dict[tuple[int, int], Outcome] = {}
    for one in kept.select_related("record__decision").only(*fields).order_by("-kept_at", "-pk")[: SHOWN * 4]:
        newest.setdefault((one.record.decision_id, one.stage), one)
    return [one for one in newest.values() if one.verdict in STOPS][:SHOWN]


def _signers(decision: Decision) -> list[int]:
    newest = next((one for one in decision.records.all() if one.revision == decision.revision), None)
    return [one.signer_id for one in newest.signatures.all()] if newest else []


def _decided(user: User) -> object:
    """Decisions whose record the user signed as approver."""
    return Signature.objects.filter(signer=user, meaning=Meaning.APPROVAL).values("record__decision")
