"""What was decided before is given the rows and columns that lists are narrowed by."""

import json

from django.db import migrations

from decisions.models.search import LONGEST, TITLES, split, written


def fill(apps, schema_editor):
    Decision, Record = apps.get_model("decisions", "Decision"), apps.get_model("decisions", "Record")
    Need, Succession = apps.get_model("decisions", "Need"), apps.get_model("decisions", "Succession")
    for decision in Decision.objects.select_related("system", "team", "author").iterator(500):
        if decision.supersedes_id:
            Succession.objects.create(successor_id=decision.pk, predecessor_id=decision.supersedes_id)
        author = decision.author
        words = split(
            " ".join(
                [
                    *(decision.number, decision.title, decision.system.name, decision.team.name),
                    *(author.first_name, author.last_name, author.username),
                    *(TITLES.get(decision.approach, ""), decision.product, *written(decision.case)),
                ]
            )
        )
        changes = {"words": " ".join(dict.fromkeys(words))[:LONGEST]}
        record = Record.objects.filter(decision_id=decision.pk).order_by("-revision").first()
        if record:
            answer = json.loads(bytes(record.canonical))["recommendation"]
            best = answer["ranking"][0]
            nice = dict.fromkeys([*best.get("nice_met", ()), *best.get("nice_missed", ())], False)
            musts = dict.fromkeys([*best.get("musts_met", ()), *best.get("musts_missed", ())], True)
            Need.objects.bulk_create(
                Need(decision_id=decision.pk, requirement=one, must=must) for one, must in (nice | musts).items()
            )
            changes["musts_without_evidence"] = len(answer.get("demoted", ()))
        Decision.objects.filter(pk=decision.pk).update(**changes)


def empty(apps, schema_editor):
    Decision, Succession = apps.get_model("decisions", "Decision"), apps.get_model("decisions", "Succession")
    for link in Succession.objects.order_by("-pk"):  # the first of several is the one that a column can hold
        Decision.objects.filter(pk=link.successor_id).update(supersedes_id=link.predecessor_id)


class Migration(migrations.Migration):
    dependencies = [("decisions", "0005_review")]
    operations = [migrations.RunPython(fill, empty)]
