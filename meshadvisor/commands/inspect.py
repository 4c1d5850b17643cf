"""Say what load-test files and cluster inventories hold, as JSON.

Recognises the summaries of load-test tools (k6, wrk and more) and `kubectl get ... -o json` lists by their content.
Cluster files that belong together get one more entry, the first. Nothing is sent or kept; secrets in the files are
never printed. A file that cannot be read is an entry of the kind "refused" that says what was expected; when that is so
for every file, the exit code is 2.
"""

import argparse
import io
import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from meshadvisor.commands import Refusal, write_out

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

    with ExitStack() as opened:
        files = [(name, open_file(name, opened)) for name in options.files]
        entries = [intake.as_inspect(reading) for reading in intake.read_together(files)]
    write_out(json.dumps(entries, indent=2, ensure_ascii=False))
    if any(entry["kind"] != "refused" for entry in entries):
        return 0
    message = "nothing could be read; the advice is in the answer" if len(entries) > 1 else str(entries[0]["advice"])
    raise Refusal(message)


def open_file(name: str, opened: ExitStack) -> BinaryIO:
    """A file to read from anywhere in it, standard input for "-"; a large inventory is never held in memory."""
    if name == "-":
        return io.BytesIO(sys.stdin.buffer.read())
    try:
        return opened.enter_context(Path(name).open("rb"))
    except OSError as error:
        message = f"cannot read {name}: {error.strerror}"
        raise Refusal(message) from error
