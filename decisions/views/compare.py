"""Two versions of a decision side by side; which ones stands in the address."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from decisions import comparison
from decisions.access import decision_of, person
from decisions.comparison import Version
from decisions.models import Decision, Record, User


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A version that can be compared: the frozen record, or None for the draft as it is now."""

    key: str
    title: str
    record: Record | None

    def version(self, decision: Decision) -> Version:
        """The version with its content."""
        if self.record is None:
            return comparison.of_draft(decision)
        return comparison.of_record(self.record, self.record.decision)


def compare(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """Any two revisions of a decision, its draft, those of what it supersedes, and of any other one named `with`."""
    user = person(request)
    decision = decision_of(user, organisation, number)
    asked = request.GET.get("with", "").strip().upper()[:20]
    other = another(user, decision, asked)
    choices = versions(user, decision, other)
    context: dict[str, object] = {"decision": decision, "choices": choices, "asked": asked, "other": other}
    context["only_a_draft"] = len(choices) == 1 and choices[0].record is None
    if len(choices) > 1:
        by_key = {choice.key: choice for choice in choices}
        later = by_key.get(request.GET.get("after", ""), choices[0])
        place = choices.index(later)
        earlier = by_key.get(request.GET.get("before", ""), choices[place + 1 if place + 1 < len(choices) else 0])
        before, after = earlier.version(decision), later.version(decision)
        found = comparison.compare(before, after)
        context |= {"earlier": earlier, "later": later, "before": before, "after": after, "found": found}
    return render(request, "compare/compare.html", context)


def another(user: User, decision: Decision, number: str) -> Decision | None:
    """The decision of the same organisation with this number, where the user may see it."""
    if not number or "\x00" in number:
        return None
    return Decision.objects.of(user).filter(organisation=decision.organisation_id, number=number).first()


def versions(user: User, decision: Decision, other: Decision | None = None) -> list[Choice]:
    """What can be compared, newest first; those of predecessors and others only where the user may see them."""
    family = [decision.pk, *decision.predecessors.values_list("pk", flat=True)]
    family += [other.pk] if other else []
    records = Record.objects.of(user).filter(decision__in=family).defer("canonical", "inputs")
    draft = [Choice(key=f"{decision.number}/draft", title=f"{decision.number}, draft", record=None)]
    frozen = [
        Choice(
            key=f"{record.decision.number}/{record.revision}",
            title=f"{record.decision.number}, revision {record.revision}",
            record=record,
        )
        for record in records.select_related("decision__organisation").order_by("-decision__pk", "-revision")
    ]
    return (draft if decision.is_draft else []) + frozen
