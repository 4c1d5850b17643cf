"""How files with known values are read, tool by tool: right, wrong, refused as asked.

python -m benchmarks.intake.truth FOLDER

FOLDER holds the files and EXPECTED.yaml: {path of a file: {tool, requests, error_ratio, duration_s, p50_ms, ...}}. An
entry without values whose `expect` begins with "refuse" or "reject" is to be refused, with "accept" to be read, and
with "auxiliary" may be either. A file is right when requests are exact, the error ratio is within 0.002, percentiles
and duration within 2 %, and unknown exactly where the entry says null. Prints every deviation, then the table.
"""

import math
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from decisions.intake import as_inspect, read, read_together

PERCENTILES = ("p50", "p90", "p95", "p99")
COUNTS = ("nodes", "pods", "services", "namespaces")


def main(folder: Path) -> None:
    """Reads every file that EXPECTED.yaml speaks of."""
    table: dict[str, Counter[str]] = {}
    for name, want in yaml.safe_load((folder / "EXPECTED.yaml").read_text()).items():
        path = folder / name
        if not want or not path.exists() or not name.startswith(("loadtest/", "cluster/")):
            continue
        got = _read(path)
        found = list(deviations(want, got))
        for sentence in found:
            print(f"{name}: {sentence}")
        refused = _says(want, "refuse", "reject", "auxiliary") and got["kind"] == "refused"
        outcome = "wrong" if found else "refused as asked" if refused else "right"
        parts = name.split("/")
        table.setdefault(parts[1] if parts[0] == "loadtest" else parts[0], Counter())[outcome] += 1
    print(f"\n{'tool':16}{'right':>8}{'wrong':>8}{'refused as asked':>20}")
    for tool, counts in sorted(table.items()):
        print(f"{tool:16}{counts['right']:8}{counts['wrong']:8}{counts['refused as asked']:20}")
    total = sum(table.values(), Counter())
    print(f"{'together':16}{total['right']:8}{total['wrong']:8}{total['refused as asked']:20}")


def _read(path: Path) -> Mapping[str, Any]:
    if path.is_file():
        with path.open("rb") as file:
            return as_inspect(read(file, path.name)[0])
    files = sorted(one for one in path.rglob("*") if one.is_file() and one.name != "SOURCE.txt")
    return as_inspect(read_together([(one.name, one.read_bytes()) for one in files])[0])


def _says(want: Mapping[str, Any], *words: str) -> bool:
    return str(want.get("expect", "")).lower().startswith(words) and not {"requests", "nodes"} & want.keys()


def deviations(want: Mapping[str, Any], got: Mapping[str, Any]) -> Iterator[str]:
    """What differs, in words."""
    if _says(want, "refuse", "reject") and got["kind"] != "refused":
        yield f"should be refused, taken for {got['kind']}"
    if _says(want, "accept") and got["kind"] != "loadtest":
        yield f"should be read, taken for {got['kind']}"
    if "expect" in want and not {"requests", "nodes"} & want.keys():
        return
    pairs = [("tool", got["tool"], want.get("tool", got["tool"]), 0.0, 0.0)]
    pairs += [("requests", got["requests"], want.get("requests", got["requests"]), 0.0, 0.0)] if "tool" in want else []
    pairs += (
        [("error_ratio", got["error_ratio"], want["error_ratio"], 0.0, 0.002)] if _given(want, "error_ratio") else []
    )
    pairs += [("duration_s", got["duration_s"], want["duration_s"], 0.02, 0.6)] if _given(want, "duration_s") else []
    pairs += [
        (key, got["latency_ms"][key], want[f"{key}_ms"], 0.02, 0.005) for key in PERCENTILES if f"{key}_ms" in want
    ]
    cluster = got["cluster"] or {}
    pairs += [
        (key, cluster.get(key), want[key], 0.0, 0.0)
        for key in COUNTS
        if key in want and isinstance(want[key], int | None)
    ]
    for key, mine, true, share, floor in pairs:
        if not _same(mine, true, share, floor):
            yield f"{key} is {mine}, not {true}"


def _given(want: Mapping[str, Any], key: str) -> bool:
    return isinstance(want.get(key), float)


def _same(mine: object, true: object, share: float, floor: float) -> bool:
    if isinstance(mine, int | float) and isinstance(true, int | float):
        return math.isclose(mine, true, rel_tol=share, abs_tol=floor)
    return mine == true


if __name__ == "__main__":
    main(Path(sys.argv[1]))
