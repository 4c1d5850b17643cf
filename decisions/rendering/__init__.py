"""A record, or a recommendation not yet filed, in the forms people and programs read. Nothing here decides anything."""

from decisions.rendering.advice import advice_document, advice_json, advice_markdown, advice_text
from decisions.rendering.formats import FORMATS, Format

__all__ = ["FORMATS", "Format", "advice_document", "advice_json", "advice_markdown", "advice_text"]
