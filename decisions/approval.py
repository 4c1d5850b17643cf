"""Who has to approve before a proposed decision is accepted: the rule of its organisation, and how far it is met."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from decisions.models import Decision, Meaning, Membership, Organisation, Record, Role, User
from decisions.models.people import APPROVERS

MOST = 5
"""The most approvers a rule can ask for."""


class AuthorMay(StrEnum):
    """What the author's own approval counts for."""

    NEVER = "never"
    BESIDE_OTHERS = "beside others"
    """One of several: somebody else has to approve as well, whatever the number that is needed."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One place in the order of approvals: an approver of this team, or somebody with this role.

    Without a team the role counts where the decision belongs: in its team or in the whole organisation.
    """

    role: Role = Role.APPROVER
    team: int | None = None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How many approvals a record needs, in which order, and whether the author's counts.

    The order covers the first approvals; those beyond it may come from any approver.
    """

    approvers: int = 1
    order: tuple[Stage, ...] = ()
    author: AuthorMay = AuthorMay.NEVER

    @property
    def needed(self) -> int:
        """How many approvals there have to be."""
        return max(self.approvers, len(self.order), 1)


def rule_of(organisation: Organisation) -> Rule:
    """The rule of an organisation. Without one: one approver who is not the author."""
    given: dict[str, Any] = organisation.approval
    author = AuthorMay.BESIDE_OTHERS if organisation.author_may_approve else AuthorMay.NEVER
    order = tuple(
        Stage(role=Role(one.get("role", Role.APPROVER)), team=one.get("team")) for one in given.get("order", ())
    )
    return Rule(approvers=int(given.get("approvers", 1)), order=order, author=author)


def keep_rule(organisation: Organisation, rule: Rule) -> None:
    """Put the rule on the organisation; the caller saves it."""
    organisation.author_may_approve = rule.author is not AuthorMay.NEVER
    organisation.approval = {
        "approvers": rule.approvers,
        "author": rule.author.value,
        "order": [{"role": one.role.value, "team": one.team} for one in rule.order],
    }


def approved_by(record: Record) -> list[int]:
    """The users who have approved the record, in the order in which they did."""
    return list(record.signatures.filter(meaning=Meaning.APPROVAL).values_list("signer_id", flat=True))


def outstanding(decision: Decision, signers: Sequence[int]) -> int:
    """How many approvals are still needed when these users have approved; 0 accepts the decision."""
    rule = rule_of(decision.organisation)
    missing = max(rule.needed - len(signers), 0)
    if not missing and set(signers) <= {decision.author_id}:
        return 1
    return missing


def why_not(user: User, decision: Decision, signers: Sequence[int]) -> str:
    """Why this approver may not approve now, for the user; empty when nothing stands in the way."""
    rule = rule_of(decision.organisation)
    if user.is_service:
        return "Service accounts do not approve; people do."
    if decision.author_id == user.pk and rule.author is AuthorMay.NEVER:
        return "You wrote this decision, so somebody else has to approve it."
    if user.pk in signers:
        more = outstanding(decision, signers)
        return f"You have approved it. {more} more approval{'s are' if more > 1 else ' is'} needed."
    if len(signers) < len(rule.order):
        return _why_not_next(user, decision, rule.order[len(signers)], len(signers) + 1)
    return ""


def _why_not_next(user: User, decision: Decision, stage: Stage, place: int) -> str:
    roles = APPROVERS if stage.role is Role.APPROVER else (stage.role,)
    team = stage.team if stage.team is not None else decision.team_id
    if Membership.objects.allows(user, roles, organisation=decision.organisation_id, team=team):
        return ""
    return f"Approval {place} has to come from {who(decision.organisation, stage)}."


def who(organisation: Organisation, stage: Stage) -> str:
    """Whom a stage asks for, in words."""
    article = "an administrator" if stage.role is Role.ADMINISTRATOR else "an approver"
    if stage.team is None:
        return article
    team = organisation.teams.filter(pk=stage.team).first()
    return f"{article} of {team or 'a team that is gone; an administrator has to change the rule'}"


def in_words(organisation: Organisation) -> str:
    """The rule in one sentence, for the page of a proposed decision."""
    rule = rule_of(organisation)
    count = "One approval" if rule.needed == 1 else f"{rule.needed} approvals"
    order = f", first {', then '.join(who(organisation, one) for one in rule.order)}" if rule.order else ""
    return f"{count}{order}."
