#!/usr/bin/env python3
"""Fit the overhead models to published rows and write the catalogue's table.

python -m benchmarks.overhead.fit ROWS.yaml [--out TABLE.toml]
"""

import argparse
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.overhead import design, published
from benchmarks.overhead.document import assemble, to_toml
from decisions.advisor.overhead.coefficients import TABLE

HERE = Path(__file__).resolve().parent
MODELS = ("latency", "saturation", "cpu", "memory", "link")


def figures() -> dict[str, Any]:
    """The hand-entered inputs: figures of the catalogue, priors, rows of our bench."""
    return {
        key: value
        for name in ("figures.toml", "priors.toml")
        for key, value in tomllib.loads((HERE / name).read_text(encoding="utf-8")).items()
    }


def fit_models(rows: Sequence[published.Row], given: Mapping[str, Any], *, evaluations: int = 250) -> dict[str, Any]:
    """The [model.*] tables for a set of rows, with the bench always among them."""
    every = [*rows, *published.bench(given)]
    tables = {}
    for name in MODELS:
        prior = given["prior"][name]
        points, forward = published.points(every, prior["options"], name)
        posterior = design.solve(points, prior, forward, evaluations=evaluations)
        tables[name] = design.table(points, prior, posterior)
    return tables


def main() -> None:
    """Read the command line, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path, help="file of published overheads")
    parser.add_argument("--out", type=Path, default=TABLE, help="where the table goes (default: the catalogue)")
    arguments = parser.parse_args()
    given = figures()
    rows, named = published.load(arguments.rows)
    given["sources"] = named | given["sources"]
    document = assemble(given, fit_models(rows, given))
    arguments.out.write_text(to_toml(document), encoding="utf-8")
    for name in MODELS:
        cells = document["model"][name]["cells"]
        count = sum(cell["rows"] for options in cells.values() for cell in options.values())
        print(f"{name}: {count} rows, {len(cells)} sources")
    print(f"written to {arguments.out}")


if __name__ == "__main__":
    main()
