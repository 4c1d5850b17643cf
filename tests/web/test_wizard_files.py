"""Step 2 from files: shown first, kept on request, and nothing kept of the files themselves."""

import datetime as dt
import html
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from decisions.advice import advise
from decisions.drafting import Sheet, save
from decisions.models import Baseline, Decision, Measurement, Role
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
SECRET = "hunter2-very-secret"


def k6(p99: float = 38.0) -> bytes:
    trend = {"avg": 12.0, "min": 2.0, "med": 10.0, "max": 90.0, "p(90)": 20.0, "p(95)": 24.0, "p(99)": p99}
    metrics = {
        "http_req_duration": trend,
        "http_reqs": {"count": 48500, "rate": 485.0},
        "http_req_failed": {"passes": 97, "fails": 48403, "value": 0.002},
        "iterations": {"count": 48500, "rate": 485.0},
    }
    return json.dumps({"root_group": {"name": "", "path": ""}, "metrics": metrics}).encode()


def fortio(started: str) -> bytes:
    histogram = {
        "Count": 4000,
        "Min": 0.002,
        "Max": 0.09,
        "Avg": 0.012,
        "Percentiles": [{"Percentile": p, "Value": v} for p, v in ((50, 0.01), (90, 0.02), (99, 0.04))],
    }
    report = {
        "RunType": "HTTP",
        "StartTime": started,
        "RequestedQPS": "100",
        "ActualQPS": 99.9,
        "ActualDuration": 40_000_000_000,
        "NumThreads": 4,
        "Version": "1.69.5",
        "DurationHistogram": histogram,
        "RetCodes": {"200": 4000},
    }
    return json.dumps(report).encode()


def pods(count: int = 3) -> bytes:
    container = {"name": "app", "image": "shop:1", "env": [{"name": "PASSWORD", "value": SECRET}]}
    items = [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": f"p{n}", "namespace": "shop", "annotations": {"token": SECRET}},
            "spec": {"nodeName": "a", "containers": [container]},
            "status": {"phase": "Running"},
        }
        for n in range(count)
    ]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items}).encode()


def read(client: Client, draft: Decision, *files: tuple[str, bytes], pasted: str = ""):
    uploads = [SimpleUploadedFile(name, data) for name, data in files]
    return client.post(draft.address("baseline"), {"act": "read", "files": uploads, "pasted": pasted})


def keep(client: Client, draft: Decision, response, **choices: str):
    first = {f"use:{one.path}": one.found[0][0] for one in response.context["offers"]}
    answer = client.post(
        draft.address("baseline"), {"act": "keep", "token": response.context["token"]} | first | choices
    )
    draft.refresh_from_db()
    return answer


def test_what_was_read_is_shown_before_anything_is_kept(author: Client, draft: Decision) -> None:
    response = read(author, draft, ("summary.json", k6()), ("pods.json", pods()))
    page = response.content.decode()
    assert response.status_code == 200
    assert "summary.json" in page
    assert "k6" in page
    assert "38 ms" in page
    assert not Measurement.objects.exists()
    draft.refresh_from_db()
    assert "baseline" not in draft.case


def test_kept_readings_fill_answers_that_name_their_source(author: Client, draft: Decision) -> None:
    response = keep(author, draft, read(author, draft, ("summary.json", k6()), ("pods.json", pods())))
    assert response.url == draft.address("step", 2)
    assert (draft.case["baseline"]["p99_ms"], draft.case["baseline"]["pods"]) == (38, 3)
    assert "summary.json" in draft.case["provenance"]["baseline.p99_ms"]["source"]
    load, cluster = Measurement.objects.order_by("file_name").reverse()
    assert (load.kind, load.file_name, load.size, len(load.sha256)) == ("loadtest", "summary.json", len(k6()), 64)
    assert load.measured_by == draft.author
    assert cluster.kind == "cluster"
    page = author.get(draft.address("baseline")).content.decode()
    assert "Kept measurements" in page
    assert load.sha256[:12] in page


