"""The settings of an organisation: what its recommendations depend on, who approves, and when to look again."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst

from decisions.access import organisation_of, person
from decisions.advice import catalogue
from decisions.advisor.case import CaseError
from decisions.advisor.policy import ACCEPTED, REASON_LENGTH, Policy, read_policy, write_policy
from decisions.advisor.recommendation import Approach
from decisions.approval import MOST, AuthorMay, Rule, Stage, keep_rule, rule_of
from decisions.languages.moulds import shown, translated
from decisions.languages.numbers import localised
from decisions.languages.sheets import in_words
from decisions.languages.typed import NumberField
from decisions.membership import SETTINGS, sign_out_without_second_factor
from decisions.models import Membership, Organisation, Role
from decisions.models.people import ADMINISTRATORS, OVERSEERS

PARTS = ("low", "likely", "high")
PRICES = ("hourly_cost", "cpu_price", "memory_price")
EVIDENCE = {
    "rule": "A rule or contract",
    "incident": "An incident",
    "slo": "A breached service level",
    "policy": "A written policy",
}
AUTHORS = {
    AuthorMay.NEVER: "never approves",
    AuthorMay.BESIDE_OTHERS: "may be one of the approvers, never the only one",
}


class SettingsForm(forms.Form):
    """All settings on one page; planning values and approaches each have fields of their own."""

    name = forms.CharField(
        label="Name of the organisation",
        max_length=200,
        help_text="On every page and in records from now on; records that are frozen keep the old one",
    )
    accepted_evidence = forms.MultipleChoiceField(
        label="Evidence that carries a must-have",
        choices=[(one.value, shown(EVIDENCE[one.value])) for one in ACCEPTED],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    approvers = forms.IntegerField(label="Approvals a decision needs", min_value=1, max_value=MOST)
    author = forms.ChoiceField(label="The author", choices=[(one.value, shown(text)) for one, text in AUTHORS.items()])
    review_months = forms.IntegerField(
        label="Months until an accepted decision is looked at again",
        min_value=1,
        max_value=120,
        help_text="Counts where the decision names no date itself",
    )
    require_second_factor = forms.BooleanField(
        label="Everybody needs a second factor",
        required=False,
        help_text="Asked for at the next sign-in; who has none sets one up before anything else opens. "
        "Those who come through the sign-in provider are its to ask",
    )

    def __init__(self, organisation: Organisation, data: Any = None) -> None:
        super().__init__(data, initial=_initial(organisation))
        self.organisation = organisation
        for one in Approach:
            self.fields[f"banned_{one.value}"] = forms.CharField(
                label=f"{one.title} is not allowed here, because", required=False, max_length=REASON_LENGTH
            )
        stages = [(key, shown(text)) for key, text in (("", "anybody who may approve"), *_stages(organisation))]
        for place in range(MOST):
            self.fields[f"stage_{place}"] = forms.ChoiceField(
                label=f"Approval {place + 1} comes from", choices=stages, required=False
            )
        for key in catalogue().planning:
            for part in PARTS:
                self.fields[f"{part}_{key}"] = NumberField(required=False, label=f"{called(key)}, {part}", min_value=0)

    def clean(self) -> dict[str, Any]:
        """What was given. A planning value is three numbers that do not decrease, or none."""
        given = super().clean() or {}
        self.policy = Policy()
        planning = {}
        for key in catalogue().planning:
            numbers = [given.get(f"{part}_{key}") for part in PARTS]
            if any(one is not None for one in numbers):
                if None in numbers or sorted(numbers) != numbers:  # type: ignore[type-var]  # no None is sorted
                    self.add_error(f"low_{key}", "Give low, likely and high, none below the one before; or none.")
                planning[key] = numbers
        document = {
            "accepted_evidence": given.get("accepted_evidence", []),
            "not_allowed": {one.value: text for one in Approach if (text := given.get(f"banned_{one.value}"))},
            "planning": planning,
        }
        try:
            self.policy = read_policy(document)
        except CaseError as error:
            if not self.errors:
                self.add_error(None, str(error))
        return given

    def keep(self) -> None:
        """Save what was given."""
        given, organisation = self.cleaned_data, self.organisation
        chosen = [given[f"stage_{place}"] for place in range(given["approvers"])]
        while chosen and not chosen[-1]:
            chosen.pop()
        order = tuple(_stage(one) for one in chosen)
        keep_rule(organisation, Rule(approvers=given["approvers"], order=order, author=AuthorMay(given["author"])))
        organisation.name = given["name"]
        organisation.policy = write_policy(self.policy)
        organisation.review_months = given["review_months"]
        organisation.require_second_factor = given["require_second_factor"]
        organisation.save(update_fields=list(SETTINGS))
        if given["require_second_factor"] and "require_second_factor" in self.changed_data:
            sign_out_without_second_factor(organisation)

    def price_rows(self) -> Iterator[tuple[str, str, str, list[Any]]]:
        """What an hour, a vCPU and a GiB cost, as `planning_rows` gives the others."""
        return self._rows(PRICES)

    def planning_rows(self) -> Iterator[tuple[str, str, str, list[Any]]]:
        """Each planning value: its name, unit, what the catalogue takes, and the three fields."""
        return self._rows([key for key in catalogue().planning if key not in PRICES])

    def _rows(self, keys: Sequence[str]) -> Iterator[tuple[str, str, str, list[Any]]]:
        for key in keys:
            one = catalogue().planning[key]
            value = one.value
            shipped = f"{value.low:g} / {value.likely:g} / {value.high:g}"
            yield called(key), one.unit, shipped, [self[f"{part}_{key}"] for part in PARTS]

    def said(self) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
        """All settings as text for those who may only read them: a name for links, a heading, and what stands there."""
        of, title = self.initial, {one: translated(str(field.label)) for one, field in self.fields.items()}
        evidence = [translated(EVIDENCE[one]) for one in of["accepted_evidence"]]
        judged = [(title["accepted_evidence"], "; ".join(evidence) or translated("None"))]
        bans = [(f"banned_{one.value}", of.get(f"banned_{one.value}")) for one in Approach]
        judged += [(title[name], reason) for name, reason in bans if reason]
        approval = [(title["approvers"], str(of["approvers"])), (title["author"], self._chosen("author"))]
        approval += [(title[name], self._chosen(name)) for place in range(MOST) if of.get(name := f"stage_{place}")]
        factor = translated("Yes" if of["require_second_factor"] else "No")
        yield "", translated("Name"), [(title["name"], of["name"])]
        yield "", translated("What decisions are judged by"), judged
        yield "", translated("Approval"), approval
        yield "", translated("Signing in"), [(title["require_second_factor"], factor)]
        yield "", translated("Review"), [(title["review_months"], str(of["review_months"]))]
        settled = [self._figure(key) for key in catalogue().planning if self._settled(key)]
        yield "planning", translated("Prices and planning values"), settled

    def shipped(self) -> list[tuple[str, str]]:
        """Prices and planning values that the organisation left to the catalogue."""
        return [self._figure(key) for key in catalogue().planning if not self._settled(key)]

    def _chosen(self, name: str) -> str:
        field: Any = self.fields[name]
        return capfirst(str(dict(field.choices)[self.initial[name]]))

    def _settled(self, key: str) -> bool:
        return f"likely_{key}" in self.initial

    def _figure(self, key: str) -> tuple[str, str]:
        one = catalogue().planning[key]
        ours = [self.initial[f"{part}_{key}"] for part in PARTS] if self._settled(key) else []
        value = " / ".join(f"{number:g}" for number in ours or (one.value.low, one.value.likely, one.value.high))
        return translated(called(key)), f"{localised(value)} {translated(one.unit)}"

    def bans(self) -> list[Any]:
        """The fields of the approaches."""
        return [self[f"banned_{one.value}"] for one in Approach]

    def places(self) -> list[Any]:
        """The fields of the order of approvals."""
        return [self[f"stage_{place}"] for place in range(MOST)]


def organisation(request: HttpRequest, organisation: str) -> HttpResponse:
    """The settings; auditors read them."""
    user = person(request)
    found = organisation_of(user, organisation, OVERSEERS)
    may = Membership.objects.oversees(user, ADMINISTRATORS, found.pk)
    if request.method == "POST" and not may:
        raise PermissionDenied("An auditor reads the settings and changes nothing.")
    form = SettingsForm(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        form.keep()
        messages.success(request, "Kept. Drafts are judged under it from now on; records stay as they were frozen.")
        return redirect("organisation", organisation)
    context = {"organisation": found, "form": form, "may": may, "whole": True}
    return render(request, "organisation/organisation.html", context, status=422 if form.errors else 200)


def called(key: str) -> str:
    """What a planning value is called."""
    return catalogue().planning[key].title or in_words(key)


def _initial(organisation: Organisation) -> dict[str, Any]:
    policy, rule = read_policy(organisation.policy), rule_of(organisation)
    found: dict[str, Any] = {
        "name": organisation.name,
        "accepted_evidence": [one.value for one in policy.accepted_evidence],
        "approvers": rule.approvers,
        "author": rule.author.value,
        "review_months": organisation.review_months,
        "require_second_factor": organisation.require_second_factor,
    }
    found |= {f"banned_{one.value}": reason for one, reason in policy.not_allowed.items()}
    found |= {f"stage_{place}": _key(one) for place, one in enumerate(rule.order)}
    for key, value in policy.planning.items():
        found |= {f"{part}_{key}": getattr(value, part) for part in PARTS}
    return found


def _stages(organisation: Organisation) -> Iterator[tuple[str, str]]:
    yield "role:administrator", "an administrator"
    for team in organisation.teams.all():
        yield f"team:{team.pk}", f"an approver of {team}"


def _key(stage: Stage) -> str:
    if stage.team is not None:
        return f"team:{stage.team}"
    return "role:administrator" if stage.role is Role.ADMINISTRATOR else ""


def _stage(key: str) -> Stage:
    kind, _, value = key.partition(":")
    if kind == "team":
        return Stage(team=int(value))
    return Stage(role=Role.ADMINISTRATOR if kind == "role" else Role.APPROVER)
