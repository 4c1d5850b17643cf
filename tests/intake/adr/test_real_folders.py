"""Real folders of decisions with what people read in them: statuses, dates, links."""

import csv
from collections import defaultdict
from pathlib import Path

from decisions.intake.adr import Entry, Kind, files_at, read


def test_real_folders_are_read_as_people_read_them(shared: Path) -> None:
    folder = shared / "samples" / "adr"
    found: dict[str, Entry] = {}
    for repository in sorted(path for path in folder.iterdir() if path.is_dir()):
        for entry in read(files_at(str(repository))):
            found[f"{repository.name}/{entry.decision.file}"] = entry
    misses: dict[str, list[str]] = defaultdict(list)
    with (folder / "TRUTH.csv").open() as table:
        rows = [row for row in csv.DictReader(table) if row["kind"] == "adr"]
    for row in rows:
        entry = found[row["file"]]
        stated = None if row["status"] in {"", "unknown"} else row["status"]
        if entry.decision.status != stated:
            misses["status"].append(row["file"])
        if entry.decision.date != (row["date"] or None):
            misses["date"].append(row["file"])
        for relation in ("superseded_by", "supersedes"):
            wanted = {one.strip().removeprefix("./") for one in row[relation].split(";") if one.strip()}
            if not wanted <= set(getattr(entry, relation)):
                misses[relation].append(row["file"])
        if entry.decision.kind is not Kind.ADR:
            misses["kind"].append(row["file"])
    assert len(rows) == 370
    assert misses == {}
