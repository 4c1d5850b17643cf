"""Secrets planted wherever files are known to hold them, uploaded and kept: none is anywhere in the database."""

import base64
import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from decisions.models import Event, Measurement
from tests import factories
from tests.intake import test_vegeta

pytestmark = pytest.mark.django_db(transaction=True)

SECRETS = [f"planted-{place:02d}-secret" for place in range(80)]


def planted() -> dict[str, bytes]:
    """Files with secrets in them, by name; each secret is in one place."""
    left = iter(SECRETS)

    def one() -> str:
        return next(left)

    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "a",
            "namespace": "shop",
            "labels": {"app": "a", "owner": one()},
            "annotations": {
                "kubectl.kubernetes.io/last-applied-configuration": json.dumps({"env": one()}),
                "sidecar.istio.io/status": json.dumps({"containers": ["istio-proxy"], "secret": one()}),
                "vault.hashicorp.com/token": one(),
            },
            "managedFields": [{"manager": one()}],
        },
        "spec": {
            "containers": [
                {
                    "name": "app",
                    "image": "shop:1",
                    "env": [{"name": "PASSWORD", "value": one()}],
                    "command": ["run", f"--token={one()}"],
                    "args": [one()],
                    "livenessProbe": {"httpGet": {"httpHeaders": [{"name": "Authorization", "value": one()}]}},
                },
                {"name": "istio-proxy", "image": "proxyv2:1.24", "env": [{"name": "CA", "value": one()}]},
            ],
            "volumes": [{"name": "v", "hostPath": {"path": f"/etc/{one()}"}}],
            "imagePullSecrets": [{"name": one()}],
        },
        "status": {"phase": "Running", "podIP": one(), "message": one()},
    }
    node = {
        "kind": "Node",
        "metadata": {"name": "n1", "annotations": {"k3s.io/node-args": json.dumps(["--token", one()])}},
        "spec": {"providerID": f"aws:///{one()}"},
        "status": {"addresses": [{"address": one()}], "images": [{"names": [one()]}], "nodeInfo": {}},
    }
    kept_apart = {"kind": "Secret", "metadata": {"name": "s", "namespace": "shop"}, "data": {"p": one()}}
    configured = {"kind": "ConfigMap", "metadata": {"name": "c", "namespace": "shop"}, "data": {"p": one()}}
    trend = {"avg": 12.0, "min": 2.0, "med": 10.0, "max": 90.0, "p(90)": 20.0, "p(95)": 24.0, "p(99)": 30.0}
    k6 = {
        "root_group": {"name": "", "path": "", "groups": [{"name": one()}]},
        "metrics": {
            "http_req_duration": trend,
            "http_req_duration{url:https://a/?token=" + one() + "}": trend,
            "http_reqs": {"count": 500, "rate": 50.0},
        },
        "setup_data": {"login": one()},
        "options": {"script": one()},
    }
    new = {
        "metadata": {"k6_version": "2.2.0"},
        "config": {"script": f"const password = '{one()}'", "duration": 10},
        "results": {"metrics": [{"name": "http_req_duration", "values": {"avg": 1.0, "med": 1.0, "p95": 2.0}}]},
    }
    fortio = {
        "Labels": one(),
        "URL": f"https://ann:{one()}@shop.example.org/cart?session={one()}",
        "UserCredentials": one(),
        "Payload": base64.b64encode(one().encode()).decode(),
        "Headers": {"Authorization": [one()]},
        "ActualQPS": 50.0,
        "RequestedQPS": "50",
        "ActualDuration": 10**10,
        "RetCodes": {"200": 500},
        "DurationHistogram": {"Count": 500, "Min": 0.001, "Max": 0.09, "Avg": 0.01, "Data": [], "Percentiles": []},
    }
    body = base64.b64encode(one().encode()).decode()
    more = {"body": body, "headers": {"Set-Cookie": [one()]}, "url": f"https://shop.example.org/?key={one()}"}
    vegeta = "\n".join(json.dumps(test_vegeta.record(place, 1.0) | more) for place in range(3))
    jtl = "timeStamp,elapsed,label,responseCode,responseMessage,success,failureMessage,URL\n" + "".join(
        f"{1_767_323_045_000 + n},12,{one()},200,OK,true,{one()},https://shop.example.org/?t={one()}\n"
        for n in range(2)
    )
    wrk = (
        f"Running 30s test @ https://shop.example.org/{one()}?token={one()}\n  2 threads and 16 connections\n"
        "  Thread Stats   Avg      Stdev     Max   +/- Stdev\n    Latency     1.00ms    0.20ms   9.00ms   90.00%\n"
        "  3000 requests in 30.00s, 1.00MB read\nRequests/sec:    100.00\nTransfer/sec:    0.03MB\n"
    )
    metric = {"metric": {"meshadvisor": "p99_ms", "user": one(), "pod": one()}, "value": [1_767_323_045, "54.3"]}
    prometheus = {"status": "success", "data": {"resultType": "vector", "result": [metric]}}
    listing = {"apiVersion": "v1", "kind": "List", "items": [pod, node, kept_apart, configured]}
    return {
        "cluster.json": json.dumps(listing).encode(),
        "k6.json": json.dumps(k6).encode(),
        "k6-new.json": json.dumps(new).encode(),
        "fortio.json": json.dumps(fortio).encode(),
        "vegeta.json": vegeta.encode(),
        "run.jtl": jtl.encode(),
        "wrk.txt": wrk.encode(),
        "answers.json": json.dumps(prometheus).encode(),
    }


def test_no_planted_secret_is_anywhere_in_the_database(client: Client) -> None:
    files = planted()
    content = b"".join(files.values())
    used = [one for one in SECRETS if one.encode() in content or base64.b64encode(one.encode()) in content]
    assert len(used) > 30

    draft = factories.decision()
    client.force_login(draft.author)
    uploads = [SimpleUploadedFile(name, data) for name, data in files.items()]
    response = client.post(draft.address("baseline"), {"act": "read", "files": uploads})
    offered = {f"use:{one.path}": one.found[0][0] for one in response.context["offers"]}
    client.post(draft.address("baseline"), {"act": "keep", "token": response.context["token"]} | offered)
    assert Measurement.objects.count() == len(files)
    assert Event.objects.filter(act="answered").exists()

    shown = [one for one in used if one in response.content.decode()]
    assert shown == []
    assert left_in_the_database(used) == []


def left_in_the_database(secrets: list[str]) -> list[str]:
    """The secrets that are in the bytes of the database: the whole file with SQLite, a dump of every row else."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(FULL)")
        path = Path(sqlite_file())
        beside = path.with_name(path.name + "-wal")
        content = path.read_bytes() + (beside.read_bytes() if beside.exists() else b"")
    else:
        with connection.cursor() as cursor:
            rows = []
            for table in connection.introspection.table_names():
                cursor.execute(f'SELECT * FROM "{table}"')
                rows.append(repr(cursor.fetchall()))
        content = "".join(rows).encode()
    assert b"fortio.json" in content  # the search finds what is there
    wanted = {one: (one.encode(), base64.b64encode(one.encode())) for one in secrets}
    return [one for one, forms in wanted.items() if any(form in content for form in forms)]


def sqlite_file() -> str:
    """The file behind the connection."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA database_list")
        return next(str(file) for _, name, file in cursor.fetchall() if name == "main")
