"""Decisions that others wrote down, read as they stand.

MADR, Nygard, Log4brains, Y-statements and Backstage, in Markdown or reStructuredText, in one file or one folder each.
What is not stated is not made up. Knows no web and no database.
"""

from decisions.intake.adr.collection import Entry, read
from decisions.intake.adr.decision import Decision
from decisions.intake.adr.kinds import Kind
from decisions.intake.adr.origin import File, OriginError, files_at, files_in_zip

__all__ = ["Decision", "Entry", "File", "Kind", "OriginError", "files_at", "files_in_zip", "read"]
