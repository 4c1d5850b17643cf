"""The templates of records: an engine of their own, so that a record looks the same whatever serves it."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.template import Context, Engine
from django.utils import translation

BUILTINS = ["django.templatetags.i18n", "decisions.templatetags.reading", "decisions.rendering.filters"]
FOLDER = Path(__file__).resolve().parent.parent.parent / "templates"


@cache
def engine() -> Engine:
    """Autoescaping, without context processors, with the filters of `decisions.rendering.filters`.

    A few parts are shared with pages, so their filters are here too; a record is filled in English always.
    """
    return Engine(dirs=[str(FOLDER)], autoescape=True, builtins=BUILTINS)


def fill(name: str, values: Mapping[str, object]) -> str:
    """The template of this name with these values. Numbers are given as text: no locale may dress them."""
    with translation.override("en"):
        return engine().get_template(name).render(Context(dict(values), use_l10n=False, use_tz=False))
