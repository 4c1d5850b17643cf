"""Tokens of service accounts."""

import datetime as dt

import pytest

from decisions.models import Role, ServiceToken, User
from decisions.tokens import Scope, TokenError, authenticate, issue_token, revoke
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def service(**fields: object) -> tuple[ServiceToken, str]:
    team = factories.team()
    robot = factories.member(team, Role.AUTHOR)
    User.objects.filter(pk=robot.pk).update(is_service=True, **fields)
    robot.refresh_from_db()
    by = factories.member(team.organisation, Role.ADMINISTRATOR)
    return issue_token(robot, team.organisation_id, [Scope.MEASURE, Scope.READ], by=by, now=NOW, expires_at=NOW + DAY)


def test_a_token_says_who_acts_and_what_for_and_is_not_kept() -> None:
    row, token = service()
    bearer = authenticate(f"Bearer {token}", NOW)
    assert bearer.user == row.user
    assert bearer.scopes == {Scope.READ, Scope.MEASURE}
    assert not bearer.allows(Scope.WRITE)
    kept = str(ServiceToken.objects.values().get())
    assert token not in kept
    assert token[:15] not in kept


@pytest.mark.parametrize("header", ["", "Bearer", "Basic abc", "Bearer mesh_unknown", "Bearer \ud800", "mesh_x"])
def test_whatever_is_no_token_opens_nothing(header: str) -> None:
    service()
    with pytest.raises(TokenError):
        authenticate(header, NOW)


def test_it_ends_with_its_day_with_its_account_and_when_it_is_revoked() -> None:
    row, token = service()
    with pytest.raises(TokenError, match="expired on 2026-11-04"):
        authenticate(f"Bearer {token}", NOW + DAY)
    revoke(row, NOW)
    with pytest.raises(TokenError, match="revoked"):
        authenticate(f"Bearer {token}", NOW)
    row, token = service(is_active=False)
    with pytest.raises(TokenError, match="not known"):
        authenticate(f"Bearer {token}", NOW)


def test_last_use_is_written_at_most_once_a_minute(django_assert_num_queries: object) -> None:
    row, token = service()
    with django_assert_num_queries(2):
        authenticate(f"bearer {token}", NOW)
    with django_assert_num_queries(1):
        authenticate(f"bearer {token}", NOW + dt.timedelta(seconds=30))
    row.refresh_from_db()
    assert row.last_used_at == NOW


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_no_token_lasts_for_ever_or_is_over_before_it_begins(days: int) -> None:
    row, _ = service()
    with pytest.raises(TokenError, match="within the next year"):
        issue_token(row.user, row.organisation_id, [], by=row.created_by, now=NOW, expires_at=NOW + days * DAY)
    with pytest.raises(TokenError, match="people sign in"):
        issue_token(row.created_by, row.organisation_id, [], by=row.created_by, now=NOW, expires_at=NOW + DAY)
