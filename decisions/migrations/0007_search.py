"""Several predecessors instead of one, and the index that searches read."""

from django.db import migrations

from decisions.models import guards


def put_up(apps, schema_editor):
    guards.put_up_search(schema_editor.connection)


def take_down(apps, schema_editor):
    guards.take_down_search(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("decisions", "0006_review_rows")]
    operations = [
        migrations.RemoveField(model_name="decision", name="supersedes"),
        migrations.RunPython(put_up, take_down),
    ]
