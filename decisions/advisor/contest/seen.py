"""The setting of an entry, which notes whether anything but product and case is asked for."""

from typing import Any, Never

from decisions.advisor.contest.entries import Entry
from decisions.advisor.setting import Setting


class Seen(Setting):
    """The setting of an entry, which fetches what it knows of requirements when a rule or term asks for it.

    What asked for none of it holds for every composition of the product: that is how findings are shared.
    """

    def __getattr__(self, name: str) -> Any:
        entry: Entry | None = self.__dict__.pop("entry", None)
        if entry is None or name.startswith("__"):
            raise AttributeError(name)
        self.__dict__.update(_known(self, entry))
        return self.__dict__[name]

    @property
    def of_product(self) -> bool:
        """Whether nobody has asked for anything but the product and the case."""
        return "entry" in self.__dict__


def _known(seen: Seen, entry: Entry) -> dict[str, Any]:
    """The fields that depend on requirements, the same for every case in which the entry stands."""
    if not entry.known:
        known = Setting(
            case=seen.case,
            catalog=seen.catalog,
            needs=entry.needs,
            product=entry.product,
            fits=entry.fits,
            add_ons=entry.add_ons,
            unmet=entry.unmet,
            project=_unasked,
            account=_unasked,
        )
        fields = ("needs", "fits", "add_ons", "unmet", "carried", "l7_musts", "project", "account")
        entry.known.update({name: getattr(known, name) for name in fields})
    return entry.known


def _unasked(*_: object) -> Never:
    message = "a rule that weighs before the limits asks for costs or projections"
    raise TypeError(message)
