"""Check, describe and compare what MeshAdvisor knows: the sheets of the catalogue and your overlay of them.

An overlay is a directory of TOML files: sheets of your own, or patches with only the keys that differ. It is named by
--overlay, or by the environment variable MESHADVISOR_OVERLAY, which `advise` and the web application follow too.
docs/catalogue.md describes both.
"""

import argparse
import tomllib
from datetime import date
from pathlib import Path

from meshadvisor.commands import Refusal, named_overlay, write_out

EXAMPLES = """  meshadvisor catalogue check                       a line a sheet, then what is out of date
  meshadvisor catalogue check --overlay ./ours      with your overlay; exit code 1 names file, key and what is allowed
  meshadvisor catalogue schema > sheet.schema.json  the JSON Schema of sheets and patches, for an editor
  meshadvisor catalogue diff shipped ./ours         what your overlay changes, in words
  meshadvisor catalogue diff ./before ./after       two overlays, or two whole folders of sheets
"""
SHIPPED = "shipped"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="check | schema | diff")
    check = acts.add_parser("check", help="read every sheet strictly and say what is wrong or out of date")
    check.add_argument(
        "--overlay",
        type=Path,
        metavar="DIR",
        default=named_overlay(),
        help="your sheets and patches (MESHADVISOR_OVERLAY, else none)",
    )
    check.add_argument(
        "--on", type=date.fromisoformat, metavar="DATE", help="the day on which statements are old or not (today)"
    )
    acts.add_parser("schema", help="print the JSON Schema of sheets and patches")
    diff = acts.add_parser("diff", help="say in words what differs between two catalogues")
    for name in ("before", "after"):
        diff.add_argument(
            name, help=f'a folder of sheets with overheads.toml, an overlay, or "{SHIPPED}" for what is installed'
        )


def run(options: argparse.Namespace) -> int:
    """Do what was asked; checking answers 1 when a sheet cannot be used."""
    return {"check": check, "schema": schema, "diff": diff}[options.act](options)


def check(options: argparse.Namespace) -> int:
    """Print the sheets with warnings, or every problem."""
    from decisions.advisor.catalog import CatalogError, checking, load  # noqa: PLC0415

    try:
        catalog = load(options.overlay)
    except CatalogError as error:
        write_out("\n".join(f"error: {problem}" for problem in error.problems))
        return 1
    on = options.on or date.today()  # noqa: DTZ011 - the day where the person sits
    found = checking.warnings(catalog, on, options.overlay, load())
    write_out("\n".join([*checking.lines(catalog), *(f"warning: {one}" for one in found)]))
    return 0


def schema(_options: argparse.Namespace) -> int:
    """Print the JSON Schema."""
    from decisions.advisor.catalog import schema as published  # noqa: PLC0415

    write_out(published.text())
    return 0


def diff(options: argparse.Namespace) -> int:
    """Print one line for each difference."""
    from decisions.advisor.catalog import CatalogError  # noqa: PLC0415
    from decisions.advisor.catalog.diff import diff as differences  # noqa: PLC0415
    from decisions.advisor.catalog.diff import diff_overheads  # noqa: PLC0415
    from decisions.advisor.catalog.loader import OVERHEADS, SHEETS, load, open_folder  # noqa: PLC0415

    def figures(name: str) -> dict[str, object]:
        folder = SHEETS if name == SHIPPED or not (Path(name) / OVERHEADS).is_file() else Path(name)
        return tomllib.loads((folder / OVERHEADS).read_text(encoding="utf-8"))

    try:
        before, after = (
            load() if name == SHIPPED else open_folder(Path(name)) for name in (options.before, options.after)
        )
        found = [*differences(before, after), *diff_overheads(figures(options.before), figures(options.after))]
    except CatalogError as error:
        raise Refusal(str(error)) from error
    heading = f"From {before.version} to {after.version}:"
    write_out(
        "\n".join(
            [heading, *(f"  {one.sheet}: {one.text.rstrip('.')}." for one in found)] if found else ["No difference."]
        )
    )
    return 0
