#!/usr/bin/env python3
"""Fit the overhead models to published rows and write the catalogue's table.

python -m benchmarks.overhead.fit ROWS.yaml [--out TABLE.toml]

The ranges are then made as wide as leaving each source out once shows to be needed.
"""

import argparse
import tomllib
from pathlib import Path
from typing import Any

from benchmarks.overhead import published
from benchmarks.overhead.document import assemble, to_toml
from benchmarks.overhead.leaving import MODELS, fit_models, leave_out, sources_of, widths
from decisions.advisor.overhead.coefficients import TABLE

HERE = Path(__file__).resolve().parent


def figures() -> dict[str, Any]:
    """The hand-entered inputs: figures of the catalogue, priors, rows of our bench."""
    return {
        key: value
        for name in ("figures.toml", "priors.toml")
        for key, value in tomllib.loads((HERE / name).read_text(encoding="utf-8")).items()
    }


def main() -> None:
    """Read the command line, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path, help="file of published overheads")
    parser.add_argument("--out", type=Path, default=TABLE, help="where the table goes (default: the catalogue)")
    arguments = parser.parse_args()
    given = figures()
    rows, named = published.load(arguments.rows)
    given["sources"] = named | given["sources"]
    models = fit_models(rows, given)
    left_out = [one for source in sources_of(rows) for one in leave_out(rows, given, source)]
    for name, width in widths(left_out).items():
        models[name]["width"] = round(width, 3)
    document = assemble(given, models)
    arguments.out.write_text(to_toml(document), encoding="utf-8")
    for name in MODELS:
        cells = document["model"][name]["cells"]
        count = sum(cell["rows"] for options in cells.values() for cell in options.values())
        print(f"{name}: {count} rows, {len(cells)} sources, width {document['model'][name]['width']}")
    print(f"written to {arguments.out}")


if __name__ == "__main__":
    main()
