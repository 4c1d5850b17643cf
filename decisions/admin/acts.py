"""What can be done with many past decisions at once: judge them again, take them away, say who looks at them next."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from decisions import reassessment
from decisions.access import administered
from decisions.drafting import log
from decisions.languages.moulds import shown, translated
from decisions.models import Decision, Organisation, Outlook, Status, User
from decisions.models.search import matching
from decisions.views.exports import stream

MOST = 500
"""Decisions that are judged while somebody waits; more than that is a round, from the board."""


class WithReviewer(ActionForm):
    """The actions, and the person that one of them is about."""

    reviewer = forms.CharField(
        required=False,
        label=shown("Told of the review"),
        widget=forms.TextInput({"placeholder": shown("user name"), "size": 14}),
    )


class ReviewActs(admin.ModelAdmin):
    """Actions on the list of decisions, and its search by the index of words."""

    action_form = WithReviewer
    actions = ("judge_again", "as_csv", "as_json", "assign_reviewer")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """What the list of our own pages finds by the same words."""
        found = matching(search_term) if search_term else None
        if found is not None:
            return queryset.filter(found), False
        return (queryset.none() if search_term.strip() else queryset), False

    def has_judge_permission(self, request: HttpRequest) -> bool:
        """Whether the person may have decisions judged again: what comes out is kept beside the records."""
        return isinstance(request.user, User) and request.user.has_perm("decisions.add_reassessment")

    def has_assign_permission(self, request: HttpRequest) -> bool:
        """Whether the person may say who reviews a decision."""
        return isinstance(request.user, User) and request.user.has_perm("decisions.change_decision")

    def administered(self, request: HttpRequest, queryset: QuerySet[Decision]) -> bool:
        """Whether all the chosen ones belong to organisations that the person administers; says so where not."""
        ours = administered(request.user) if isinstance(request.user, User) else Organisation.objects.none()
        if queryset.exclude(organisation__in=ours.values("pk")).exists():
            _tell(
                request,
                messages.ERROR,
                "Only administrators of their whole organisation can do this. Nothing was done.",
            )
            return False
        return True

    @admin.action(description=shown("Judge again under today's catalogue"), permissions=["judge"])
    def judge_again(self, request: HttpRequest, queryset: QuerySet[Decision]) -> None:
        """Judge the chosen ones that are accepted, at once."""
        if not self.administered(request, queryset):
            return
        keys = list(queryset.filter(status=Status.ACCEPTED).order_by("pk").values_list("pk", flat=True)[: MOST + 1])
        if len(keys) > MOST:
            _tell(request, messages.ERROR, f"Choose at most {MOST}, or have all of them judged again from the board.")
            return
        reassessment.judge_now(keys)
        differs = Decision.objects.filter(pk__in=keys, outlook=Outlook.DIFFERENT).count()
        _tell(
            request,
            messages.SUCCESS,
            f"{len(keys)} accepted decisions judged again; {differs} would come out differently.",
        )

    @admin.action(description=shown("Take away as CSV"), permissions=["view"])
    def as_csv(self, request: HttpRequest, queryset: QuerySet[Decision]) -> StreamingHttpResponse:
        """The chosen ones as a file."""
        return stream(Decision.objects.filter(pk__in=queryset.order_by().values("pk")), "csv")

    @admin.action(description=shown("Take away as JSON"), permissions=["view"])
    def as_json(self, request: HttpRequest, queryset: QuerySet[Decision]) -> StreamingHttpResponse:
        """The chosen ones as a file."""
        return stream(Decision.objects.filter(pk__in=queryset.order_by().values("pk")), "json")

    @admin.action(description=shown("Have the person named beside told of the next review"), permissions=["assign"])
    def assign_reviewer(self, request: HttpRequest, queryset: QuerySet[Decision]) -> None:
        """Say who hears of the next review: somebody who may see each of the decisions, and nobody else."""
        name = request.POST.get("reviewer", "").strip()
        person = User.objects.filter(username=name.replace("\x00", ""), is_active=True).first()
        if person is None or not isinstance(request.user, User):
            _tell(request, messages.ERROR, f"Nobody here has the user name “{name}”. Nothing was assigned.")
            return
        if not self.administered(request, queryset):
            return
        chosen = list(queryset.defer("case", "words"))
        seen = set(Decision.objects.of(person).filter(pk__in=[one.pk for one in chosen]).values_list("pk", flat=True))
        if hidden := [one.number for one in chosen if one.pk not in seen]:
            _tell(request, messages.ERROR, f"{person.name} cannot see {', '.join(hidden[:5])}. Nothing was assigned.")
            return
        with transaction.atomic():
            Decision.objects.filter(pk__in=seen).update(reviewer=person)
            for one in chosen:
                log(one, request.user, "reviewer assigned", timezone.now(), reviewer=person.name)
        _tell(request, messages.SUCCESS, f"{person.name} is told when the review of {len(chosen)} decisions is due.")


def _tell(request: HttpRequest, level: int, text: str) -> None:
    messages.add_message(request, level, translated(text))
