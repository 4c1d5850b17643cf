"""Recommend an approach for a case document (meshadvisor-case/1, YAML or JSON).

Needs neither database nor server. Exit code 2, and the place of the fault on standard error, when the document cannot
be used.
"""

import argparse
from pathlib import Path

from meshadvisor.commands import Refusal, named_overlay, read_text, write_out

EXAMPLES = """  meshadvisor advise case.yaml                        the recommendation to read
  meshadvisor advise case.yaml --format json | jq .recommended
  meshadvisor advise case.yaml --format markdown > decision.md
  meshadvisor advise case.yaml --catalogue ./ours     our own sheets and patches on top
"""
FORMATS = ("text", "json", "markdown")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("case", help='the case document; "-" reads standard input')
    parser.add_argument("--format", choices=FORMATS, default="text", help="what to print (%(default)s)")
    parser.add_argument(
        "--catalogue",
        "--overlay",
        type=Path,
        metavar="DIR",
        default=named_overlay(),
        help="directory of your own sheets and patches (MESHADVISOR_OVERLAY, else none)",
    )


def run(options: argparse.Namespace) -> int:
    """Print the recommendation."""
    from decisions import rendering  # noqa: PLC0415
    from decisions.advisor import case, catalog, engine  # noqa: PLC0415

    try:
        asked = case.load(read_text(options.case))
        known = catalog.load(options.catalogue)
    except (case.CaseError, catalog.CatalogError) as error:
        raise Refusal(str(error)) from error
    answer = engine.recommend(asked, known)
    render = {
        "text": rendering.advice_text,
        "json": rendering.advice_json,
        "markdown": rendering.advice_markdown,
    }[options.format]
    write_out(render(asked, answer, known))
    return 0
