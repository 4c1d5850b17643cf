"""An organisation with any number of past decisions: a few made by the product, the others copied from them as rows.

Every decision has its answers, its search words, a record row, two signatures and five events. Whole records (80 KB of
canonical JSON, 60 KB of HTML) are kept for every hundredth at most, SAMPLED in all: those are the ones whose pages are
measured. The others carry an empty one, or a hundred thousand would be fifteen gigabytes.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from django.db import connection
from django.utils import timezone

from decisions import issue
from decisions.advisor.case import load, write
from decisions.advisor.questions import FIELDS
from decisions.drafting import Sheet, plain, save
from decisions.models import Decision, Membership, Organisation, Record, Rendering, Role, Status, System, Team, User
from decisions.tokens import Scope, issue_token

CASES = ("depot-egress", "site-link", "fare-load", "one-mesh-for-all", "third-site", "settlement-callers")
TEAMS, SYSTEMS = 40, 400
SAMPLED = 200
BATCH = 5000
MINUTES = 20
"""Between two decisions: a hundred thousand are four years."""
STATUS = """CASE n % 10 WHEN 6 THEN 'draft' WHEN 7 THEN 'proposed' WHEN 8 THEN 'superseded' WHEN 9 THEN 'rejected'
ELSE 'accepted' END"""


@dataclass(frozen=True, kw_only=True)
class Estate:
    """The organisation, who looks at it, and the decisions that the others are copies of."""

    organisation: Organisation
    administrator: User
    prototypes: tuple[Decision, ...]
    first_team: int
    first_system: int


def found_or_known() -> tuple[Estate, int]:
    """The organisation of an earlier run with how many copies it has, or a new one."""
    organisation = Organisation.objects.filter(slug="large").first()
    if organisation is None:
        return found(), 0
    ours = Decision.objects.filter(organisation=organisation).order_by("pk")
    known = Estate(
        organisation=organisation,
        administrator=User.objects.get(username="administrator"),
        prototypes=tuple(ours[: len(CASES)]),
        first_team=organisation.teams.order_by("pk")[0].pk,
        first_system=System.objects.filter(organisation=organisation).order_by("pk")[0].pk,
    )
    return known, ours.count() - len(CASES)


def found() -> Estate:
    """Make the organisation with its teams and systems, and the prototypes through the product's own acts."""
    organisation = Organisation.objects.create(name="Large", slug="large", author_may_approve=True)
    administrator = User.objects.create(username="administrator", first_name="Ada", last_name="Large")
    Membership.objects.create(user=administrator, organisation=organisation, role=Role.ADMINISTRATOR)
    teams = [Team.objects.create(organisation=organisation, name=f"Team {n:02}") for n in range(TEAMS)]
    systems = [
        System.objects.create(organisation=organisation, team=teams[n % TEAMS], name=f"Cluster {n:03}")
        for n in range(SYSTEMS)
    ]
    prototypes = tuple(prototype(organisation, administrator, systems[n], name) for n, name in enumerate(CASES))
    return Estate(
        organisation=organisation,
        administrator=administrator,
        prototypes=prototypes,
        first_team=teams[0].pk,
        first_system=systems[0].pk,
    )


def token(estate: Estate) -> str:
    """A token of a service account that reads the whole organisation."""
    user, _ = User.objects.get_or_create(
        username="service-reader", defaults={"first_name": "Reader", "is_service": True}
    )
    Membership.objects.get_or_create(user=user, organisation=estate.organisation, defaults={"role": Role.VIEWER})
    now = timezone.now()
    until = now + dt.timedelta(days=1)
    organisation = estate.organisation.pk
    return issue_token(user, organisation, [Scope.READ], by=estate.administrator, now=now, expires_at=until)[1]


def prototype(organisation: Organisation, user: User, system: System, name: str) -> Decision:
    """One decision from a case of the demo, answered and proposed; its PDF waits for a worker."""
    folder = resources.files("decisions.management.demo")
    case = write(load((folder / f"{name}.yaml").read_text(encoding="utf-8")))
    now = timezone.now()
    decision = Decision.objects.create(
        organisation=organisation,
        number=organisation.take_number(),
        title=str(case["title"]),
        team=system.team,
        system=system,
        author=user,
        case={"schema": "meshadvisor-case/1", "title": case["title"]},
        created_at=now,
        changed_at=now,
        changed_by=user,
    )
    answers = {path: plain(case, path) for path in FIELDS if plain(case, path) is not None}
    save(decision, Sheet(user=user, seen=decision.version, now=now), answers)
    issue.propose(decision, user, now)
    return decision


def grow(estate: Estate, begin: int, end: int, *, judged: bool = False) -> None:
    """Add copies number `begin` to `end - 1`; `judged`: accepted, each with answers of its own and a whole record."""
    with connection.cursor() as cursor:
        for place, original in enumerate(estate.prototypes):
            for statement in statements(estate, original, judged=judged):
                cursor.execute(statement, [begin, end - 1, len(estate.prototypes), place])
        cursor.execute("ANALYZE" if connection.vendor == "postgresql" else "PRAGMA wal_checkpoint(TRUNCATE)")


def fill_with_accepted(estate: Estate, size: int) -> None:
    """Accepted decisions to be judged again; a few thousand at a time, since each has 80 KB."""
    Decision.objects.filter(pk__in=[one.pk for one in estate.prototypes]).update(status=Status.PROPOSED)
    for begin in range(0, size, BATCH):
        grow(estate, begin, min(begin + BATCH, size), judged=True)


