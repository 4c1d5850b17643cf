"""Triggers that refuse changes and deletions, for migrations that make a table that only grows."""

from django.db import migrations

SQLITE = """
CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""

POSTGRESQL = """
CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table}
FOR EACH ROW EXECUTE FUNCTION decisions_append_only()
"""


def append_only(*tables):
    """The operation that lets these tables only grow. The function of PostgreSQL is made in 0002."""

    def create(apps, schema_editor):
        text = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
        for table in tables:
            for act in ("UPDATE", "DELETE"):
                schema_editor.execute(text.format(table=table, act=act))

    def drop(apps, schema_editor):
        postgresql = schema_editor.connection.vendor == "postgresql"
        for table in tables:
            for act in ("UPDATE", "DELETE"):
                schema_editor.execute(f"DROP TRIGGER {table}_no_{act}" + (f" ON {table}" if postgresql else ""))

    return migrations.RunPython(create, drop)


def still_append_only(*tables):
    """The same after a change of columns: SQLite makes such a table anew and forgets its triggers."""

    def create(apps, schema_editor):
        if schema_editor.connection.vendor != "postgresql":
            for table in tables:
                for act in ("UPDATE", "DELETE"):
                    text = SQLITE.replace("CREATE TRIGGER", "CREATE TRIGGER IF NOT EXISTS")
                    schema_editor.execute(text.format(table=table, act=act))

    return migrations.RunPython(create, migrations.RunPython.noop)
