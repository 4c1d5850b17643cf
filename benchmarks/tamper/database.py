"""Attacks of somebody who has the whole database: what the audit names, also with a checkpoint from elsewhere."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

HEADER = """
## In the database

What `meshadvisor audit` finds first, and what it finds first when it is given a checkpoint that was kept elsewhere
(`--checkpoint`). Triggers against changes were taken away before: whoever owns the database can do that. `pdfsig` sees
a single file and notices none of these.

| change | audit | audit with a checkpoint from elsewhere |
|---|---|---|"""

Execute = Callable[..., None]


def rows(folder: Path) -> list[str]:
    """The table, line by line."""
    os.environ |= {"DATA_DIR": str(folder / "instance"), "DJANGO_SETTINGS_MODULE": "meshadvisor.settings"}
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    prepare()
    return [HEADER, *(f"| {name} | {first} | {second} |" for name, first, second in outcomes())]


def prepare() -> None:
    """Three decisions: one proposed, withdrawn, proposed again and accepted, so that it has two revisions."""
    from decisions import issue, sealing
    from decisions.models import Decision, Sealing
    from tests.factories import NOW
    from tests.web import dossier

    blank = dossier.BLANK
    sealing.make = lambda record, edition, _now: sealing.Made(pdf=blank + f"{record.digest}{edition}".encode())
    dossier.accepted()
    again = dossier.proposed(title="North-south traffic")
    issue.withdraw(again, again.author, NOW)
    again = Decision.objects.get(pk=again.pk)
    issue.propose(again, again.author, NOW)
    issue.approve(again, dossier.approver(again), NOW)
    for row in Sealing.objects.due():
        sealing.attempted(row)


def outcomes() -> Iterator[tuple[str, str, str]]:
    """Each attack with the first finding of both audits; every attack is taken back before the next."""
    from django.db import connection, transaction

    from decisions import journal
    from decisions.audit import audit

    newest = journal.checkpoint()
    assert newest is not None
    for name, attack in (("none", lambda _: None), *ATTACKS):
        with transaction.atomic(), connection.cursor() as cursor:
            for trigger in _triggers(cursor):
                cursor.execute(f'DROP TRIGGER "{trigger}"')
            attack(lambda statement, *values, cursor=cursor: cursor.execute(statement, values))
            found = [audit(), audit((newest.note,))]
            transaction.set_rollback(True)
        first, second = (one.findings[0] if one.findings else None for one in found)
        yield name, *(f"{one.layer}: {one.what}" if one else "nothing" for one in (first, second))


def _triggers(cursor: object) -> list[str]:
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")  # type: ignore[attr-defined]
    return [name for (name,) in cursor.fetchall()]  # type: ignore[attr-defined]


def _remove(execute: Execute, index: int) -> None:
    execute('DELETE FROM decisions_logentry WHERE "index" = %s', index)


def _swap(execute: Execute) -> None:
    execute('UPDATE decisions_logentry SET "index" = 9999 WHERE "index" = 1')
    execute('UPDATE decisions_logentry SET "index" = 1 WHERE "index" = 2')
    execute('UPDATE decisions_logentry SET "index" = 2 WHERE "index" = 9999')


def _swap_approval(execute: Execute) -> None:
    execute(
        "UPDATE decisions_signature SET signer_id = (SELECT MIN(id) FROM decisions_user) WHERE meaning = 'approval'"
    )


def _replace_file(execute: Execute) -> None:
    import hashlib

    content = b"%PDF-1.7 another"
    execute(
        "UPDATE decisions_rendering SET content = %s, sha256 = %s WHERE kind = 'pdf' AND edition = 'accepted'",
        content,
        hashlib.sha256(content).hexdigest(),
    )


def _roll_back(execute: Execute) -> None:
    """The second revision taken away with every trace of it, as if an old backup had been put back."""
    from decisions.models import LogEntry, Record

    last = Record.objects.filter(revision=2).get()
    first = LogEntry.objects.filter(record_sha256=last.digest).order_by("index").first()
    assert first is not None
    for table in ("rendering", "signature", "sealing"):
        execute(f"DELETE FROM decisions_{table} WHERE record_id = %s", last.pk)
    execute("DELETE FROM decisions_record WHERE id = %s", last.pk)
    execute("UPDATE decisions_decision SET status = 'draft', revision = 1 WHERE id = %s", last.decision_id)
    execute('DELETE FROM decisions_logentry WHERE "index" >= %s', first.index)
    execute("DELETE FROM decisions_logcheckpoint WHERE size > %s", first.index)
    execute("UPDATE decisions_loghead SET size = %s", first.index)
    execute("DELETE FROM decisions_lognode")
    _nodes_anew()


def _nodes_anew() -> None:
    from decisions import journal
    from decisions.models import LogEntry, LogNode
    from decisions.models.log import LEVEL

    for size, content in enumerate(LogEntry.objects.order_by("index").values_list("content", flat=True)):
        made = journal.merkle.appended(journal.nodes, size, journal.merkle.leaf_hash(bytes(content)))
        LogNode.objects.bulk_create([LogNode(place=lv * LEVEL + ix, hash=value) for (lv, ix), value in made.items()])


def _rewrite(execute: Execute) -> None:
    """An entry reworded, and all hashes and checkpoints made anew with the instance's own key."""
    from decisions import journal
    from decisions.models import LogCheckpoint, LogEntry
    from tests.factories import NOW

    reworded = "CAST(replace(content, 'rendered', 'approved') AS BLOB)"
    execute(f'UPDATE decisions_logentry SET content = {reworded} WHERE "index" = 1')
    execute("DELETE FROM decisions_lognode")
    execute("DELETE FROM decisions_logcheckpoint")
    _nodes_anew()
    for size in range(1, LogEntry.objects.count() + 1):
        note = journal.log_key().sign(size, journal.merkle.root(journal.nodes, size))
        LogCheckpoint.objects.create(size=size, note=note, at=NOW)


ATTACKS: tuple[tuple[str, Callable[[Execute], object]], ...] = (
    (
        "a row of a record edited",
        lambda run: run(
            "UPDATE decisions_record SET canonical = CAST(replace(canonical, 'proposed', 'accepted') AS BLOB)"
        ),
    ),
    ("the status of a decision flipped", lambda run: run("UPDATE decisions_decision SET status = 'rejected'")),
    ("an approval given to another person", _swap_approval),
    ("a kept file replaced, its hash in the row too", _replace_file),
    ("a leaf of the log removed", lambda run: _remove(run, 1)),
    ("two leaves of the log re-ordered", _swap),
    ("a revision rolled back with every trace, checkpoints too", _roll_back),
    ("a leaf reworded, hashes and checkpoints made anew with our own key", _rewrite),
)
