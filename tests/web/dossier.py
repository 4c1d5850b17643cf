"""Decisions on their way through review: records, signatures and events as issuing makes them."""

import datetime as dt
from ipaddress import ip_network

import pytest

from decisions import issue, sealing
from decisions.advisor.requirements import BY_ID
from decisions.drafting import Sheet, save
from decisions.models import Decision, Edition, Membership, Record, Role, Team, User
from decisions.signing.seal import blank_page
from tests import factories
from tests.factories import NOW

SORTED = {f"requirements.{one}.need": "not_needed" for one in BY_ID} | {
    "requirements.workload_identity.need": "must",
    "requirements.workload_identity.evidence.kind": "rule",
    "requirements.workload_identity.evidence.who": "Compliance, J. Falk",
    "baseline.pods": 400,
    "baseline.p99_ms": 38,
}


BLANK = b"%PDF-1.7 blank"


def without_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Laying out and sealing a PDF takes seconds; where a test is not about it, a blank one stands in."""

    def make(record: Record, edition: Edition, *_rest: object) -> sealing.Made:
        return sealing.Made(pdf=BLANK if edition == Edition.PROPOSED else BLANK + record.digest.encode())

    monkeypatch.setattr(sealing, "make", make)


LOOPBACK = ip_network("127.0.0.0/8")


def with_short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty page for each record, sealed like any other."""

    def make(record: Record, edition: Edition, now: dt.datetime) -> sealing.Made:
        return sealing.seal(blank_page(), f"{record.decision.number} {edition}", now)

    monkeypatch.setattr(sealing, "make", make)


def member(of: Team, role: Role, name: str) -> User:
    """The person of that name with that role in the team, made when nobody is called so yet."""
    known = User.objects.filter(username=name.lower().replace(" ", ".")).first()
    if known is None:
        return factories.member(of, role, name)
    Membership.objects.get_or_create(user=known, organisation=of.organisation, team=of, defaults={"role": role})
    return known


def draft(of: Team | None = None, title: str = "East-west traffic") -> Decision:
    """A draft with answers, by an author of its own."""
    of = of or factories.team()
    decision = factories.decision(author=member(of, Role.AUTHOR, "Nadia Okafor"), of=of, title=title)
    answer(decision, SORTED)
    return decision


def answer(decision: Decision, answers: dict[str, object]) -> None:
    """Give answers as the author does."""
    saved = save(decision, Sheet(user=decision.author, seen=decision.version, now=NOW), answers)
    assert not saved.problems
    assert not saved.clashes


def proposed(of: Team | None = None, title: str = "East-west traffic") -> Decision:
    """Proposed by its author."""
    decision = draft(of, title)
    issue.propose(decision, decision.author, NOW)
    return decision


def approver(decision: Decision) -> User:
    """Somebody who may approve it."""
    return member(decision.team, Role.APPROVER, "Tomas Lind")


def accepted(of: Team | None = None, title: str = "East-west traffic") -> Decision:
    """Proposed and approved."""
    decision = proposed(of, title)
    issue.approve(decision, approver(decision), NOW)
    return decision
