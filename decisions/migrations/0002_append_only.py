"""The database refuses to change or delete what was recorded, whoever asks."""

from django.db import migrations

TABLES = ("decisions_event", "decisions_record", "decisions_rendering", "decisions_signature")

SQLITE = """
CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""

POSTGRESQL_FUNCTION = """
CREATE FUNCTION decisions_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

POSTGRESQL = """
CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table}
FOR EACH ROW EXECUTE FUNCTION decisions_append_only()
"""


def create(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTION, params=None)  # its % is PL/pgSQL's, not a placeholder
    for table in TABLES:
        for act in ("UPDATE", "DELETE"):
            text = POSTGRESQL if vendor == "postgresql" else SQLITE
            schema_editor.execute(text.format(table=table, act=act))


def drop(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table in TABLES:
        for act in ("UPDATE", "DELETE"):
            schema_editor.execute(f"DROP TRIGGER {table}_no_{act}" + (f" ON {table}" if postgresql else ""))
    if postgresql:
        schema_editor.execute("DROP FUNCTION decisions_append_only()")


class Migration(migrations.Migration):
    dependencies = [("decisions", "0001_first")]
    operations = [migrations.RunPython(create, drop)]
