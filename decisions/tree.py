"""All decisions of an organisation as a tree of documents that Log4brains, adr-tools, MkDocs and Backstage read.

A decision is one file, named by its number, from the record that stands; what became of it since is its status. The
files around it are what each tool looks for: `.adr-dir`, `.log4brains.yml`, `mkdocs.yml`, `catalog-info.yaml`.
"""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from decisions.models import Decision, Organisation, Record, Status, Succession
from decisions.rendering.flavours import FLAVOURS, Flavour, Standing, file_name
from decisions.rendering.markdown import escaped

FOLDER = "docs/adr"


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """The file of one decision, with who wrote it and when it last changed; `summary` is one line for a log."""

    path: str
    data: bytes
    summary: str
    author: str
    email: str
    changed_at: dt.datetime


def flavour_of(name: str) -> Flavour:
    """The dialect of this name. KeyError for none."""
    return {one.name: one for one in FLAVOURS}[name]


def leaves(organisation: Organisation, flavour: Flavour) -> Iterator[Leaf]:
    """A file for every decision that was ever proposed, by number; drafts stay at home."""
    for decision, record in _standing(organisation):
        standing = Standing(status=_status(decision), superseded_by=_successor(decision))
        text = flavour.write(json.loads(bytes(record.canonical)), standing)
        yield Leaf(
            path=f"{FOLDER}/{file_name(decision.number)}",
            data=text.encode(),
            summary=f"{decision.number} {standing.status}: {decision.title}",
            author=decision.author.name,
            email=decision.author.email,
            changed_at=_changed_at(decision, record),
        )


def _changed_at(decision: Decision, record: Record) -> dt.datetime:
    """When the file came to say what it says: the day of the decision, or that on which it was given up."""
    given_up = decision.changed_at if decision.status == Status.DEPRECATED else None
    return given_up or decision.decided_at or record.created_at


def _standing(organisation: Organisation) -> Iterator[tuple[Decision, Record]]:
    """Each decision with its newest record; one query for all."""
    newest: dict[int, Record] = {}
    records = Record.objects.filter(decision__organisation=organisation).order_by("decision__number", "revision")
    for record in records.select_related("decision__author").defer("inputs"):
        newest[record.decision_id] = record
    successors = _successors(organisation)
    for record in newest.values():
        record.decision.replaced_by = successors.get(record.decision_id, "")  # type: ignore[attr-defined]
        yield record.decision, record


def _successors(organisation: Organisation) -> dict[int, str]:
    links = Succession.objects.filter(
        predecessor__organisation=organisation, predecessor__status=Status.SUPERSEDED, successor__status__in=DONE
    )
    return {link.predecessor_id: link.successor.number for link in links.select_related("successor").order_by("pk")}


DONE = (Status.ACCEPTED, Status.SUPERSEDED, Status.DEPRECATED)
"""A successor replaces only once it was accepted."""


def _successor(decision: Decision) -> str:
    return str(getattr(decision, "replaced_by", ""))


def _status(decision: Decision) -> str:
    # A decision taken back to change it has a record that nobody stands for at the moment.
    return "draft" if decision.status == Status.DRAFT else str(decision.status)


def standing_of(decision: Decision) -> Standing:
    """What became of one decision: its status, and the decision that replaced it."""
    links = Succession.objects.filter(predecessor=decision, successor__status__in=DONE)
    link = links.select_related("successor").order_by("-pk").first() if decision.status == Status.SUPERSEDED else None
    return Standing(status=_status(decision), superseded_by=link.successor.number if link else "")


def around(organisation: Organisation, found: Sequence[Leaf]) -> dict[str, bytes]:
    """The files that the tools look for, and a list of the decisions."""
    name = organisation.name
    lines = [f"* [{escaped(leaf.summary)}](adr/{leaf.path.rpartition('/')[2]})" for leaf in found]
    index = "\n".join([f"# Decisions of {escaped(name)}", "", *lines]) + "\n"
    component = {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {
            "name": organisation.slug,
            "title": f"Decisions of {name}",
            "annotations": {"backstage.io/adr-location": FOLDER, "backstage.io/techdocs-ref": "dir:."},
        },
        "spec": {"type": "documentation", "lifecycle": "production", "owner": organisation.slug},
    }
    site = {"site_name": f"Decisions of {name}", "docs_dir": "docs", "plugins": ["search"]}
    brains = {"project": {"name": f"Decisions of {name}", "tz": "Etc/UTC", "adrFolder": f"./{FOLDER}"}}
    return {
        ".adr-dir": f"{FOLDER}\n".encode(),
        ".log4brains.yml": _yaml(brains),
        "catalog-info.yaml": _yaml(component),
        "docs/index.md": index.encode(),
        "mkdocs.yml": _yaml(site),
    }


def _yaml(value: object) -> bytes:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True).encode()


def write(organisation: Organisation, flavour: Flavour, directory: Path) -> list[Path]:
    """Write the tree; the files that changed. What else lies in the directory is left alone."""
    found = list(leaves(organisation, flavour))
    files = around(organisation, found) | {leaf.path: leaf.data for leaf in found}
    changed = []
    for name, data in files.items():
        path = directory / name
        if not path.is_file() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            changed.append(path)
    return changed