def test_neither_the_files_nor_secrets_in_them_are_anywhere_in_the_database(author: Client, draft: Decision) -> None:
    keep(author, draft, read(author, draft, ("pods.json", pods())))
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert SECRET not in str(cursor.fetchall()), table


def test_an_answer_that_stands_is_kept_where_one_says_so(author: Client, draft: Decision) -> None:
    save(draft, Sheet(user=draft.author, seen=1, now=NOW), {"baseline.p99_ms": 40})
    response = read(author, draft, ("summary.json", k6()))
    assert "Keep <b>40 ms</b>" in response.content.decode()
    keep(author, draft, response, **{"use:baseline.p99_ms": "no"})
    assert draft.case["baseline"]["p99_ms"] == 40
    assert draft.case["baseline"]["p50_ms"] == 10
    assert draft.case["found"]["baseline.p99_ms"]["value"] == 38


def test_what_a_file_says_otherwise_stays_beside_the_answer(author: Client, draft: Decision) -> None:
    def beside() -> list[str]:
        page = author.get(draft.address("step", 2)).content.decode()
        return [html.unescape(one) for one in re.findall(r'id="n-f-baseline-pods"[^>]*>([^<]*)<', page)]

    def answer(pods: int | None) -> None:
        save(draft, Sheet(user=draft.author, seen=draft.version, now=NOW), {"baseline.pods": pods})
        draft.refresh_from_db()

    keep(author, draft, read(author, draft, ("pods.json", pods())))
    assert beside() == [""]
    answer(400)
    (said,) = beside()
    assert "answered as 400, and 3 was read (pods listed in pods.json" in said
    assert [one.path for one in advise(draft.judged).recommendation.assumptions if one.text == said]
    answer(3)
    assert "found" not in draft.case
    # One that stood before the file was read, and that the person keeps; no other figure of the file is new.
    answer(500)
    seen = read(author, draft, ("pods.json", pods()))
    keep(author, draft, seen, **{"use:baseline.pods": "no"})
    assert draft.case["found"]["baseline.pods"]["kept"]
    assert beside() == [""], "seen and settled"
    answer(600)
    assert "answered as 600, and 3 was read" in beside()[0], "another answer than the one that was kept"
    assert "0 answers" not in author.get(draft.address("decision")).content.decode()
    assert all(one.detail["changes"] for one in draft.events.filter(act="answered"))
    keep(author, draft, read(author, draft, ("pods.json", pods())), **{"use:baseline.pods": "0"})
    assert draft.case["baseline"]["pods"] == 3
    assert beside() == [""]


def test_of_two_files_that_differ_one_is_chosen(author: Client, draft: Decision) -> None:
    response = read(author, draft, ("monday.json", k6(38.0)), ("friday.json", k6(44.0)))
    offer = next(one for one in response.context["offers"] if one.path == "baseline.p99_ms")
    assert [value for _, value, _ in offer.found] == ["38 ms", "44 ms"]
    keep(author, draft, response, **{"use:baseline.p99_ms": offer.found[1][0]})
    assert draft.case["baseline"]["p99_ms"] == 44
    assert "friday.json" in draft.case["provenance"]["baseline.p99_ms"]["source"]


def test_where_files_disagree_nothing_is_chosen_for_the_person(author: Client, draft: Decision) -> None:
    response = read(author, draft, ("monday.json", k6(38.0)), ("friday.json", k6(44.0)))
    page = response.content.decode()
    assert "Your sources disagree" in page
    assert 'name="use:baseline.p99_ms" value="0" checked' not in page
    token = response.context["token"]
    agreed = {f"use:{one.path}": "0" for one in response.context["agreed"]}
    assert "use:baseline.p50_ms" in agreed  # both say the same, so there is nothing to pick
    refused = author.post(draft.address("baseline"), {"act": "keep", "token": token} | agreed)
    assert refused.status_code == 422
    assert "disagree about 1 figure" in refused.content.decode()
    assert not Measurement.objects.exists()
    author.post(draft.address("baseline"), {"act": "keep", "token": refused.context["token"], "all": "1"} | agreed)
    draft.refresh_from_db()
    assert (draft.case["baseline"]["p99_ms"], draft.case["baseline"]["p50_ms"]) == (44, 10)


