"""Indexes that carry what lists are narrowed by behind their order, and one for each number of the board."""

from django.db import migrations, models

NARROWED = (
    *("approach", "product", "confidence", "outlook", "review_on", "musts_without_evidence", "decided_at", "team"),
    "revision",
)
INDEXES = {
    "decision_listed": ("organisation", "status", "-changed_at", "-id", *NARROWED),
    "decision_recent": ("organisation", "-changed_at", "-id", "status", *NARROWED),
    "decision_overdue": ("organisation", "status", "review_on", "team"),
    "decision_outlooks": ("organisation", "status", "outlook", "team"),
    "decision_unproven": ("organisation", "status", "musts_without_evidence", "team"),
    "decision_choices": ("organisation", "status", "approach", "product", "team"),
    "decision_decided": ("organisation", "decided_at", "team"),
}


class Migration(migrations.Migration):
    dependencies = [("decisions", "0018_language_and_time_zone")]

    operations = [
        *(migrations.RemoveIndex("decision", name) for name in ("decision_list", "decision_changed", "decision_board")),
        *(migrations.AddIndex("decision", models.Index(fields=fields, name=name)) for name, fields in INDEXES.items()),
    ]
