"""What the database lets happen."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from decisions.models import ConflictError, Decision, Edition, Event, KeptError, Record, Rendering, Signature, Status
from decisions.models.record import Frozen
from decisions.models.succession import follow
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def record(decision: Decision) -> Record:
    return Record.objects.create(
        decision=decision,
        revision=1,
        inputs=decision.case,
        catalogue_version="c",
        engine_version="e",
        canonical=b"{}",
        digest="0" * 64,
        created_at=NOW,
    )


def rows_of_every_frozen_kind() -> list[object]:
    decision = factories.decision()
    frozen = record(decision)
    return [
        frozen,
        Rendering.objects.create(
            record=frozen, kind="md", edition=Edition.PROPOSED, content=b"x", sha256="0" * 64, created_at=NOW
        ),
        Signature.objects.create(
            record=frozen, signer=decision.author, meaning="author", digest="0" * 64, statement="I.", signed_at=NOW
        ),
        Event.objects.create(organisation=decision.organisation, decision=decision, act="started", at=NOW),
    ]


def test_numbers_count_up_within_the_organisation_and_are_never_given_twice() -> None:
    team = factories.team()
    first, second = factories.decision(of=team), factories.decision(of=team)
    assert (first.number, second.number) == ("DR-0001", "DR-0002")
    second.delete()
    assert factories.decision(of=team).number == "DR-0003"
    assert factories.decision().number == "DR-0001"


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_recorded(statement: str) -> None:
    for row in rows_of_every_frozen_kind():
        table = row._meta.db_table
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table))


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE")
def test_the_database_refuses_to_empty_what_was_recorded() -> None:
    rows = rows_of_every_frozen_kind()
    connection.check_constraints()  # what waits for the end of the transaction would keep TRUNCATE from beginning
    for row in rows:
        table = row._meta.db_table
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")
        assert type(row).objects.exists()


def triggers_of(table: str) -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table])
        else:
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        return int(cursor.fetchone()[0])


def test_every_table_that_only_grows_has_its_triggers() -> None:
    # SQLite drops a table's triggers when a migration rebuilds it: such a migration has to make them anew.
    frozen = [model for model in apps.get_models() if issubclass(model, Frozen)]
    assert len(frozen) >= 7
    expected = 3 if connection.vendor == "postgresql" else 2  # PostgreSQL's TRUNCATE is an act of its own
    assert {model.__name__: triggers_of(model._meta.db_table) for model in frozen if model._meta.managed} == {
        model.__name__: expected for model in frozen if model._meta.managed
    }


def test_frozen_rows_say_so_before_the_database_has_to() -> None:
    for row in rows_of_every_frozen_kind():
        for act in (row.save, row.delete, type(row).objects.all().delete, lambda r=row: type(r).objects.update(pk=1)):
            with pytest.raises(KeptError):
                act()


def test_a_move_starts_from_the_state_that_was_seen() -> None:
    seen = factories.decision()
    twin = Decision.objects.get(pk=seen.pk)
    Decision.objects.move(twin, Status.DRAFT, status=Status.PROPOSED, changed_by=twin.author)
    assert (twin.status, twin.version) == (Status.PROPOSED, 2)
    with pytest.raises(ConflictError, match=r"is proposed now.*by user"):
        Decision.objects.move(seen, Status.DRAFT, status=Status.PROPOSED)


def test_a_decision_in_another_state_is_not_moved_even_when_nobody_changed_it_meanwhile() -> None:
    accepted = factories.decision(status=Status.ACCEPTED)
    with pytest.raises(ConflictError, match="accepted"):
        Decision.objects.move(accepted, Status.PROPOSED, status=Status.DRAFT)
    accepted.refresh_from_db()
    assert accepted.status == Status.ACCEPTED


def test_a_move_with_an_old_version_changes_nothing() -> None:
    seen = factories.decision()
    twin = Decision.objects.get(pk=seen.pk)
    Decision.objects.move(twin, Status.DRAFT, title="Other")
    with pytest.raises(ConflictError, match="changed meanwhile"):
        Decision.objects.move(seen, Status.DRAFT, title="Mine")
    seen.refresh_from_db()
    assert seen.title == "Other"


def test_a_move_of_a_deleted_draft_says_so() -> None:
    seen = factories.decision()
    Decision.objects.get(pk=seen.pk).delete()
    with pytest.raises(ConflictError, match="deleted meanwhile"):
        Decision.objects.move(seen, Status.DRAFT, title="Mine")


def test_signed_superseded_and_finished_decisions_are_kept() -> None:
    signed = factories.decision()
    record(signed)
    with pytest.raises(KeptError, match="signed record"):
        signed.delete()
    old = factories.decision()
    follow(factories.decision(of=old.team), old)
    with pytest.raises(KeptError, match="another decision refers"):
        old.delete()
    rejected = factories.decision(status=Status.REJECTED)
    with pytest.raises(KeptError, match="is rejected"):
        Decision.objects.filter(pk=rejected.pk).delete()


def test_a_draft_can_be_deleted_and_its_events_stay() -> None:
    draft = factories.decision()
    Event.objects.create(organisation=draft.organisation, decision=draft, act="started", at=NOW)
    draft.delete()
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_the_triggers_are_there_again_after_a_test_that_committed(time: str) -> None:
    test_the_database_refuses_to_change_what_was_recorded("DELETE FROM {}")
