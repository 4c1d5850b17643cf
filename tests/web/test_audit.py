"""Somebody with the database in hand changes the past; the audit names what they did."""

import json
from collections.abc import Callable

import pytest
from django.db import connection

from decisions import issue, journal
from decisions.audit import audit
from decisions.models import Decision, LogCheckpoint, LogEntry, LogNode, Status
from decisions.models.log import LEVEL
from decisions.reassessment import judge_now
from decisions.signing.inclusion import ProofError, check_proof
from decisions.signing.merkle import leaf_hash, root, verify_consistency
from tests.factories import NOW
from tests.web import dossier

pytestmark = pytest.mark.django_db

FROZEN = (
    "decisions_record",
    "decisions_rendering",
    "decisions_signature",
    "decisions_logentry",
    "decisions_lognode",
    "decisions_logcheckpoint",
    "decisions_reassessment",
)


@pytest.fixture
def decision(monkeypatch: pytest.MonkeyPatch) -> Decision:
    """Proposed, rendered, sealed, approved, sealed: five entries."""
    dossier.without_pages(monkeypatch)
    return dossier.accepted()


@pytest.fixture
def sql(decision: Decision) -> Callable[..., None]:
    """The database as its administrator has it: nothing refuses anything."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            for table in FROZEN:
                for act in ("UPDATE", "DELETE"):
                    cursor.execute(f"DROP TRIGGER {table}_no_{act}")

    def execute(statement: str, *values: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    return execute


def found(outside: tuple[str, ...] = ()) -> list[str]:
    return [f"{one.layer}: {one.what}" for one in audit(outside).findings]


def rebuild() -> None:
    """What a thorough forger does: all hashes and checkpoints anew, with the instance's own key."""
    entries = [bytes(one) for one in LogEntry.objects.order_by("index").values_list("content", flat=True)]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM decisions_lognode")
        cursor.execute("DELETE FROM decisions_logcheckpoint")
        cursor.execute("UPDATE decisions_loghead SET size = %s", [len(entries)])
    for size, content in enumerate(entries):
        made = journal.merkle.appended(journal.nodes, size, leaf_hash(content))
        LogNode.objects.bulk_create([LogNode(place=lv * LEVEL + ix, hash=value) for (lv, ix), value in made.items()])
        note = journal.log_key().sign(size + 1, root(journal.nodes, size + 1))
        LogCheckpoint.objects.create(size=size + 1, note=note, at=NOW)


def test_what_nobody_touched_holds(decision: Decision) -> None:
    result = audit()
    assert result.holds
    assert (result.entries, result.checkpoints, result.records) == (5, 5, 1)
    acts = list(LogEntry.objects.values_list("act", flat=True))
    assert acts == ["proposed", "rendered", "sealed", "approved", "sealed"]


def test_entries_hold_hashes_and_ids_and_no_word_of_a_person(decision: Decision) -> None:
    for content in LogEntry.objects.values_list("content", flat=True):
        text = bytes(content).decode()
        assert decision.author.username not in text
        assert decision.title not in text
        assert json.loads(text)["record_sha256"] == decision.newest_record().digest


def test_a_judgement_under_todays_catalogue_is_a_leaf_and_cannot_be_reworded(
    decision: Decision, sql: Callable[..., None]
) -> None:
    judge_now([decision.pk])
    judge_now([decision.pk])
    assert LogEntry.objects.filter(act="re-assessed").count() == 1, "judged once under one catalogue"
    assert found() == []
    sql("UPDATE decisions_reassessment SET summary = %s", "All is well.")
    assert [one.split(":")[0] for one in found()] == ["reassessment", "reassessment"]


def test_the_check_of_a_roll_out_is_held_against_its_leaf(decision: Decision) -> None:
    journal.enter("checked", decision.newest_record(), NOW, outcome_sha256="0" * 64)
    (said,) = found()
    assert said.startswith("outcome: ")
    assert said.endswith("DR-0001 revision 1: a check of a roll-out that was kept is not here any more.")


