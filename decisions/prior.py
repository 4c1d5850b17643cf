"""What a team has answered before about itself, taken over into its next draft: each answer says where it is from."""

import datetime as dt

from decisions.advisor.questions import FIELDS, Prefill
from decisions.drafting import Saved, Sheet, plain, save
from decisions.models import Decision, Status

ABOUT_THE_TEAM = tuple(
    path for path, field in FIELDS.items() if field.prefill is Prefill.PRIOR and not path.startswith("context.")
)
"""Answers about people, support and prices rather than about one cluster. What an assessor confirmed is about one rule
and one decision, so it is asked anew."""
LOOKED_AT = 5
"""The team's newest decisions that are looked at; an answer that is missing in the newest may stand in one before."""
COUNTS = (Status.PROPOSED, Status.ACCEPTED, Status.SUPERSEDED, Status.DEPRECATED)


def take_over(decision: Decision, now: dt.datetime) -> Saved:
    """Fill a new draft with its team's newest answers about the team; they can be changed like any others."""
    earlier = Decision.objects.filter(team=decision.team, status__in=COUNTS).exclude(pk=decision.pk)
    answers: dict[str, object] = {}
    origins: dict[str, dict[str, str]] = {}
    for one in earlier.order_by("-created_at", "-pk")[:LOOKED_AT]:
        for path in ABOUT_THE_TEAM:
            value = plain(one.case, path)
            if path in answers or value is None:
                continue
            answers[path] = value
            origins[path] = {"source": f"{one.number}, {one.title}", "date": one.created_at.date().isoformat()}
    if not answers:
        return Saved()
    sheet = Sheet(user=decision.author, seen=decision.version, now=now, origins=origins)
    return save(decision, sheet, answers)
