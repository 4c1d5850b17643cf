"""Say what load-test files and cluster inventories hold, as JSON.

Recognises the summaries of load-test tools (k6, wrk and more) and `kubectl get ... -o json` lists by their content.
Cluster files that belong together get one more entry at the end. Nothing is sent or kept; secrets in the files are
never printed. A file that cannot be read is an entry of the kind "refused" that says what was expected.
"""

import argparse
import json
from pathlib import Path

from meshadvisor.commands import read_input, write_out

EXAMPLES = """  meshadvisor inspect summary.json
  meshadvisor inspect nodes.json pods.json services.json
  wrk -d30s --latency http://127.0.0.1:8080/ | meshadvisor inspect -
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("files", nargs="+", metavar="FILE", help='a file; "-" reads standard input')
    parser.add_argument("--format", choices=("json",), default="json", help="what to print (%(default)s)")


def run(options: argparse.Namespace) -> int:
    """Print one entry a file, and one more for cluster files that belong together."""
    from decisions import intake  # noqa: PLC0415

    files = [(read_input(name), Path(name).name) for name in options.files]
    write_out(json.dumps(intake.as_inspect(intake.read_together(files)), indent=2, ensure_ascii=False))
    return 0
