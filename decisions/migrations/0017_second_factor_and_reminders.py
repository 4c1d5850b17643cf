"""Organisations that ask for a second factor; reviews that people were written to about, taken from the log."""

from django.db import migrations, models

REMINDED = """
UPDATE decisions_decision SET reminded_for = review_on WHERE review_on IS NOT NULL AND EXISTS (
    SELECT 1 FROM decisions_event e
    WHERE e.decision_id = decisions_decision.id AND e.act = 'reminded' AND e.at >= decisions_decision.review_on
)
"""


class Migration(migrations.Migration):
    dependencies = [("decisions", "0016_uploads")]

    operations = [
        migrations.AddField("organisation", "require_second_factor", models.BooleanField(default=False)),
        migrations.AddField(
            "decision", "reminded_for", models.DateField(blank=True, editable=False, null=True)
        ),
        migrations.AddIndex(
            "decision", models.Index(fields=["status", "proposed_at"], name="decision_waiting")
        ),
        migrations.RunSQL(REMINDED, migrations.RunSQL.noop),
    ]
