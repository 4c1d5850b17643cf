"""Printing and sealing a record beside Chromium printing the same page, and a thousand records in and out.

    python -m benchmarks.records --pages --folder

Prints wall seconds, processor seconds and peak memory. A cold figure is a new process, a warm one a median in one that
has printed before. Chromium prints the same HTML with the same style sheets; it leaves PDF/A, attachments and seal out.
Tools given by --beside run over the same thousand files: "log4brains=CMD" with {tree} for the folder, such as
"django-adr=VENV/bin/python benchmarks/records/elsewhere.py {tree}/docs/adr {tree}/out".
"""

import argparse
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

CHROMIUM = (
    *("/usr/bin/chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
    *("--disable-background-networking", "--no-pdf-header-footer"),
)
COLD = """
import datetime as dt, sys
from pathlib import Path
from decisions.advisor.record import document
from decisions.rendering import pdf
from tests.sample_record import sample
page = pdf.render(document(sample()), sealed=True)
if len(sys.argv) > 1:
    from decisions.signing.keystore import ensure_seal
    from decisions.signing.seal import seal_pdf
    seal_pdf(page, ensure_seal(Path(sys.argv[1])), "Benchmark", dt.datetime.now(dt.UTC))
"""


def main() -> None:
    """Measure what was asked for; both when nothing was."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pages", action="store_true", help="print and seal one record")
    parser.add_argument("--folder", action="store_true", help="a thousand records in and out")
    parser.add_argument("--records", type=int, default=1000, help="how many (%(default)s)")
    parser.add_argument("--flavours", nargs="*", default=[], metavar="NAME", help="only these dialects")
    parser.add_argument("--beside", action="append", default=[], metavar="NAME=COMMAND")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ |= {"DATA_DIR": str(folder / "data"), "DJANGO_SETTINGS_MODULE": "meshadvisor.settings"}
        import django

        django.setup()
        if options.pages or not options.folder:
            pages(folder)
        if options.folder or not options.pages:
            thousand(folder, options.records, options.beside, options.flavours)


def say(what: str, wall: float, cpu: float, memory: float | None = None) -> None:
    """One line of the result."""
    print(f"{what:44} {wall:8.2f} s wall {cpu:8.2f} s CPU" + (f" {memory:6.0f} MiB" if memory is not None else ""))


def child(what: str, command: Sequence[str], cwd: Path | None = None) -> int:
    """Run a command to its end and say what it and its children took; its exit code."""
    start = time.perf_counter()
    # Output goes where nobody reads it: a full pipe would stop the clock of somebody else.
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    say(what, time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
    return os.waitstatus_to_exitcode(status)


def warm(what: str, act: Callable[[], object], repeats: int = 5) -> None:
    """The median of an act in this process, after one that does not count."""
    act()
    walls, cpus = [], []
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        act()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    say(what, statistics.median(walls), statistics.median(cpus))


def pages(folder: Path) -> None:
    """One record: printed, sealed, and printed by Chromium."""
    import datetime as dt
    import io

    import pikepdf

    from decisions.advisor.record import canonical, digest, document, read
    from decisions.rendering import fonts, pdf
    from decisions.signing.keystore import ensure_seal
    from decisions.signing.seal import seal_pdf
    from tests.sample_record import sample

    given = document(sample())
    seal = ensure_seal(folder / "keys")
    page = pdf.render(given, sealed=True)
    with pikepdf.open(io.BytesIO(page)) as opened:
        print(f"a record of {len(opened.pages)} pages, {len(page) / 1024:.0f} KiB")
    child("print, cold", [sys.executable, "-c", COLD])
    child("print and seal, cold", [sys.executable, "-c", COLD, str(folder / "keys")])
    warm("print, warm", lambda: pdf.render(given, sealed=True))
    warm("seal, warm", lambda: seal_pdf(page, seal, "Benchmark", dt.datetime.now(dt.UTC)))
    warm(
        "read back what was kept", (folder / "kept.pdf").read_bytes if (folder / "kept.pdf").write_bytes(page) else int
    )
    styles = [fonts.style_sheet(), *((pdf.STATIC / name).read_text() for name in pdf.STYLE_SHEETS)]
    html = pdf._page(read(given), digest(canonical(given)), sealed=True, approvals=())
    html = html.replace("</head>", "<style>" + "".join(styles) + "</style></head>", 1)
    (folder / "page.html").write_text(html)
    for attempt in ("first", "second"):
        to = f"--print-to-pdf={folder / 'chromium.pdf'}"
        child(
            f"Chromium prints the same page, {attempt}",
            [*CHROMIUM, to, f"--user-data-dir={folder / 'profile'}", (folder / "page.html").as_uri()],
        )
    size = (folder / "chromium.pdf").stat().st_size if (folder / "chromium.pdf").is_file() else 0
    print(f"Chromium's file: {size / 1024:.0f} KiB, neither PDF/A nor attachments nor seal")


def _leaf(flavour: Any, document: Mapping[str, Any]) -> Any:
    """A record in one flavour, as the tree takes it."""
    import datetime as dt

    from decisions.rendering.flavours import file_name
    from decisions.tree import FOLDER, Leaf

    about = document["about"]
    return Leaf(
        path=f"{FOLDER}/{file_name(about['number'])}",
        data=flavour.write(document, None).encode(),
        summary=about["title"],
        author="",
        email="",
        changed_at=dt.datetime.now(dt.UTC),
    )


def kept(folder: Path, count: int) -> None:
    """The same files taken into a database, and once more, when all are there already."""
    import datetime as dt

    from django.core.management import call_command

    from decisions import importing
    from decisions.intake import adr
    from decisions.models import ImportedRecord, Organisation, Team, User

    call_command("migrate", verbosity=0)
    organisation = Organisation.objects.create(name="Benchmark", slug="benchmark")
    team = Team.objects.create(organisation=organisation, name="Platform")
    source = importing.Source(team=team, name="benchmark", user=User.objects.create(username="benchmark"))
    for what in (f"take {count} into the database", "and again: all are there"):
        wall, cpu = time.perf_counter(), time.process_time()
        files = adr.files_at(str(folder))
        importing.bring(source, files, adr.read(files), dt.datetime.now(dt.UTC))
        say(what, time.perf_counter() - wall, time.process_time() - cpu)
    print(f"  {ImportedRecord.objects.count()} kept")


def thousand(folder: Path, count: int, beside: Sequence[str], flavours: Sequence[str]) -> None:
    """That many records written as a tree, read again, and read by other tools."""
    from dataclasses import replace

    from decisions.advisor.record import document
    from decisions.intake import adr
    from decisions.models import Organisation
    from decisions.rendering.flavours import FLAVOURS
    from decisions.tree import FOLDER, around
    from tests.sample_record import sample

    record = sample()
    given = [
        document(
            replace(record, about=replace(record.about, number=f"DR-{n:04}", title=f"Decision {n}", supersedes=()))
        )
        for n in range(1, count + 1)
    ]
    for flavour in (one for one in FLAVOURS if not flavours or one.name in flavours):
        tree = folder / flavour.name
        wall, cpu = time.perf_counter(), time.process_time()
        leaves = [_leaf(flavour, one) for one in given]
        files = around(Organisation(name="Benchmark", slug="benchmark"), leaves) | {
            leaf.path: leaf.data for leaf in leaves
        }
        for name, data in files.items():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_bytes(data)
        say(f"write {count} as {flavour.name}", time.perf_counter() - wall, time.process_time() - cpu)
        wall, cpu = time.perf_counter(), time.process_time()
        entries = adr.read(adr.files_at(str(tree / FOLDER)))
        say(f"read {len(entries)} of them", time.perf_counter() - wall, time.process_time() - cpu)
        if flavour.name == "nygard":
            kept(tree / FOLDER, count)
        wrong = sum(one.decision.status != given[0]["about"]["status"] for one in entries)
        size = sum(len(data) for data in files.values())
        print(f"  {size / 2**20:.1f} MiB; {wrong} statuses read otherwise than written")
    for words in beside:
        name, _, command = words.partition("=")
        tree = folder / ("log4brains" if name.startswith("log4brains") else "nygard" if "adr" in name else "madr")
        code = child(f"{name} over {tree.name}", shlex.split(command.format(tree=tree)), cwd=tree)
        built = [path for path in tree.rglob("*") if path.is_file()]
        print(
            f"  exit code {code}; {sum(path.stat().st_size for path in built) / 2**20:.0f} MiB in the folder after it"
        )


if __name__ == "__main__":
    main()