def test_one_figure_may_be_taken_from_elsewhere_than_all_others(author: Client, draft: Decision) -> None:
    save(draft, Sheet(user=draft.author, seen=1, now=NOW), {"baseline.p99_ms": 40, "baseline.p50_ms": 9})
    response = read(author, draft, ("summary.json", k6()))
    choice = {"act": "keep", "token": response.context["token"], "all": "0", "use:baseline.p50_ms": "no"}
    author.post(draft.address("baseline"), choice)
    draft.refresh_from_db()
    assert (draft.case["baseline"]["p99_ms"], draft.case["baseline"]["p50_ms"]) == (38, 9)


def test_all_of_one_run_takes_no_latency_of_another(author: Client, draft: Decision) -> None:
    slower = json.loads(k6(44.0))
    del slower["metrics"]["http_req_duration"]["p(90)"]
    response = read(author, draft, ("monday.json", k6(38.0)), ("friday.json", json.dumps(slower).encode()))
    agreed = {f"use:{one.path}": one.found[0].key for one in response.context["agreed"]}
    assert "use:baseline.p90_ms" in agreed  # Monday's alone
    choice = {"act": "keep", "token": response.context["token"], "all": "1"} | agreed
    author.post(draft.address("baseline"), choice)
    draft.refresh_from_db()
    assert draft.case["baseline"]["p99_ms"] == 44
    assert "p90_ms" not in draft.case["baseline"]


def test_answers_that_contradict_each_other_are_named_as_on_the_page(author: Client, draft: Decision) -> None:
    save(draft, Sheet(user=draft.author, seen=1, now=NOW), {"baseline.p90_ms": 60, "baseline.p99_ms": 70})
    response = read(author, draft, ("summary.json", k6(38.0)))
    choice = {"act": "keep", "token": response.context["token"], "all": "0", "use:baseline.p90_ms": "no"}
    page = author.post(draft.address("baseline"), choice, follow=True).content.decode()
    assert "p90: 60 is not possible; at most the 38 of “p99” is expected" in page


def test_a_file_can_be_left_out_before_anything_is_kept(author: Client, draft: Decision) -> None:
    response = read(author, draft, ("monday.json", k6(38.0)), ("friday.json", k6(44.0)))
    left = author.post(draft.address("baseline"), {"act": "leave", "token": response.context["token"], "leave": "0"})
    assert "monday.json" not in left.content.decode()
    assert not left.context["disputes"].rows
    keep(author, draft, left)
    assert Measurement.objects.get().file_name == "friday.json"
    assert draft.case["baseline"]["p99_ms"] == 44


def test_cluster_files_that_were_joined_are_left_out_together(author: Client, draft: Decision) -> None:
    nodes = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a"}, "spec": {}, "status": {}}
    listing = json.dumps({"apiVersion": "v1", "kind": "List", "items": [nodes]}).encode()
    response = read(author, draft, ("pods.json", pods(3)), ("nodes.json", listing), ("summary.json", k6()))
    joined = next(number for number, one, part, _ in response.context["readings"] if one["kind"] == "cluster")
    left = author.post(
        draft.address("baseline"), {"act": "leave", "token": response.context["token"], "leave": str(joined)}
    )
    assert [one["kind"] for _, one, _, _ in left.context["readings"]] == ["loadtest"]


def test_what_was_taken_away_can_be_put_back_as_it_was(author: Client, draft: Decision) -> None:
    keep(author, draft, read(author, draft, ("summary.json", k6())))
    before = Measurement.objects.values().get()
    page = author.post(draft.address("baseline"), {"act": "remove", "measurement": str(before["id"])})
    assert "summary.json is taken away" in page.content.decode()
    assert not Measurement.objects.exists()
    author.post(draft.address("baseline"), {"act": "restore", "token": page.context["undo"]})
    after = Measurement.objects.values().get()
    assert {**after, "id": 0} == {**before, "id": 0}


