"""Objects for tests, made with as few words as the test needs. People have no password: use `client.force_login`."""

import datetime as dt
import itertools

from decisions.models import Decision, Membership, Organisation, Role, System, Team, User

NOW = dt.datetime(2026, 11, 3, 14, 2, tzinfo=dt.UTC)
serial = itertools.count(1)


def organisation(name: str = "", **fields: object) -> Organisation:
    """An organisation of its own."""
    number = next(serial)
    name = name or f"Organisation {number}"
    return Organisation.objects.create(name=name, slug=f"org-{number}", **fields)


def team(of: Organisation | None = None, name: str = "") -> Team:
    """A team, in a new organisation unless told."""
    return Team.objects.create(organisation=of or organisation(), name=name or f"Team {next(serial)}")


def stranger(name: str = "") -> User:
    """A user who belongs nowhere."""
    username = name.lower().replace(" ", ".") or f"user{next(serial)}"
    first, _, last = name.partition(" ")
    return User.objects.create(username=username, first_name=first, last_name=last)


def member(of: Team | Organisation, role: Role = Role.AUTHOR, name: str = "") -> User:
    """A user with a role in a team, or in the whole organisation."""
    user = stranger(name)
    if isinstance(of, Team):
        Membership.objects.create(user=user, organisation=of.organisation, team=of, role=role)
    else:
        Membership.objects.create(user=user, organisation=of, role=role)
    return user


def decision(
    author: User | None = None, *, of: Team | None = None, title: str = "East-west traffic", **fields: object
) -> Decision:
    """A draft with an empty case, by a member of the team."""
    of = of or (author and Team.objects.of(author).first()) or team()
    author = author or member(of)
    values: dict[str, object] = {
        "organisation": of.organisation,
        "number": of.organisation.take_number(),
        "title": title,
        "team": of,
        "system": System.objects.get_or_create(organisation=of.organisation, team=of, name="payments-prod")[0],
        "author": author,
        "case": {"schema": "meshadvisor-case/1", "title": title},
        "created_at": NOW,
        "changed_at": NOW,
        "changed_by": author,
    }
    return Decision.objects.create(**(values | fields))
