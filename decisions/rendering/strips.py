"""A projected range and what was measured, one strip a row: positions in percent, and the words beside them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Strip:
    """One projection: where its range, its likely value and the measured value stand on the track shared by all."""

    subject: Any
    x: str
    width: str
    middle: str
    measured_x: str
    zero_x: str
    inside: bool
    told: bool
    standing: str
    projected: str
    measured: str
    words: str


def strips(rows: Iterable[tuple[Any, Mapping[str, Any], Any]]) -> tuple[Strip, ...]:
    """The strips of (subject, score, mark), on one scale from the lowest to the highest value of all."""
    given = list(rows)
    ends = [value for _, score, _ in given for value in (*score["projected"].values(), score["measured"], 0.0)]
    low, high = min(ends), max(ends)
    scale = (high - low) * 1.04 or 1.0

    def at(value: float) -> str:
        return f"{100 * (value - low) / scale + 1:.2f}%"

    return tuple(
        Strip(
            subject=subject,
            x=at(score["projected"]["low"]),
            width=f"{max(100 * (score['projected']['high'] - score['projected']['low']) / scale, 0.4):.2f}%",
            middle=at(score["projected"]["likely"]),
            measured_x=at(score["measured"]),
            zero_x=at(0.0),
            inside=mark.inside,
            told=mark.told,
            standing=mark.standing,
            projected=mark.projected,
            measured=mark.measured,
            words=f"Projected {mark.projected}, measured {mark.measured}: {mark.standing}.",
        )
        for subject, score, mark in given
    )