TAMPERING: list[tuple[str, list[tuple[str, list[object]]], list[str]]] = [
    (
        "an entry is rewritten",
        [("UPDATE decisions_logentry SET content = %s WHERE {index} = 3", [b'{"act":"rejected"}'])],
        ["log: Entry 3 of the log (approved) is not the one that was written."],
    ),
    (
        "an entry in the middle is removed",
        [("DELETE FROM decisions_logentry WHERE {index} = 1", [])],
        ["log: Entry 1 of the log has been removed."],
    ),
    (
        "the last entry is removed with all its traces",
        [
            ("DELETE FROM decisions_logentry WHERE {index} = 4", []),
            ("UPDATE decisions_loghead SET size = 4", []),
        ],
        ["checkpoint: Ours was signed over 5 entries, and there are 4: entries were removed."],
    ),
    (
        "two entries change places",
        [
            ("UPDATE decisions_logentry SET {index} = 99 WHERE {index} = 0", []),
            ("UPDATE decisions_logentry SET {index} = 0 WHERE {index} = 3", []),
            ("UPDATE decisions_logentry SET {index} = 3 WHERE {index} = 99", []),
        ],
        ["log: Entry 0 of the log (approved) was entry 3 when it was written: the order was changed."],
    ),
    (
        "a record is rewritten",
        [("UPDATE decisions_record SET canonical = %s", [b"{}"])],
        ["record: DR-0001, revision 1: its content does not have the digest it is named by."],
    ),
    (
        "a record is rewritten and renamed after its new content",
        [
            (
                "UPDATE decisions_record SET canonical = %s, digest = %s",
                [b"{}", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"],
            )
        ],
        ["record: DR-0001, revision 1: the log knows no record with this digest."],
    ),
    (
        "a kept file is replaced",
        [("UPDATE decisions_rendering SET content = %s WHERE kind = 'md'", [b"# Another decision"])],
        ["file: DR-0001, revision 1 (md, proposed): the kept file is not the one that was kept."],
    ),
    (
        "a kept file is removed",
        [("DELETE FROM decisions_rendering WHERE kind = 'md'", [])],
        ["revision 1 that the log speaks of is not here any more."],
    ),
    (
        "an approval is given to somebody else",
        [("UPDATE decisions_signature SET statement = 'I approve something else.' WHERE meaning = 'approval'", [])],
        ["signature: Tomas Lind, approval of DR-0001, revision 1: this is not a signature that was given."],
    ),
    (
        "an approval is removed",
        [("DELETE FROM decisions_signature WHERE meaning = 'approval'", [])],
        ["a signature that was given is not here any more."],
    ),
    (
        "a status is flipped",
        [("UPDATE decisions_decision SET status = 'rejected'", [])],
        ["is rejected; the last act in the log is “approved”."],
    ),
    (
        "a checkpoint is removed",
        [("DELETE FROM decisions_logcheckpoint WHERE size = 2", [])],
        ["checkpoint: The checkpoint at 2 entries has been removed."],
    ),
    (
        "a checkpoint is rewritten",
        [("UPDATE decisions_logcheckpoint SET note = replace(note, E'\\n3\\n', E'\\n2\\n') WHERE size = 3", [])],
        ["checkpoint: Our checkpoint at 3 entries: the checkpoint is not signed by"],
    ),
    (
        "a hash in the tree is rewritten",
        [("UPDATE decisions_lognode SET hash = %s WHERE place = 72057594037927936", [b"x" * 32])],
        ["log: The hash over the entries 0 to 1 is not that of the entries."],
    ),
]


@pytest.mark.parametrize(("what", "statements", "expected"), TAMPERING, ids=[one[0] for one in TAMPERING])
def test_the_audit_names(
    what: str, statements: list[tuple[str, list[object]]], expected: list[str], sql: Callable[..., None]
) -> None:
    for statement, values in statements:
        text = statement.replace("{index}", '"index"')
        if connection.vendor == "sqlite":
            text = text.replace("E'\\n3\\n'", "char(10)||'3'||char(10)").replace(
                "E'\\n2\\n'", "char(10)||'2'||char(10)"
            )
        sql(text, *values)
    said = found()
    for sentence in expected:
        assert any(sentence in one for one in said), said


def test_a_log_rebuilt_with_the_instances_own_key_does_not_agree_with_a_checkpoint_kept_elsewhere(
    decision: Decision, sql: Callable[..., None]
) -> None:
    kept = journal.checkpoint(3)
    assert kept is not None
    outside = (kept.note,)
    assert found(outside) == []

    content = bytes(LogEntry.objects.get(index=1).content).replace(b'"rendered"', b'"rendereD"')
    sql('UPDATE decisions_logentry SET content = %s WHERE "index" = 1', content)
    rebuild()
    assert not any("log" in one.layer for one in audit().findings)
    assert found(outside) == [
        "checkpoint: One kept elsewhere, over 3 entries, has another root: one of them was rewritten, moved or put in."
    ]


def test_a_checkpoint_of_another_log_says_so(decision: Decision) -> None:
    (only,) = found(
        ("meshadvisor/000000000000\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\N{EM DASH} x AAAA\n",)
    )
    assert only.startswith("checkpoint: A checkpoint that was kept elsewhere: the checkpoint is not signed by")


def test_an_entry_is_proved_without_the_log_and_a_changed_proof_proves_nothing(decision: Decision) -> None:
    entry = LogEntry.objects.get(act="approved")
    data = json.dumps(journal.proof(entry)).encode()
    shown = check_proof(data, journal.log_key().public)
    assert (shown.index, shown.checkpoint.size) == (3, 5)
    assert shown.entry["record_sha256"] == decision.newest_record().digest
    for old, new in ((b'"index": 3', b'"index": 1'), (b"approved", b"rejected"), (b'"proof": ["', b'"proof": ["A')):
        with pytest.raises(ProofError):
            check_proof(data.replace(old, new))


def test_the_log_of_today_begins_with_the_one_of_yesterday(decision: Decision) -> None:
    before = journal.size()
    old_root = root(journal.nodes, before)
    issue.deprecate(decision, dossier.approver(decision), "Replaced by hand.", NOW)
    proof = journal.consistency(before, before + 1)
    assert verify_consistency(before, before + 1, old_root, root(journal.nodes, before + 1), proof)
    assert audit().holds
    assert decision.status == Status.DEPRECATED
