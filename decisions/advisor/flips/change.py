"""One hypothetical change of a case, how far it is away, and its sentence."""

from dataclasses import dataclass

from decisions.advisor.case import Case, with_answer

OPEN = 0.5
"""Distance of an open point that is settled: a trial not run, a question not answered or answered with "not sure"."""
CHANGED = 1.0
"""Distance of an answer that turns out to be another."""
NEW_WISH = 1.5
"""Distance of a must-have that nobody has asked for so far.

Distances are planning values in steps. A measurement is as many steps away as it has to double or halve, and two
changes together are as far as both.
"""

Answers = tuple[tuple[str, object], ...]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One hypothetical change: the new answers by path, the sentence, and the question it belongs to."""

    answers: Answers
    words: str
    path: str
    distance: float = CHANGED
    detail: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        """The questions that are answered otherwise."""
        return tuple(path for path, _ in self.answers)

    def applied(self, case: Case) -> Case:
        """The case with the change. Raises CaseError when the answers cannot stand."""
        for path, value in self.answers:
            case = with_answer(case, path, value)
        return case


def together(one: Change, other: Change) -> Change:
    """Two changes as one."""
    return Change(
        answers=(*one.answers, *other.answers),
        words=f"{one.words}; and with it: {other.words[:1].lower()}{other.words[1:]}",
        path=one.path,
        distance=one.distance + other.distance,
        detail="Neither of the two does it alone",
    )
