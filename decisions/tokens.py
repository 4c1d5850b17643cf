"""Tokens of service accounts: made once, kept as a hash, limited in what they may do and for how long."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from decisions.models import ServiceToken, User

PREFIX = "mesh_"
"""What every token starts with, so that scanners of repositories find one that was committed."""
SEEN_EVERY = dt.timedelta(minutes=1)
"""The time of last use is written at most this often: a busy client does not write a row for each request."""
LONGEST = dt.timedelta(days=366)


class Scope(StrEnum):
    """What a token may do; the role of the account limits it further."""

    READ = "read"
    WRITE = "write"
    MEASURE = "measure"
    ADMINISTER = "administer"


SCOPES = {
    Scope.READ: "Read decisions, records and files",
    Scope.WRITE: "Start drafts, answer and propose",
    Scope.MEASURE: "Add measurements to baselines",
    Scope.ADMINISTER: "Change settings, people and tokens; have decisions judged again",
}


class TokenError(Exception):
    """The token opens nothing. The text may be shown to whoever sent it."""


@dataclass(frozen=True, kw_only=True)
class Bearer:
    """Who acts with a token, where, and what the token allows."""

    user: User
    organisation_id: int
    scopes: frozenset[Scope]

    def allows(self, scope: Scope) -> bool:
        """Whether the token has the scope."""
        return scope in self.scopes


def issue_token(
    user: User, organisation_id: int, scopes: Iterable[Scope], *, by: User, now: dt.datetime, expires_at: dt.datetime
) -> tuple[ServiceToken, str]:
    """A new token of a service account: the row, and the token itself, which nobody can find out again.

    Raises TokenError for a user who is no service account and for a day that is past or more than a year away.
    """
    if not user.is_service:
        raise TokenError("Tokens belong to service accounts; people sign in.")
    if not now < expires_at <= now + LONGEST:
        raise TokenError("A token lasts until a day within the next year.")
    token = PREFIX + secrets.token_urlsafe(32)
    row = ServiceToken.objects.create(
        organisation_id=organisation_id,
        user=user,
        scopes=sorted({Scope(one).value for one in scopes}),
        sha256=_hash(token),
        hint=token[: len(PREFIX) + 5],
        created_by=by,
        created_at=now,
        expires_at=expires_at,
    )
    return row, token


def authenticate(authorization: str, now: dt.datetime) -> Bearer:
    """Who sent this Authorization header, "Bearer mesh_...". One query, at times two. Raises TokenError."""
    scheme, _, token = authorization.strip().partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token.startswith(PREFIX):
        raise TokenError(f"Send the header Authorization: Bearer {PREFIX}... with a token of a service account.")
    row = ServiceToken.objects.select_related("user").filter(sha256=_hash(token)).first()
    if row is None or not row.user.is_active or not row.user.is_service:
        raise TokenError("This token is not known. Ask an administrator of your organisation for a new one.")
    if row.revoked_at is not None:
        raise TokenError("This token was revoked. Ask an administrator of your organisation for a new one.")
    if row.expires_at <= now:
        raise TokenError(f"This token expired on {row.expires_at:%Y-%m-%d}. Ask an administrator for a new one.")
    if row.last_used_at is None or now - row.last_used_at > SEEN_EVERY:
        ServiceToken.objects.filter(pk=row.pk).update(last_used_at=now)
    scopes = frozenset(Scope(one) for one in row.scopes)
    return Bearer(user=row.user, organisation_id=row.organisation_id, scopes=scopes)


def revoke(token: ServiceToken, now: dt.datetime) -> None:
    """End a token at once; one that was revoked before keeps its time."""
    ServiceToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
