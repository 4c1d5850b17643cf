"""Every address of the site as every role and as strangers, against a table. A new address without a row fails."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie

import pytest
from django.conf import settings
from django.contrib import admin
from django.db import transaction
from django.http import HttpResponse
from django.template import loader
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from decisions import importing, issue
from decisions.invitations import Place, invite
from decisions.models import (
    Baseline,
    Decision,
    FeedAddress,
    GroupRule,
    ImportedRecord,
    Outcome,
    Record,
    Rendering,
    Role,
    SavedFilter,
    ServiceToken,
    Signature,
    SigningKey,
    User,
    WebHook,
)
from decisions.models.lists import hashed
from decisions.rendering import html
from decisions.tokens import Scope, issue_token
from decisions.views import calibration, pilot
from tests import factories
from tests.factories import NOW
from tests.web import dossier
from tests.web.permitted import FORBIDDEN, IN, LEVELS, METHOD, NOT_FOUND, READERS, SIGN_IN, TABLE, TOKEN

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# What a view that let the person in may answer: a page, the way to another one, what is wrong with an empty form.
IN_STATUS = {200, 204, 302, 400, 409, 410, 422}
OUTCOMES = {401: TOKEN, 403: FORBIDDEN, 404: NOT_FOUND, 405: METHOD}

DRAFTS = {
    "tasks",
    "step",
    "flips",
    "baseline",
    "prometheus",
    "sign",
    "preview",
    "lineage",
    "delete",
    "api:measure_draft",
}
ACCEPTED = {"plan", "pack", "pilot", "deprecate", "supersede"}


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """One organisation with a decision in each state, and a person in each role."""

    draft: Decision
    proposed: Decision
    accepted: Decision
    people: dict[str, User | None]

    def of(self, name: str) -> Decision:
        """The decision that an address is tried with."""
        return self.draft if name in DRAFTS else self.accepted if name in ACCEPTED else self.proposed


def patterns() -> Iterator[tuple[str, set[str]]]:
    """Name and arguments of all addresses but those of Django's admin, which have tests of their own."""

    def walk(found: list[URLPattern | URLResolver], space: str, before: set[str]) -> Iterator[tuple[str, set[str]]]:
        for one in found:
            wanted = before | set(one.pattern.converters)
            if not isinstance(one, URLResolver):
                assert one.name, f"{one.pattern} has no name"
                yield space + one.name, wanted
            elif one.namespace != admin.site.name:
                yield from walk(one.url_patterns, f"{one.namespace}:" if one.namespace else space, wanted)

    return walk(get_resolver().url_patterns, "", set())


@pytest.fixture
def case(monkeypatch: pytest.MonkeyPatch) -> Dossier:
    dossier.without_pages(monkeypatch)
    team = factories.team()
    organisation = team.organisation
    made = dossier.draft(team), dossier.proposed(team, "Ingress"), dossier.accepted(team, "Egress")
    # Who is let in is decided before a page is made; making a thousand of them would only take time.
    monkeypatch.setattr(loader, "render_to_string", lambda *_arguments, **_named: "")
    monkeypatch.setattr(issue, "document_of", lambda *_arguments: {"sections": []})
    monkeypatch.setattr(html, "render", lambda _document: "")
    monkeypatch.setattr(pilot, "laid_out", lambda _document: {})
    monkeypatch.setattr(calibration, "laid_out", lambda _document: Marks())
    people = {
        "nobody": None,
        "outsider": factories.member(factories.team(), Role.ADMINISTRATOR),
        "viewer": factories.member(team, Role.VIEWER),
        "author": factories.member(team, Role.AUTHOR),
        "approver": factories.member(team, Role.APPROVER),
        "team administrator": factories.member(team, Role.ADMINISTRATOR),
        "auditor": factories.member(organisation, Role.AUDITOR),
        "administrator": factories.member(organisation, Role.ADMINISTRATOR),
    }
    return Dossier(draft=made[0], proposed=made[1], accepted=made[2], people=people)


class Marks:
    """An outcome without marks."""

    marks = ()


