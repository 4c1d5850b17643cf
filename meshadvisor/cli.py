"""The console script `meshadvisor`, and manage.py: the product's commands, and Django's by their names."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from types import ModuleType

from meshadvisor.commands import MODULES, SUMMARIES, Refusal

OVERVIEW = """usage: meshadvisor COMMAND [options]

Decide well about service meshes, and leave a signed architecture decision record.

{commands}

`meshadvisor COMMAND --help` explains one. Django's own commands work by their names too (`meshadvisor migrate`,
`meshadvisor createsuperuser`, `meshadvisor changepassword NAME`); `meshadvisor help --commands` lists them.
The environment says where things are: DATA_DIR (./data), DATABASE_URL (SQLite under DATA_DIR), MESHADVISOR_ORIGIN,
MESHADVISOR_OVERLAY (sheets of your own on top of the catalogue).
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 for done, 1 for a negative answer and 2 for input that cannot be used."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words in (["-h"], ["--help"], ["help"]):
        print(overview(), end="")  # noqa: T201
        return 0
    if words == ["--version"]:
        print(f"meshadvisor {version('meshadvisor')}")  # noqa: T201
        return 0
    name, *rest = words
    if name in SUMMARIES:
        return run(name, rest)
    return django(words)


def overview() -> str:
    """What `meshadvisor --help` says."""
    return OVERVIEW.format(commands="\n".join(f"  {name:10} {summary}" for name, summary in SUMMARIES.items()))


def run(name: str, words: list[str]) -> int:
    """Run one of the product's commands; a refusal goes to standard error and answers 2."""
    command = import_module(f"meshadvisor.commands.{MODULES.get(name, name)}")
    try:
        return int(command.run(parser(name, command).parse_args(words)))
    except Refusal as refusal:
        print(f"meshadvisor {name}: {refusal}", file=sys.stderr)  # noqa: T201
        return 2


def parser(name: str, command: ModuleType) -> argparse.ArgumentParser:
    """The command's parser, with its docstring and its examples in the help."""
    result = argparse.ArgumentParser(
        prog=f"meshadvisor {name}",
        description=command.__doc__,
        epilog=f"examples:\n{command.EXAMPLES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.arguments(result)
    return result


def django(words: list[str]) -> int:
    """Run one of Django's commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meshadvisor.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(["meshadvisor", *words])
    return 0
