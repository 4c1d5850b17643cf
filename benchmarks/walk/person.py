"""Somebody at a keyboard, whose every act is counted and timed by published figures.

The pace is the keystroke-level model (Card, Moran and Newell, "The keystroke-level model for user performance time with
interactive systems", Communications of the ACM 23(7), 1980) with its average non-secretary typist, and the mean silent
reading rate for English non-fiction (Brysbaert, "How many words do we read per minute?", Journal of Memory and Language
109, 2019).
"""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page

KEY = 0.28
POINT = 1.1
PRESS = 0.2
HOME = 0.4
THINK = 1.35
"""Seconds: a key, pointing with the mouse, pressing and releasing its button, moving the hand, making up one's mind."""
WORDS_A_MINUTE = 238


@dataclass
class Person:
    """Clicks, types and reads; `seconds` is what that takes them, waiting for the machine left out."""

    page: Page
    clicks: int = 0
    keystrokes: int = 0
    words: int = 0
    seconds: float = 0.0
    on_keyboard: bool = False

    def click(self, target: Locator) -> None:
        """Make up one's mind, point, press."""
        self.seconds += THINK + POINT + PRESS + (HOME if self.on_keyboard else 0)
        self.on_keyboard = False
        self.clicks += 1
        target.click()

    def type(self, target: Locator, text: str) -> None:
        """Point at a field and type into it."""
        self.click(target)
        self.seconds += HOME + KEY * len(text)
        self.on_keyboard = True
        self.keystrokes += len(text)
        target.fill(text)

    def drop(self, target: Locator, files: list[Path]) -> None:
        """Take each file in a file manager and drag them together: two pointings for each and one more."""
        self.seconds += THINK + (2 * POINT + PRESS) * len(files) + POINT + PRESS
        self.clicks += len(files) + 1
        target.set_input_files(files)

    def read(self, text: str) -> None:
        """Read every word."""
        self.words += len(text.split())
        self.seconds += len(text.split()) / WORDS_A_MINUTE * 60
