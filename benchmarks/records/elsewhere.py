"""A folder of Nygard files into django-adr and out again; runs under the Python that has it (3.12 at least).

    VENV/bin/python benchmarks/records/elsewhere.py FOLDER OUTPUT

django-adr 2.0 takes records in one by one, through its model or its command, and reads no files: the files are cut into
its four fields here, by their headings, which costs it next to nothing.
"""

import re
import sys
import tempfile
from pathlib import Path


def main(folder: str, output: str) -> None:
    """Make a database, take every file in, and export them all."""
    import django
    from django.conf import settings

    with tempfile.TemporaryDirectory() as name:
        settings.configure(
            INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django_adr"],
            DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{name}/db.sqlite3"}},
        )
        django.setup()
        from django.core.management import call_command
        from django_adr.models import ADR  # type: ignore[import-not-found]

        call_command("migrate", verbosity=0)
        for path in sorted(Path(folder).glob("[0-9]*.md")):
            title, *parts = re.split(r"^#{1,2} (.+)$", path.read_text(), flags=re.MULTILINE)[1:]
            sections = dict(zip(parts[1::2], parts[2::2], strict=False))
            fields = {key.lower(): sections.get(key, "") for key in ("Context", "Decision", "Consequences")}
            ADR.objects.create(title=title[:200], **fields)
        call_command("export_adrs", output_dir=output)


if __name__ == "__main__":
    main(*sys.argv[1:])
