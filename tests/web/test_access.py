"""Who reaches what."""

import pytest
from django.contrib.auth.models import AnonymousUser

from decisions.models import Baseline, Decision, Event, Measurement, Membership, Organisation, Role, System, Team
from decisions.models.people import APPROVERS, AUTHORS
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def everything_about(decision: Decision) -> None:
    baseline = Baseline.objects.create(system=decision.system, created_by=decision.author, created_at=NOW)
    Measurement.objects.create(
        baseline=baseline, kind="loadtest", measured_by=decision.author, read_at=NOW, sha256="0", size=1, file_name="a"
    )
    Event.objects.create(organisation=decision.organisation, decision=decision, act="started", at=NOW)


MODELS = (Decision, Team, System, Baseline, Measurement, Event, Organisation)


@pytest.mark.parametrize("model", MODELS)
def test_members_see_their_team_and_strangers_nothing(model: type) -> None:
    mine, other = factories.decision(), factories.decision()
    everything_about(mine)
    everything_about(other)
    assert model.objects.of(mine.author).count() == 1
    assert not model.objects.of(factories.stranger()).exists()
    assert not model.objects.of(AnonymousUser()).exists()


def test_another_team_of_the_same_organisation_is_as_strange_as_another_organisation() -> None:
    organisation = factories.organisation()
    mine = factories.decision(of=factories.team(organisation))
    factories.decision(of=factories.team(organisation))
    assert list(Decision.objects.of(mine.author)) == [mine]


@pytest.mark.parametrize("model", MODELS[:-1])
def test_members_of_the_whole_organisation_see_all_of_it_and_administrators_of_a_team_their_team(model: type) -> None:
    organisation = factories.organisation()
    teams = factories.team(organisation), factories.team(organisation)
    for team in teams:
        everything_about(factories.decision(of=team))
    everything_about(factories.decision())
    assert model.objects.of(factories.member(teams[0], Role.ADMINISTRATOR)).count() == 1
    for role in (Role.VIEWER, Role.AUDITOR, Role.ADMINISTRATOR):
        assert model.objects.of(factories.member(organisation, role)).count() == 2


def test_superusers_see_everything_until_they_are_deactivated() -> None:
    factories.decision(), factories.decision()
    root = factories.stranger()
    root.is_superuser = True
    assert Decision.objects.of(root).count() == 2
    root.is_active = False
    assert Decision.objects.of(root).count() == 0


@pytest.mark.parametrize(
    ("role", "writes", "approves"),
    [
        (Role.VIEWER, False, False),
        (Role.AUDITOR, False, False),
        (Role.AUTHOR, True, False),
        (Role.APPROVER, True, True),
        (Role.ADMINISTRATOR, True, True),
    ],
)
def test_a_role_includes_the_ones_before_it(role: Role, *, writes: bool, approves: bool) -> None:
    team, other = factories.team(), factories.team()
    user = factories.member(team, role)

    def allows(roles: tuple[Role, ...], where: Team) -> bool:
        return Membership.objects.allows(user, roles, organisation=where.organisation_id, team=where.pk)

    assert allows(AUTHORS, team) is writes
    assert allows(APPROVERS, team) is approves
    assert not allows(AUTHORS, other)
    assert Team.objects.of(user, AUTHORS).exists() is writes