def test_figures_older_than_thirty_days_are_marked(author: Client, draft: Decision) -> None:
    today = timezone.now()
    for age, words in ((31, "31 days old"), (29, "")):
        started = (today - dt.timedelta(days=age)).isoformat()
        run = f"age-{age}.txt", fortio(started)
        page = read(author, draft, run).content.decode()
        assert ("days old" in page) == bool(words)
        assert words in page


def test_step_two_itself_takes_files_without_a_script(author: Client, draft: Decision) -> None:
    page = author.get(draft.address("step", 2)).content.decode()
    assert f'<form method="post" action="{draft.address("baseline")}" enctype="multipart/form-data"' in page
    assert 'type="file" id="files" name="files" multiple' in page


def test_cluster_files_that_belong_together_speak_with_one_voice(author: Client, draft: Decision) -> None:
    nodes = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a"}, "spec": {}, "status": {}}
    listing = json.dumps({"apiVersion": "v1", "kind": "List", "items": [nodes]}).encode()
    response = read(author, draft, ("pods.json", pods(3)), ("nodes.json", listing))
    offer = next(one for one in response.context["offers"] if one.path == "baseline.pods")
    assert len(offer.found) == 1
    keep(author, draft, response)
    assert (draft.case["baseline"]["pods"], draft.case["baseline"]["nodes"]) == (3, 1)


def test_text_can_be_pasted(author: Client, draft: Decision) -> None:
    response = read(author, draft, pasted=k6().decode())
    assert "pasted text" in response.content.decode()
    keep(author, draft, response)
    assert Measurement.objects.get().file_name == "pasted text"


def test_what_cannot_be_read_gets_a_sentence_and_is_not_kept(author: Client, draft: Decision) -> None:
    response = read(author, draft, ("holiday.jpg", b"\xff\xd8\xff\xe0 no measurement"))
    assert response.status_code == 200
    ((_, refused, _, _),) = response.context["readings"]
    advice = refused["figures"]["normalised"]["advice"]
    assert advice
    assert advice.split(".")[0] in html.unescape(response.content.decode())
    assert not response.context["token"]


def test_nothing_chosen_and_files_that_are_too_large_are_said(author: Client, draft: Decision, settings) -> None:
    assert "Choose a file or paste text" in read(author, draft).content.decode()
    settings.UPLOAD_MAX_BYTES = 2**20
    response = read(author, draft, ("large.json", b"{" + b" " * 2**20))
    assert response.status_code == 422
    assert "large.json is larger than 1 MiB" in response.content.decode()


def test_what_was_read_for_another_decision_or_was_changed_is_refused(author: Client, draft: Decision) -> None:
    other = factories.decision(draft.author)
    token = read(author, other, ("summary.json", k6())).context["token"]
    for bad in (token, token[:-3] + "abc", ""):
        response = author.post(draft.address("baseline"), {"act": "keep", "token": bad, "use:baseline.p99_ms": "0"})
        assert response.status_code == 422
    assert not Measurement.objects.exists()


@pytest.mark.parametrize("choice", ["7", "-1", "x", ""])
def test_choices_that_were_never_offered_change_nothing(author: Client, draft: Decision, choice: str) -> None:
    response = read(author, draft, ("summary.json", k6()))
    keep(author, draft, response, **{"use:baseline.p99_ms": choice, "use:title": "0", "use:nothing": "0"})
    assert "p99_ms" not in draft.case["baseline"]
    assert draft.case["title"] == draft.title


def test_the_same_file_twice_is_one_measurement(author: Client, draft: Decision) -> None:
    for _ in range(2):
        keep(author, draft, read(author, draft, ("summary.json", k6())))
    assert Measurement.objects.count() == 1


