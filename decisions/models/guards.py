"""What stands in the database beside the tables: triggers that keep rows as they were written, and the search index.

SQLite rebuilds a table when a migration changes a column, and the table's triggers go with the old one. So these are
put up again after every migration; where they stand already nothing is done.
"""

from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

from decisions.models.record import Frozen

ACTS = ("UPDATE", "DELETE")
REFUSE_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
REFUSE_POSTGRESQL = """
CREATE OR REPLACE TRIGGER {table}_no_{act} BEFORE {act} ON {table}
FOR EACH ROW EXECUTE FUNCTION decisions_append_only()
"""
# TRUNCATE asks no row; SQLite has none, and its DELETE of everything asks each.
REFUSE_TRUNCATE = """
CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION decisions_append_only()
"""

DECISIONS, SEARCH = "decisions_decision", "decisions_search"
INDEX_SQLITE = """
CREATE VIRTUAL TABLE IF NOT EXISTS decisions_search USING fts5(words, tokenize = 'unicode61 remove_diacritics 0')
"""
# Kept beside the words: working the vector out for each row that a list looks at took a millisecond a row.
POSTGRESQL = (
    "ALTER TABLE decisions_decision ADD COLUMN IF NOT EXISTS searched tsvector"
    " GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED",
    "CREATE INDEX IF NOT EXISTS decisions_searched ON decisions_decision USING gin (searched)",
    "DROP INDEX IF EXISTS decisions_search",  # the same without the column
)
FOLLOW = (
    """
    CREATE TRIGGER decisions_search_insert AFTER INSERT ON decisions_decision
    BEGIN INSERT INTO decisions_search (rowid, words) VALUES (new.id, new.words); END
    """,
    """
    CREATE TRIGGER decisions_search_update AFTER UPDATE OF words ON decisions_decision WHEN old.words <> new.words
    BEGIN UPDATE decisions_search SET words = new.words WHERE rowid = new.id; END
    """,
    """
    CREATE TRIGGER decisions_search_delete AFTER DELETE ON decisions_decision
    BEGIN DELETE FROM decisions_search WHERE rowid = old.id; END
    """,
)
FILL = (
    "DELETE FROM decisions_search",
    "INSERT INTO decisions_search (rowid, words) SELECT id, words FROM decisions_decision",
)


def append_only_tables() -> list[str]:
    """The tables of everything that is written once."""
    return sorted(model._meta.db_table for model in apps.get_app_config("decisions").get_models() if _is_frozen(model))


def _is_frozen(model: Any) -> bool:
    return issubclass(model, Frozen)


def put_up(connection: BaseDatabaseWrapper) -> None:
    """Put up what is missing; tables that a half-done migration has not made yet are left for the next time."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        postgresql = connection.vendor == "postgresql"
        refuse = REFUSE_POSTGRESQL if postgresql else REFUSE_SQLITE
        for table in there.intersection(append_only_tables()):
            for act in ACTS:
                cursor.execute(refuse.format(table=table, act=act))
            if postgresql:
                cursor.execute(REFUSE_TRUNCATE.format(table=table))
        columns = {one.name for one in connection.introspection.get_table_description(cursor, DECISIONS)}
        if "words" in columns:
            put_up_search(connection)


def put_up_search(connection: BaseDatabaseWrapper) -> None:
    """The index of words: in SQLite a table of its own that follows the decisions by triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for statement in POSTGRESQL:
                cursor.execute(statement)
            return
        cursor.execute(INDEX_SQLITE)
        cursor.execute("SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [f"{SEARCH}_%"])
        if cursor.fetchone()[0] == len(FOLLOW):
            return
        for trigger in ("insert", "update", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {SEARCH}_{trigger}")
        for statement in (*FOLLOW, *FILL):  # what changed while no trigger stood is read in
            cursor.execute(statement)


def take_down_search(connection: BaseDatabaseWrapper) -> None:
    """Without the index of words, as before it was made."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {DECISIONS} DROP COLUMN IF EXISTS searched")
            return
        for trigger in ("insert", "update", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {SEARCH}_{trigger}")
        cursor.execute(f"DROP TABLE IF EXISTS {SEARCH}")
