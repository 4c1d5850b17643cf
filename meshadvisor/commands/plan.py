"""Write the roll-out pack for a case document: one folder a stage, with what to apply, the gates and the way back.

Needs neither database nor server. Names of namespaces and services are taken from the case, or from inventory files of
`kubectl get ... -o json`. Writes only into a directory that is empty or new.
"""

import argparse
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from meshadvisor.commands import Refusal, named_overlay, read_text, write_out
from meshadvisor.commands.inspect import open_file

EXAMPLES = """  meshadvisor plan case.yaml -o rollout
  meshadvisor plan case.yaml -o rollout --inventory namespaces.json services.json pods.json
  kubectl kustomize rollout/00-install
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("case", help='the case document; "-" reads standard input')
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="an empty or new directory")
    parser.add_argument("--inventory", nargs="+", metavar="FILE", default=[], help="lists of the cluster, as JSON")
    parser.add_argument(
        "--catalogue",
        "--overlay",
        type=Path,
        metavar="DIR",
        default=named_overlay(),
        help="directory of your own sheets and patches (MESHADVISOR_OVERLAY, else none)",
    )


def run(options: argparse.Namespace) -> int:
    """Write the files and say what was written."""
    from decisions.advisor import case, catalog, engine, pack  # noqa: PLC0415

    try:
        asked = case.load(read_text(options.case))
        if options.inventory:
            namespaces, marks = named(options.inventory)
            asked = replace(asked, namespaces=namespaces, marks=marks)
        answer = engine.recommend(asked, catalog.load(options.catalogue))
        files = pack.build(asked, answer.plan, answer.product_title)
    except (case.CaseError, catalog.CatalogError, pack.PackError) as error:
        raise Refusal(str(error)) from error
    write_files(options.output, files)
    folders = [f"{stage.number}. {stage.title}" for stage in answer.plan]
    write_out("\n".join([f"{len(files)} files in {options.output}, one folder a stage:", *folders]))
    return 0


def named(names: list[str]) -> tuple[dict[str, dict[str, int]], dict[str, dict[str, str]]]:
    """Namespaces with their services and ports, and their marks of a mesh, from inventory files. Raises Refusal."""
    from decisions import intake  # noqa: PLC0415

    with ExitStack() as opened:
        readings = intake.read_together([(name, open_file(name, opened)) for name in names])
    inventories = [one.inventory for one in readings if one.inventory is not None]
    found = intake.places(*inventories)
    if not found:
        message = "the inventory names no namespace with Services; give it the lists of namespaces, services and pods"
        raise Refusal(message)
    return found, intake.marks(*inventories)


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Write the files of a pack. Raises Refusal where something lies in the directory already."""
    try:
        if folder.exists() and any(folder.iterdir()):
            message = f"{folder} is not empty; name a new directory, nothing was written"
            raise Refusal(message)
        for path, content in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    except OSError as error:
        message = f"cannot write to {folder}: {error.strerror}"
        raise Refusal(message) from error
