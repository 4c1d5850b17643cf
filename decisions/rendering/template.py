"""The templates of records: an engine of their own, so that a record looks the same whatever serves it."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.template import Context, Engine

FOLDER = Path(__file__).resolve().parent.parent.parent / "templates"


@cache
def engine() -> Engine:
    """Autoescaping, without context processors, with the filters of `decisions.rendering.filters`.

    A few parts are shared with pages, where they speak the reader's language; in a record they stay English.
    """
    return Engine(dirs=[str(FOLDER)], autoescape=True, builtins=["decisions.rendering.filters"])


def fill(name: str, values: Mapping[str, object]) -> str:
    """The template of this name with these values. Numbers are given as text: no locale may dress them."""
    return engine().get_template(name).render(Context(dict(values), use_l10n=False, use_tz=False))
