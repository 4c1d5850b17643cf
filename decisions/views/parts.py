"""What pages show piece by piece, so that a save renews those pieces alone that show something else now.

Each part carries a mark of what it shows. The page sends the marks it has (header `X-Shown`, see `static/app.js`): what
they name is neither rendered nor sent, laid out or painted. A page that sends none gets all of it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

SHOWN = "x-shown"
"""The header in which a page names the marks it has, with spaces between."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One element with an id. Its template sees `shows` and nothing else, so the mark covers all that can be seen."""

    id: str
    template: str
    shows: Mapping[str, object]
    within: tuple["Part", ...] = ()
    """Parts inside of it, each with a mark of its own; `shows` says which they are and in which order."""

    @cached_property
    def mark(self) -> str:
        """What tells two contents apart, in the reader's language and time zone."""
        reader = (get_language(), timezone.get_current_timezone_name())
        return blake2b(repr((reader, self.id, self.shows)).encode(), digest_size=9).hexdigest()

    @property
    def html(self) -> SafeString:
        """The element as it stands in a page."""
        return self._rendered("")

    @property
    def renewal(self) -> SafeString:
        """The element as htmx puts it in the place of the one with its id."""
        return self._rendered("true")

    def _rendered(self, swap: str) -> SafeString:
        root = format_html('id="{}" data-mark="{}"', self.id, self.mark)
        if swap:
            root = format_html('{} hx-swap-oob="{}"', root, swap)
        return render_to_string(self.template, {**self.shows, "root": root, "within": self.within})


def changed(parts: Iterable[Part], shown: Collection[str]) -> Iterator[Part]:
    """The parts that show something else than the page has; of one that stays those inside of it that do not."""
    for part in parts:
        if part.mark not in shown:
            yield part
        else:
            yield from changed(part.within, shown)
