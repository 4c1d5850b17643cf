"""Service accounts with tokens, and how they call."""

import datetime as dt
import json
from typing import Any

from django.test import Client
from django.utils import timezone

from decisions.models import Role, Team, User
from decisions.tokens import Scope, issue_token
from tests import factories

ALL = (Scope.READ, Scope.WRITE, Scope.MEASURE)


class Robot:
    """A program with a token."""

    def __init__(self, team: Team, *scopes: Scope, role: Role = Role.AUTHOR) -> None:
        self.user = factories.member(team, role)
        User.objects.filter(pk=self.user.pk).update(is_service=True)
        self.user.refresh_from_db()
        by, now = factories.member(team.organisation, Role.ADMINISTRATOR), timezone.now()
        ends = now + dt.timedelta(days=1)
        _, self.token = issue_token(self.user, team.organisation_id, scopes or ALL, by=by, now=now, expires_at=ends)
        self.client = Client(headers={"authorization": f"Bearer {self.token}"})

    def call(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        """The answer, after its status was what it should be."""
        names = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        data = b"" if body is None else json.dumps(body)
        answer = self.client.generic(method, f"/api/v1{path}", data, content_type="application/json", **names)
        assert answer.status_code == status, (answer.status_code, answer.content[:800])
        return answer