def statements(estate: Estate, original: Decision, *, judged: bool = False) -> Iterator[str]:
    """The statements that copy one prototype with its record, signatures and events."""
    earlier = (
        f"x.changed_at - n * interval '{MINUTES} minutes'"
        if connection.vendor == "postgresql"
        else f"strftime('%%Y-%%m-%%d %%H:%%M:%%f000', x.changed_at, '-' || (n * {MINUTES}) || ' minutes')"
    )
    changes = {
        "number": "'DR-' || (100000 + n)",
        "title": "x.title || ' ' || (100000 + n)",
        "team_id": f"{estate.first_team} + n % {TEAMS}",
        "system_id": f"{estate.first_system} + n % {SYSTEMS}",
        "status": STATUS,
        "words": "x.words || ' dr ' || (100000 + n) || ' rare' || (n % 5000)",
        "changed_at": earlier,
        "created_at": earlier,
        "decided_at": f"CASE WHEN n % 10 IN (6, 7) THEN NULL ELSE {earlier} END",
        "outlook": "CASE n % 20 WHEN 0 THEN 'different' WHEN 1 THEN 'numbers' ELSE 'same' END",
    }
    if judged:
        changes |= {"status": "'accepted'", "outlook": "''"}
    numbers = "WITH RECURSIVE g(n) AS (SELECT CAST(%s AS integer) UNION ALL SELECT n + 1 FROM g WHERE n < %s) "
    chosen = "WHERE n % %s = %s".replace("n % ", "n %% ", 1)
    columns = [field.column for field in Decision._meta.concrete_fields if not field.primary_key]
    values = ", ".join(changes.get(column, f"x.{quoted(column)}").replace("n % ", "n %% ") for column in columns)
    yield (
        f"INSERT INTO decisions_decision ({', '.join(map(quoted, columns))}) {numbers}"
        f"SELECT {values} FROM g, decisions_decision x {chosen} AND x.id = {original.pk}"
    )
    record = Record.objects.get(decision=original)
    ours = f"d.organisation_id = {estate.organisation.pk}"
    joined = f"JOIN decisions_decision d ON d.number = 'DR-' || (100000 + n) AND {ours}"
    empty = "convert_to('{}', 'UTF8')" if connection.vendor == "postgresql" else "CAST('{}' AS BLOB)"
    whole = f"CASE WHEN n %% 100 = 0 AND n < {100 * SAMPLED} THEN x.canonical ELSE {empty} END"
    if judged:
        whole = "x.canonical"
    answers = varied() if judged else "x.inputs"
    yield (
        f"INSERT INTO decisions_record (decision_id, revision, inputs, catalogue_version, engine_version, canonical, "
        f"digest, created_at) {numbers} SELECT d.id, 1, {answers}, x.catalogue_version, x.engine_version, {whole}, "
        f"x.digest, x.created_at FROM g {joined}, decisions_record x {chosen} AND x.id = {record.pk}"
    )
    yield from belongings(record, numbers, chosen, joined)
    yield (
        f"INSERT INTO decisions_event (organisation_id, decision_id, actor_id, act, detail, at) {numbers} "
        f"SELECT x.organisation_id, d.id, x.actor_id, x.act, x.detail, x.at FROM g {joined}, "
        f"(SELECT * FROM decisions_event WHERE decision_id = {original.pk} ORDER BY id LIMIT 5) x {chosen}"
    )


def varied() -> str:
    """The answers of a record with other pods, calls a second and latency; no two numbers `n` have the same."""
    latency = {
        "postgresql": "coalesce((x.inputs -> 'baseline' ->> 'p99_ms')::float, 900)",
        "sqlite": "coalesce(json_extract(x.inputs, '$.baseline.p99_ms'), 900)",
    }[connection.vendor]
    figures = {"pods": "2000 + n %% 1000", "peak_rps": "20000 + n / 1000", "p99_ms": f"{latency} + (n %% 97) / 10.0"}
    if connection.vendor == "postgresql":
        pairs = ", ".join(f"'{name}', {value}" for name, value in figures.items())
        return f"jsonb_set(x.inputs, '{{baseline}}', (x.inputs -> 'baseline') || jsonb_build_object({pairs}))"
    pairs = ", ".join(f"'$.baseline.{name}', {value}" for name, value in figures.items())
    return f"json_set(x.inputs, {pairs})"


def belongings(record: Record, numbers: str, chosen: str, joined: str) -> Iterator[str]:
    """The statements that copy what hangs on a record: its signatures, and the page of those that are looked at."""
    copied = f"{joined} JOIN decisions_record r ON r.decision_id = d.id"
    for table, more in (
        ("decisions_signature", ""),
        ("decisions_rendering", f"AND n %% 100 = 0 AND n < {100 * SAMPLED}"),
    ):
        model = {"decisions_rendering": Rendering}.get(table) or record.signatures.model
        columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
        values = ", ".join("r.id" if column == "record_id" else f"x.{column}" for column in columns)
        yield (
            f"INSERT INTO {table} ({', '.join(columns)}) {numbers} SELECT {values} FROM g {copied}, {table} x "
            f"{chosen} AND x.record_id = {record.pk} {more}"
        )


def quoted(column: str) -> str:
    """A column's name as a statement needs it."""
    return connection.ops.quote_name(column)


def sampled(size: int) -> list[str]:
    """The numbers of decisions with a whole record, among the first `size`, drafts left out."""
    places = range(0, min(size, 100 * SAMPLED), 100)
    return [f"DR-{100000 + place}" for place in places if place % 10 != 6]
