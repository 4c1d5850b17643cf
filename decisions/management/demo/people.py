"""Who works at the demo organisation."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from decisions.models import Membership, Organisation, Role, Team, User

SLUG = "nordlicht"
TEAMS = ("Ticketing", "Depots")


@dataclass(frozen=True, kw_only=True)
class Person:
    """One employee: the name they sign in with, their full name, their role, and their team or none for all teams."""

    username: str
    first_name: str
    last_name: str
    role: Role
    team: str = ""


PEOPLE = (
    Person(username="admin", first_name="Astrid", last_name="Holm", role=Role.ADMINISTRATOR),
    Person(username="mara", first_name="Mara", last_name="Lindqvist", role=Role.AUTHOR, team="Ticketing"),
    Person(username="jonas", first_name="Jonas", last_name="Weber", role=Role.APPROVER, team="Ticketing"),
    Person(username="aylin", first_name="Aylin", last_name="Demir", role=Role.AUTHOR, team="Depots"),
    Person(username="tomas", first_name="Tomás", last_name="Pereira", role=Role.APPROVER, team="Depots"),
    Person(username="ingrid", first_name="Ingrid", last_name="Solberg", role=Role.VIEWER),
)


@dataclass(frozen=True, kw_only=True)
class Cast:
    """The organisation with its teams and people by name."""

    organisation: Organisation
    teams: Mapping[str, Team]
    people: Mapping[str, User]


def address(username: str) -> str:
    """Where mail to somebody of the demo would go: a domain kept for examples, so nobody real has it (RFC 2606)."""
    return f"{username}@nordlicht.example.org"


def renew(password: str) -> int:
    """Give those of the demo's people who still have its address this password; how many. All are signed out."""
    addresses = [address(one.username) for one in PEOPLE]
    return User.objects.filter(email__in=addresses).update(password=make_password(password))


def settle(password: str) -> Cast:
    """Make the organisation, its teams and its people; the administrator runs the instance too."""
    organisation = Organisation.objects.create(name="Nordlicht Transit", slug=SLUG)
    teams = {name: Team.objects.create(organisation=organisation, name=name) for name in TEAMS}
    hashed = make_password(password)  # once: hashing is slow on purpose
    people = {}
    for person in PEOPLE:
        administrator = person.role is Role.ADMINISTRATOR
        user = User.objects.create(
            username=person.username,
            first_name=person.first_name,
            last_name=person.last_name,
            email=address(person.username),
            password=hashed,
            is_staff=administrator,
            is_superuser=administrator,
        )
        Membership.objects.create(
            user=user, organisation=organisation, team=teams.get(person.team), role=person.role.value
        )
        people[person.username] = user
    return Cast(organisation=organisation, teams=teams, people=people)
