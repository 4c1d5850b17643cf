"""The part of `meshadvisor export` that writes all decisions for other tools: into a folder, or onto a git branch."""

import argparse

from decisions import branch, tree
from decisions.models import Organisation
from decisions.rendering.flavours import FLAVOURS
from meshadvisor.commands import Refusal, write_out


def run(options: argparse.Namespace) -> int:
    """Write what changed and name it on standard output. Raises Refusal."""
    organisation = _organisation(options.organisation)
    names = [one.name for one in FLAVOURS]
    if options.flavour not in names:
        message = f"there is no flavour {options.flavour!r}; choose one of {', '.join(names)}"
        raise Refusal(message)
    try:
        if options.branch:
            done = branch.publish(organisation, options.output, options.branch, options.flavour)
        else:
            done = [str(path) for path in tree.write(organisation, tree.flavour_of(options.flavour), options.output)]
    except branch.BranchError as error:
        raise Refusal(str(error)) from error
    except OSError as error:
        message = f"cannot write to {options.output}: {error.strerror}"
        raise Refusal(message) from error
    write_out("\n".join(done) or "Nothing changed.")
    return 0


def _organisation(slug: str | None) -> Organisation:
    found = list(Organisation.objects.filter(slug=slug) if slug else Organisation.objects.all()[:2])
    if len(found) == 1:
        return found[0]
    known = ", ".join(Organisation.objects.values_list("slug", flat=True)[:20])
    message = f"say which organisation with --organisation: {known or 'there is none yet'}"
    raise Refusal(message)
