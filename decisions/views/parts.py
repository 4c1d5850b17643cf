"""What pages show piece by piece, so that a save renews those pieces alone that show something else now.

Each part carries a mark of what it shows. The page sends the marks it has (header `X-Shown`, see `static/app.js`): what
they name is neither rendered nor sent, laid out or painted. A page that sends none gets all of it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

KEPT = 512
"""Parts are kept as rendered, since most of what an answer changes was shown for another answer before."""
SHOWN = "x-shown"
"""The header in which a page names the marks it has, with spaces between."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """One element with an id. Its template sees `shows` and nothing else, so the mark covers all that can be seen.

    Parts in which nobody could see a difference are equal.
    """

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

    def __eq__(self, other: object) -> bool:
        """Whether both look the same, with all that is inside of them."""
        return isinstance(other, Part) and self._seen == other._seen

    def __hash__(self) -> int:
        """The same for parts that look the same."""
        return hash(self.mark)

    @property
    def html(self) -> SafeString:
        """The element as it stands in a page."""
        return _rendered(self, "")

    @property
    def renewal(self) -> SafeString:
        """The element as htmx puts it in the place of the one with its id."""
        return _rendered(self, "true")

    @property
    def _seen(self) -> tuple[object, ...]:
        return self.mark, self.template, self.within


@lru_cache(KEPT)
def _rendered(part: Part, swap: str) -> SafeString:
    root = format_html('id="{}" data-mark="{}"', part.id, part.mark)
    if swap:
        root = format_html('{} hx-swap-oob="{}"', root, swap)
    return render_to_string(part.template, {**part.shows, "root": root, "within": part.within})


def changed(parts: Iterable[Part], shown: Collection[str]) -> Iterator[Part]:
    """The parts that show something else than the page has; of one that stays those inside of it that do not."""
    for part in parts:
        if part.mark not in shown:
            yield part
        else:
            yield from changed(part.within, shown)
