"""Say what a folder, a zip file or a git repository on this machine holds in decision records.

Reads MADR, Nygard, Log4brains, Y-statements and Backstage files in Markdown and reStructuredText. What a file does not
state stays empty; nothing is made up and nothing is written.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence

from decisions.intake import adr
from meshadvisor.commands import Refusal, write_out

EXAMPLES = """  meshadvisor import docs/adr --dry-run
  meshadvisor import records.zip --dry-run --format json
  meshadvisor import ../architecture.git --dry-run
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("place", metavar="DIR|ZIP|GIT", help="a folder, a zip file or a bare git repository")
    parser.add_argument("--dry-run", action="store_true", required=True, help="say what is there")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="what to print (%(default)s)")


def run(options: argparse.Namespace) -> int:
    """Print one entry a file."""
    try:
        entries = adr.read(adr.files_at(options.place))
    except adr.OriginError as error:
        raise Refusal(str(error)) from error
    if options.format == "json":
        write_out(json.dumps([entry.document() for entry in entries], indent=2, ensure_ascii=False))
    else:
        write_out("\n".join(lines(entries)))
    return 0


def lines(entries: Sequence[adr.Entry]) -> Iterator[str]:
    """A line a file, the problems under it, and what there was in all."""
    for entry in entries:
        one = entry.decision
        number = "" if one.number is None else f"{one.number} "
        title = f"{number}{one.title or '(no title)'}"
        yield f"{one.kind.value:8} {one.status or '-':12} {one.date or '-':10} {one.file}: {title}"
        yield from (f"         ! {problem}" for problem in entry.problems)
    kinds = Counter(entry.decision.kind.value for entry in entries)
    yield (
        ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        or "No Markdown or reStructuredText there."
    )
