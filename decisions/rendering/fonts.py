"""The typefaces of printed records: whole files under family names of our own, and which characters they can draw.

WeasyPrint tells embedded fonts apart by family, weight and style, not by file; a family name that an installed font
has too would print wrong glyphs. Without any font at all Pango takes the process down, so files are checked first.
"""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

SANS, MONO, FALLBACK = "Record Sans", "Record Mono", "Record Fallback"
FOLDERS = (
    Path("/usr/share/fonts/opentype/inter"),
    Path("/usr/share/fonts/truetype/inter"),
    Path("/usr/share/fonts/truetype/jetbrains-mono"),
    Path("/usr/share/fonts/truetype/dejavu"),
)
FOLDER_VARIABLE = "MESHADVISOR_FONT_DIR"
COMMAND = "apt-get install fonts-inter fonts-jetbrains-mono fonts-dejavu-core"


class FontError(RuntimeError):
    """A typeface is missing; the text says which and how to get it."""


@dataclass(frozen=True, kw_only=True)
class Face:
    """One file for one family, weight and style; the first of `names` that exists is taken."""

    family: str
    weight: int
    style: str
    names: tuple[str, ...]


FACES = (
    Face(family=SANS, weight=400, style="normal", names=("Inter-Regular.otf", "Inter-Regular.ttf")),
    Face(family=SANS, weight=600, style="normal", names=("Inter-SemiBold.otf", "Inter-SemiBold.ttf")),
    Face(family=SANS, weight=700, style="normal", names=("Inter-Bold.otf", "Inter-Bold.ttf")),
    Face(family=MONO, weight=400, style="normal", names=("JetBrainsMono-Regular.ttf",)),
    Face(family=FALLBACK, weight=400, style="normal", names=("DejaVuSans.ttf",)),
    Face(family=FALLBACK, weight=700, style="normal", names=("DejaVuSans-Bold.ttf",)),
)

# Characters that Unicode shows as colour emoji by default: where such a font is installed Pango takes it before ours.
EMOJI = frozenset(
    {
        *range(0x1F000, 0x20000),
        *range(0x23E9, 0x23ED),
        *range(0x2648, 0x2654),
        *range(0x2753, 0x2756),
        *map(
            ord,
            "\u231a\u231b\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u267f\u2693\u26a1\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26ce\u26d4"
            "\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e\u2757\u2795\u2796\u2797\u27b0\u27bf\u2b1b"
            "\u2b1c\u2b50\u2b55",
        ),
    }
)


def path_of(face: Face) -> Path:
    """The file of a face. FontError, with the command to type, when it is not installed."""
    own = os.environ.get(FOLDER_VARIABLE)
    folders = (Path(own), *FOLDERS) if own else FOLDERS
    for folder in folders:
        for name in face.names:
            if (folder / name).is_file():
                return folder / name
    message = (
        f"The typeface {face.names[0]} is missing, so no PDF can be printed. Type: {COMMAND}\n"
        f"or put the files into a directory and name it in {FOLDER_VARIABLE}."
    )
    raise FontError(message)


def style_sheet() -> str:
    """@font-face rules for all faces."""
    return "".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; font-style: {face.style}; '
        f'src: url("{path_of(face).as_uri()}") }}\n'
        for face in FACES
    )


@cache
def drawable() -> frozenset[int]:
    """Code points that at least one regular face can draw."""
    found: set[int] = set()
    for face in FACES:
        if face.weight == 400:
            with TTFont(path_of(face), lazy=True) as font:
                found.update(font.getBestCmap())
    return frozenset(found) - EMOJI


def undrawable(text: str) -> str:
    """The first sign of the text that no face can draw, as it will be printed; "" where there is none."""
    known = drawable()
    return next((_named(sign) for sign in text if ord(sign) not in known and sign not in "\n\t"), "")


def _named(sign: str) -> str:
    return f"[U+{ord(sign):04X}]"


def visible(text: str) -> str:
    """The text with every character that no face can draw written as its code point, such as [U+6F22].

    Such a character would print as an empty box and cost the file its archival and accessible standing.
    """
    known = drawable()
    return "".join(sign if ord(sign) in known or sign in "\n\t" else _named(sign) for sign in text)
