"""Find what there is to translate and bring locale/*/LC_MESSAGES/django.po up to date.

Translations that are there are kept; texts that are gone leave the file. With --check nothing is written, and the
answer is 1 when a text is new, gone or without a translation.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from meshadvisor.commands import Refusal, write_out

EXAMPLES = """  meshadvisor messages            after a change of texts
  meshadvisor messages --check    whether every text is translated
"""
BASE = Path(__file__).resolve().parent.parent.parent


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--check", action="store_true", help="write nothing; answer 1 when something is to be done")


def run(options: argparse.Namespace) -> int:
    """Update each language and print what is missing in it."""
    from decisions.languages.catalogue import update  # noqa: PLC0415
    from decisions.languages.extraction import found_in  # noqa: PLC0415

    files = sorted((BASE / "locale").glob("*/LC_MESSAGES/django.po"))
    if not files:
        message = f"no language lies in {BASE / 'locale'}: this command is for a checkout"
        raise Refusal(message)
    found = list(found_in(BASE))
    open_ends = 0
    for file in files:
        with tempfile.TemporaryDirectory() as scratch:
            copy = Path(scratch) / file.relative_to(BASE)
            copy.parent.mkdir(parents=True)
            shutil.copy(file, copy)
            texts, missing = update(copy, found)
            changed = copy.read_bytes() != file.read_bytes()
            if not options.check:
                shutil.copy(copy, file)
        write_out(f"{file.parent.parent.name}: {texts} texts, {missing} without a translation")
        open_ends += missing + int(options.check and changed)
    return int(options.check and bool(open_ends))
