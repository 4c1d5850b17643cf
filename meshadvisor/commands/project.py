"""Project what an option adds to a measured value, for rows of a benchmark or of your own measurements.

ROWS is a YAML or JSON list (or a mapping with the list under "rows"); each row names an option, a metric, a baseline
and the circumstances of the measurement. The answer is one entry a row: the range the value is expected in with the
option in place (90 %), or "unsupported" and why.
"""

import argparse
import json

from meshadvisor.commands import Refusal, read_text, write_out

EXAMPLES = """  meshadvisor project rows.yaml
  meshadvisor project rows.yaml --format json | jq '.[] | {id, likely}'
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("rows", help='the rows; "-" reads standard input')
    parser.add_argument("--format", choices=("json",), default="json", help="what to print (%(default)s)")


def run(options: argparse.Namespace) -> int:
    """Print one entry a row."""
    from decisions.advisor.overhead import project_rows  # noqa: PLC0415

    write_out(json.dumps(project_rows(read_rows(read_text(options.rows))), indent=2))
    return 0


def read_rows(text: str) -> list[dict[str, object]]:
    """The rows of a YAML or JSON text. Raises Refusal when it is neither a list of mappings nor holds one."""
    import yaml  # noqa: PLC0415

    try:
        document = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        message = f"this is neither YAML nor JSON: {' '.join(str(error).split())}"
        raise Refusal(message) from error
    rows = document.get("rows") if isinstance(document, dict) else document
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        message = 'a list of rows is expected, or a mapping with the list under "rows"'
        raise Refusal(message)
    return rows