def rows(case: Dossier) -> dict[str, dict[str, object]]:
    """What the addresses of other objects than decisions lead to: name of the address -> its argument."""
    team, organisation, boss = case.draft.team, case.draft.organisation, case.people["administrator"]
    author, record = case.people["author"], case.accepted.newest_record()
    robot = factories.member(team)
    User.objects.filter(pk=robot.pk).update(is_service=True)
    robot.refresh_from_db()
    invitation, link = invite(
        Place(organisation=organisation, team=team, role=Role.VIEWER), "a@example.org", by=boss, now=timezone.now()
    )
    until = NOW + dt.timedelta(days=9)
    token, _ = issue_token(robot, organisation.pk, [Scope.READ], by=boss, now=NOW, expires_at=until)
    hook = WebHook.objects.create(
        organisation=organisation, address="https://x.example", locked_secret="", created_by=boss, created_at=NOW
    )
    rule = GroupRule.objects.create(organisation=organisation, team=team, group="g", role=Role.VIEWER)
    baseline = Baseline.objects.create(system=case.draft.system, created_by=boss, created_at=NOW)
    outcome = Outcome.objects.create(
        record=record,
        number=1,
        stage=1,
        verdict="hold",
        canonical=b'{"judgement": {}}',
        digest="0",
        sealed=b"",
        kept_by=author,
        kept_at=NOW,
    )
    foreign = ImportedRecord.objects.create(
        team=team, source="a", path="a.md", content=b"# A", sha256="0", imported_by=author, imported_at=NOW
    )
    key = SigningKey.objects.create(user=author, kind="ssh", name="a", identity="a", public_key="a", added_at=NOW)
    FeedAddress.objects.create(user=author, sha256=hashed("secret"), made_at=NOW)
    adr = b"# 1. Use a mesh\n\n## Status\n\nAccepted\n\n## Context\n\nA\n\n## Decision\n\nB\n\n## Consequences\n\nC\n"
    pks = {
        "member": factories.member(team).memberships.get(),
        "withdraw-invitation": invitation,
        "remove-group": rule,
        "tokens": robot,
        "revoke-token": token,
        "hook": hook,
        "system": case.draft.system,
        "delete_filter": SavedFilter.objects.create(user=author, name="a", query="status=draft"),
        "found": importing.take(author, team, [("0001-a.md", adr)], NOW),
        "imported": foreign,
        "source_file": foreign,
    }
    keys = {"retire": key, "outcome": outcome, "addendum": outcome, "measured": baseline, "beside": baseline}
    return {
        **{name: {"pk": row.pk} for name, row in pks.items()},
        **{name: {"key": row.pk} for name, row in keys.items()},
        "invitation": {"token": link.rstrip("/").rsplit("/", 1)[-1]},
    }


def addresses(case: Dossier) -> dict[str, str]:
    """One address for each name."""
    special = rows(case)
    common = {
        "organisation": case.draft.organisation.slug,
        "place": 1,
        "key": 1,
        "uidb36": "1",
        "flavour": "madr",
        "name": "nygard",
        "predecessor": case.accepted.number,
        "revision": 1,
        "provider_id": "sso",
        "secret": "secret",
        "sheet": "linkerd",
        "size": 1,
        "old": 1,
        "new": 2,
        "digest": case.proposed.newest_record().digest,
        "system": case.draft.system_id,
        "pk": 0,
    }
    found = {}
    for name, wanted in patterns():
        kind = "csv" if name == "export" else "json"
        values = common | {"number": case.of(name).number, "kind": kind} | special.get(name, {})
        found[name] = reverse(name, kwargs={one: values[one] for one in wanted})
    found["nothing_here"] += "nowhere/"  # the bare prefix is the page that explains the interface
    return found


def ask(client: Client, cookies: dict[str, str], method: str, address: str) -> tuple[str, bool]:
    """What a request ends in, and whether it changed something of the organisation; it is undone."""
    client.cookies = SimpleCookie(cookies)  # whatever the last request said
    with transaction.atomic():
        before = state() if method == "post" else ()
        answer = getattr(client, method)(address)
        if answer.streaming:
            b"".join(answer.streaming_content)
        changed = method == "post" and state() != before
        transaction.set_rollback(True)
    return outcome(answer), changed


def outcome(answer: HttpResponse) -> str:
    if answer.status_code == 302 and answer["Location"].startswith(reverse("login") + "?"):
        return SIGN_IN
    return IN if answer.status_code in IN_STATUS else OUTCOMES.get(answer.status_code, str(answer.status_code))


def state() -> tuple[object, ...]:
    """What only those who may write, approve or administer can change."""
    kept = (Record, Signature, Rendering, WebHook, GroupRule, Outcome, ImportedRecord)
    return (
        [*Decision.objects.order_by("pk").values_list("pk", "version", "status")],
        [*ServiceToken.objects.values_list("pk", "revoked_at")],
        *(one.objects.count() for one in kept),
    )


def session_of(user: User | None) -> dict[str, str]:
    if user is None:
        return {}
    client = Client()
    client.force_login(user)
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def test_every_address_has_a_row_in_the_table() -> None:
    names = {name for name, _ in patterns()}
    missing = ", ".join(sorted(names - set(TABLE)))
    assert not missing, (
        f"Say in TABLE, in permitted.py, who may open these addresses and who may send a form to them: {missing}"
    )
    assert not set(TABLE) - names, "These rows of TABLE are about no address any more."


def test_every_address_lets_in_whom_the_table_names_and_nobody_else(case: Dossier) -> None:
    where, wrong = addresses(case), []
    client = Client()  # one for all: each reads the list of static files anew
    for role, user in case.people.items():
        cookies = session_of(user)
        for name, address in where.items():
            for method, level in zip(("get", "post"), TABLE[name], strict=True):
                found, changed = ask(client, cookies, method, address)
                if found != LEVELS[level][role]:
                    wrong.append(f"{method} {name} as {role}: {found}, not {LEVELS[level][role]}")
                if changed and role in READERS:
                    wrong.append(f"{method} {name} as {role} changed something")
    assert not wrong, "\n".join(wrong)