def test_a_measurement_can_be_taken_away_and_another_draft_keeps_its_own(author: Client, draft: Decision) -> None:
    keep(author, draft, read(author, draft, ("summary.json", k6())))
    twin = factories.decision(draft.author, baseline=draft.baseline)
    one = draft.baseline.measurements.get()
    author.post(draft.address("baseline"), {"act": "remove", "measurement": str(one.pk)})
    draft.refresh_from_db()
    assert not draft.baseline.measurements.exists()
    assert twin.baseline.measurements.count() == 1
    assert Baseline.objects.count() == 2


def test_a_measurement_of_somebody_else_is_out_of_reach(author: Client, draft: Decision) -> None:
    other = factories.decision()
    client = Client()
    client.force_login(other.author)
    keep(client, other, read(client, other, ("summary.json", k6())))
    author.post(draft.address("baseline"), {"act": "remove", "measurement": str(Measurement.objects.get().pk)})
    assert Measurement.objects.count() == 1


def listing() -> bytes:
    """Two namespaces with Services, one of them with a database."""
    items: list[dict[str, object]] = [
        {"kind": "Node", "metadata": {"name": "n1"}, "status": {"nodeInfo": {"kubeletVersion": "v1.30.2+k3s1"}}},
        {"kind": "ValidatingWebhookConfiguration", "metadata": {"name": "policy"}, "webhooks": [{}]},
        {"kind": "MutatingWebhookConfiguration", "metadata": {"name": "x"}, "webhooks": [{"failurePolicy": "Ignore"}]},
    ]
    for space, owner, port in (("data", "StatefulSet", 5432), ("tools", "ReplicaSet", 8080)):
        meta = {"name": "a", "namespace": space, "ownerReferences": [{"kind": owner}]}
        items.append({"kind": "Pod", "metadata": meta, "spec": {"containers": [{"name": "app"}]}})
        ports = [{"name": "tcp-a", "port": port, "protocol": "TCP"}]
        items.append({"kind": "Service", "metadata": meta, "spec": {"ports": ports}})
    return json.dumps({"kind": "List", "apiVersion": "v1", "items": items}).encode()


def test_a_cluster_fills_hazards_the_first_namespace_and_the_names_of_the_roll_out(
    author: Client, draft: Decision
) -> None:
    response = read(author, draft, ("cluster.json", listing()))
    page = html.unescape(response.content.decode())
    assert "2 namespaces" in page
    assert "tools, data; the least risky first" in page
    keep(author, draft, response, **{"use:namespaces": "1"})
    assert draft.case["namespaces"] == [
        {"name": "tools", "services": [{"name": "a", "port": 8080}]},
        {"name": "data", "services": [{"name": "a", "port": 5432}]},
    ]
    assert draft.case["plan"]["first_namespace"] == "tools"
    assert draft.case["operations"]["bootstrap_hazards"] == ["single_node_edge", "blocking_admission_webhooks"]
    assert draft.case["baseline"]["distribution"] == "k3s"

    again = read(author, draft, ("cluster.json", listing()))
    assert "instead of those that are there" in html.unescape(again.content.decode())
    draft.case["namespaces"] = [{"name": "other", "services": []}]
    draft.save(update_fields=["case"])
    keep(author, draft, again)
    assert draft.case["namespaces"] == [{"name": "other", "services": []}]


def test_what_was_read_is_there_again_when_the_page_is_opened_anew(author: Client, draft: Decision) -> None:
    read(author, draft, ("monday.json", k6(38.0)), ("friday.json", k6(44.0)))
    address = draft.address("baseline")
    (held,) = draft.uploads.all()
    assert f'href="?upload={held.pk}"' in author.get(address).content.decode()
    assert SECRET not in str(held.packed)
    again = author.get(f"{address}?upload={held.pk}")
    assert [one["file"] for _, one, *_ in again.context["readings"]] == ["monday.json", "friday.json"]
    form = {"upload": held.pk, "token": again.context["token"]}
    author.post(address, {"act": "leave", "leave": "0"} | form)
    left = author.get(f"{address}?upload={held.pk}")
    assert [one["file"] for _, one, *_ in left.context["readings"]] == ["friday.json"]
    author.post(address, {"act": "keep", "upload": held.pk, "token": left.context["token"]})
    assert not draft.uploads.exists()


