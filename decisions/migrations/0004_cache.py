"""The table in which attempts to sign in are counted, for all processes of the instance together."""

from django.core.management import call_command
from django.db import migrations


def make(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("decisions", "0003_log")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
