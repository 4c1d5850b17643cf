"""What a team may say about a stage of the roll-out beside its texts: limits of its gates, and its place."""

import math
import re
from collections.abc import Iterator, Mapping

from decisions.advisor.questions.answers import Problem

LIMIT = re.compile(r"(?P<gate>[a-z][a-z0-9-]{0,79}) (?P<value>[0-9.]{1,20})")
PLACE = re.compile(r"[1-9][0-9]?")


def stage_problems(stage: str, words: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with the limits and the place of a stage."""
    path = f"stages.{stage}"
    if "place" in words and not PLACE.fullmatch(words["place"]):
        yield Problem(path=f"{path}.place", text=f"{words['place'][:40]!r} is no place; a whole number from 1 to 99 is")
    for part in parts(words.get("limits", "")):
        found = LIMIT.fullmatch(part)
        if found is None or _number(found["value"]) is None:
            text = f"{part[:80]!r} is no limit of a gate; its name and a number from 0 up are, such as istio-p99 45"
            yield Problem(path=f"{path}.limits", text=text)


def limits(words: Mapping[str, str]) -> dict[str, float]:
    """The limits that a team set itself, by the id of the gate."""
    found = (LIMIT.fullmatch(part) for part in parts(words.get("limits", "")))
    return {one["gate"]: float(one["value"]) for one in found if one}


def parts(text: str) -> list[str]:
    """The single limits of a text such as "istio-p99 45, istio-success 0.99"."""
    return [" ".join(part.split()) for part in text.split(",") if part.strip()]


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
