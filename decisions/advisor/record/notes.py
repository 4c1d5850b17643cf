"""Numbers the sources of a record in the order in which they are first leaned on."""

from collections.abc import Iterable

from decisions.advisor.recommendation import Source


class Notes:
    """The sources met so far; asking for one that was met before gives its number again."""

    def __init__(self) -> None:
        self._numbers: dict[Source, int] = {}

    def of(self, sources: Iterable[Source]) -> tuple[int, ...]:
        """The numbers of these sources, smallest first."""
        return tuple(sorted({self._numbers.setdefault(one, len(self._numbers) + 1) for one in sources}))

    @property
    def sources(self) -> tuple[Source, ...]:
        """All sources; the first has number 1."""
        return tuple(self._numbers)