def test_only_what_was_read_last_is_held_and_nobody_else_sees_it(author: Client, draft: Decision) -> None:
    for name in ("first.json", "second.json"):
        read(author, draft, (name, k6(38.0)))
    assert [str(one) for one in draft.uploads.all()] == ["second.json"]
    read(author, draft, ("notes.txt", b"hello"))
    assert [str(one) for one in draft.uploads.all()] == ["second.json"]
    author.force_login(factories.member(draft.team, Role.AUTHOR))
    assert "second.json" not in author.get(draft.address("baseline")).content.decode()


def nodes(*names: str) -> bytes:
    items = [{"apiVersion": "v1", "kind": "Node", "metadata": {"name": one}, "status": {}} for one in names]
    return json.dumps({"kind": "List", "apiVersion": "v1", "items": items}).encode()


def on_node(name: str) -> bytes:
    document = json.loads(pods(2))
    for one in document["items"]:
        one["spec"]["nodeName"] = name
    return json.dumps(document).encode()


def test_two_clusters_disagree_and_are_left_out_one_by_one(author: Client, draft: Decision) -> None:
    response = read(
        author,
        draft,
        ("east-nodes.json", nodes("e1", "e2")),
        ("east-pods.json", on_node("e1")),
        ("west-nodes.json", nodes("w1")),
        ("west-pods.json", on_node("w1")),
    )
    columns = [one.name for one in response.context["disputes"].columns]
    assert columns == ["east-nodes.json, east-pods.json", "west-nodes.json, west-pods.json"]
    assert [number for number, _, part, _ in response.context["readings"] if not part] == [0, 1]
    left = author.post(draft.address("baseline"), {"act": "leave", "token": response.context["token"], "leave": "1"})
    names = [one["file"] for _, one, *_ in left.context["readings"]]
    assert names == ["east-nodes.json, east-pods.json", "east-nodes.json", "east-pods.json"]
    assert not left.context["disputes"].rows


def test_what_a_file_said_of_the_network_plugin_goes_with_it_when_another_is_named(draft: Decision) -> None:
    told = {"source": "Flannel can, with its WireGuard backend; network plugin in pods.json", "date": "2026-11-20"}
    found = {"baseline.cni": "flannel", "baseline.cni_version": "0.26.1", "context.cni_can_encrypt": "yes"}
    save(draft, Sheet(user=draft.author, seen=1, now=NOW, origins=dict.fromkeys(found, told)), found)
    draft.refresh_from_db()
    saved = save(draft, Sheet(user=draft.author, seen=draft.version, now=NOW), {"baseline.cni": "aws-vpc-cni"})
    draft.refresh_from_db()
    assert set(saved.changed) == set(found)
    assert draft.case["baseline"] == {"cni": "aws-vpc-cni"}, "the release was that of another plugin"
    assert draft.case["context"]["cni_can_encrypt"] == "no"
    origin = draft.case["provenance"]["context.cni_can_encrypt"]["source"]
    assert origin == "the Amazon VPC CNI has no encryption of its own; network plugin as answered"
    save(draft, Sheet(user=draft.author, seen=draft.version, now=NOW), {"baseline.cni": "weave"})
    draft.refresh_from_db()
    assert "cni_can_encrypt" not in draft.case.get("context", {}), "of a plugin that is not known nobody knows it"


def test_what_a_person_said_of_the_plugin_stays_when_another_is_named(draft: Decision) -> None:
    said = {"baseline.cni": "flannel", "context.cni_can_encrypt": "no"}
    save(draft, Sheet(user=draft.author, seen=1, now=NOW), said)
    draft.refresh_from_db()
    save(draft, Sheet(user=draft.author, seen=draft.version, now=NOW), {"baseline.cni": "calico"})
    draft.refresh_from_db()
    assert draft.case["context"]["cni_can_encrypt"] == "no"
