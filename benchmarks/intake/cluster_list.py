#!/usr/bin/env python3
"""Time and memory to read a large cluster list, against json.loads on the same file in the same run.

python -m benchmarks.intake.cluster_list [PODS]

Writes a list of PODS pods (5,000 by default) with proxies and environment into a temporary file, as kubectl prints it,
and reads it in fresh processes: nothing, json.loads, and decisions.intake. Prints seconds (best of three) and the peak
of resident memory of each.
"""

import json
import os
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

READERS = {
    "nothing (interpreter and imports)": "",
    "json.loads": "import json; json.loads(open(sys.argv[1], 'rb').read())",
    "decisions.intake in a worker, with progress": (
        "(one,) = intake.read_together([('list', open(sys.argv[1], 'rb'))], lambda place, share: None); "
        "from decisions.measuring import packed; assert packed(one)['answers']"
    ),
    "decisions.intake": "(one,) = intake.read(open(sys.argv[1], 'rb'), 'list'); assert one.cluster, one.advice",
}
PROGRAM = """
import resource, sys, time
if {worker}:
    import django; django.setup()
    import decisions.receiving
from decisions import intake
begin = time.perf_counter()
{body}
print(time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def container(name: str, environment: int) -> dict[str, object]:
    """A container as the API server returns it, with probes, mounts and environment."""
    return {
        "name": name,
        "image": f"registry.example/{name}:1.2.3",
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"cpu": "2", "memory": "1Gi"}},
        "env": [{"name": f"SETTING_{place}", "value": f"value-{place}" * 3} for place in range(environment)],
        "ports": [{"containerPort": 8080, "name": "http", "protocol": "TCP"}],
        "readinessProbe": {"httpGet": {"path": "/ready", "port": 8080}, "periodSeconds": 10, "timeoutSeconds": 1},
        "volumeMounts": [{"mountPath": f"/var/run/{place}", "name": f"v{place}"} for place in range(6)],
    }


def pod(place: int) -> dict[str, object]:
    """One pod with an injected proxy."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"app-{place % 300}-{place}",
            "namespace": f"team-{place % 40}",
            "creationTimestamp": "2026-01-02T03:04:05Z",
            "labels": {"app": f"app-{place % 300}", "pod-template-hash": "5d8f7c9b4"},
            "annotations": {
                "sidecar.istio.io/status": '{"containers":["istio-proxy"]}',
                "example.org/config": "x" * 900,
            },
            "ownerReferences": [{"kind": "ReplicaSet", "name": f"app-{place % 300}", "uid": "0" * 36}],
        },
        "spec": {
            "nodeName": f"node-{place % 120}",
            "containers": [container("app", 20), container("istio-proxy", 30)],
            "initContainers": [container("istio-init", 4)],
            "volumes": [{"name": f"v{n}", "projected": {"sources": [{"secret": {"name": f"s{n}"}}]}} for n in range(8)],
        },
        "status": {
            "phase": "Running",
            "containerStatuses": [{"name": "app", "restartCount": 0, "state": {"running": {"startedAt": "x"}}}],
        },
    }


def measure(body: str, path: Path) -> tuple[float, float]:
    """(best seconds of three, MiB at the peak) of a reader in a process of its own."""
    runs = []
    for _ in range(3):
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM.format(body=body, worker="packed" in body), str(path)],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "meshadvisor.settings", "DATA_DIR": str(path.parent)},
        )
        seconds, peak = run.stdout.split()
        runs.append((float(seconds), float(peak)))
    return min(runs)[0], max(peak for _, peak in runs)


def write(path: Path, pods: int) -> None:
    """The list, pod by pod: a child process would inherit the peak of a parent that held it all."""
    with path.open("w") as file:
        file.write('{\n    "apiVersion": "v1",\n    "items": [\n')
        for place in range(pods):
            file.write(",\n" if place else "")
            file.write(textwrap.indent(json.dumps(pod(place), indent=4), " " * 8))
        file.write('\n    ],\n    "kind": "List"\n}\n')


def main(pods: int) -> None:
    """Writes the list, measures every reader and prints the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.json"
        write(path, pods)
        print(f"{pods} pods, {path.stat().st_size / 1e6:.1f} MB as kubectl prints them")
        print(f"{'reader':46}{'seconds':>9}{'peak MiB':>10}")
        for name, body in READERS.items():
            seconds, peak = measure(body, path)
            print(f"{name:46}{seconds:9.2f}{peak:10.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
