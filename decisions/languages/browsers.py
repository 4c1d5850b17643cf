"""Which browser on which system: the two things a person knows a session by, out of the User-Agent header.

Browsers name each other for the sake of old sites: Edge says it is Chrome and Safari too. The rarer name decides.
"""

from django.utils.text import Truncator
from django.utils.translation import gettext

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
LONGEST = 90


def named(header: str) -> str:
    """Chrome on Linux; the header itself, shortened, where the browser is none of those known here."""
    program = next((name for mark, name in BROWSERS if mark in header), "")
    system = next((name for mark, name in SYSTEMS if mark in header), "")
    if not program:
        return Truncator(header).chars(LONGEST)
    return gettext("%(browser)s on %(system)s") % {"browser": program, "system": system} if system else program
