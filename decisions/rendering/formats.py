"""The formats a record can be had in. A new format is one module and one line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from decisions.advisor.record import canonical
from decisions.rendering import markdown, text

Document = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Format:
    """One format: its short name, what a browser is told, the ending of a file name, and what makes the bytes."""

    name: str
    media_type: str
    extension: str
    render: Callable[[Document], bytes]


def _html(document: Document) -> bytes:
    from decisions.rendering import html  # noqa: PLC0415 - Django's templates are not needed for the others

    return html.render(document).encode()


def _pdf(document: Document) -> bytes:
    from decisions.rendering import pdf  # noqa: PLC0415 - WeasyPrint takes a second to load

    return pdf.render(document)


FORMATS = (
    Format(name="pdf", media_type="application/pdf", extension=".pdf", render=_pdf),
    Format(
        name="md",
        media_type="text/markdown; charset=utf-8",
        extension=".md",
        render=lambda document: markdown.render(document).encode(),
    ),
    Format(name="html", media_type="text/html; charset=utf-8", extension=".html", render=_html),
    Format(name="json", media_type="application/json", extension=".json", render=canonical),
    Format(
        name="txt",
        media_type="text/plain; charset=utf-8",
        extension=".txt",
        render=lambda document: text.render(document).encode(),
    ),
)
"""Every format is made from the record document alone."""
