"""What files answer, figure by figure: where sources disagree nothing is chosen for the person, who picks one."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from decisions.advisor.disagreement import FINGERPRINT, apart, label_of
from decisions.advisor.questionnaire import question_at
from decisions.advisor.questions import FIELDS
from decisions.advisor.questions.consistency import PERCENTILES
from decisions.drafting import ENCRYPTS, PLUGIN, RELEASE, plain
from decisions.forms import in_words
from decisions.intake import Kind
from decisions.intake.cluster_answers import can_encrypt
from decisions.intake.clusterfile import TOGETHER
from decisions.measuring import days_old
from decisions.models import Decision

ALL = "all"
"""The name of the radio buttons that take every disputed figure from one source."""
KEEP = "no"
"""The choice that leaves an answer as it is."""
WHOSE = "baseline.distribution"
ROOTS = {
    PLUGIN: (WHOSE,),
    RELEASE: (PLUGIN, WHOSE),
    ENCRYPTS: (PLUGIN, WHOSE),
    **dict.fromkeys(("baseline.kernel_version", "baseline.kubernetes_version", "baseline.kube_proxy"), (WHOSE,)),
}
"""What a figure is a figure of, the nearest first: the release of a plugin says nothing of another plugin."""


class Found(NamedTuple):
    """What one file says: the key of the choice, the value in words, and where it comes from."""

    key: str
    value: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One field that files answer: what stands there now, and what each file says."""

    path: str
    question: str
    label: str
    now: str
    """In words; empty when nothing was answered."""
    found: tuple[Found, ...]
    stands: object = None
    """The answer itself."""
    by_hand: bool = False
    """Whether a person gave it, and no file."""
    ticked: bool = True
    """Whether it is filled in unless a person says otherwise."""

    @property
    def title(self) -> str:
        """What it is called where its question does not stand above it."""
        return label_of(self.path)

    @property
    def plain(self) -> bool:
        """Whether there is nothing to choose between: all files agree, with each other and with what stands there."""
        return len({one.value for one in self.found} | ({self.now} if self.now else set())) == 1


@dataclass(frozen=True, kw_only=True)
class Column:
    """One source in the table of those that disagree; `old` is its age in days when it counts as old."""

    key: str
    name: str
    tool: str
    date: str
    old: int | None
    picked: bool = False


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What one source says about one disputed figure; empty when it says nothing."""

    key: str
    value: str = ""
    source: str = ""
    picked: bool = False
    along: tuple[tuple[str, str], ...] = ()
    """What is taken with it: labels and values."""


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """One figure about which sources disagree, with a cell a column."""

    offer: Offer
    cells: tuple[Cell, ...]
    keeping: bool = False
    along: tuple[tuple[str, str], ...] = ()
    """What is answered with the answer that is kept."""


@dataclass(frozen=True, kw_only=True)
class Disputes:
    """The table of figures about which sources disagree; empty when there is none."""

    columns: tuple[Column, ...] = ()
    rows: tuple[Dispute, ...] = ()
    standing: bool = False
    """Whether an answer that stands already is among the sources."""


def offers(decision: Decision, kept: Sequence[Mapping[str, Any]]) -> list[Offer]:
    """The questions the readings answer. Cluster files that were joined speak through the joined reading alone."""
    found: dict[str, list[Found]] = {}
    for number, one in enumerate(kept):
        if is_part(kept, one):
            continue
        for path, (value, source) in one["answers"].items():
            said = Found(str(number), in_words(path, value), FINGERPRINT.sub("", source))
            found.setdefault(path, []).append(said)
    order = list(FIELDS)
    return [_offer(decision, path, tuple(found[path])) for path in sorted(found, key=order.index)]


def _offer(decision: Decision, path: str, found: tuple[Found, ...]) -> Offer:
    question = question_at(path)
    now = plain(decision.case, path)
    return Offer(
        path=path,
        question=question.text if question else "",
        label=FIELDS[path].label or "Answer",
        now="" if now is None else in_words(path, now),
        found=found,
        stands=now,
        by_hand=now is not None and path not in decision.case.get("provenance", {}),
    )


def agreed(found: Sequence[Offer], elsewhere: Collection[str] = ()) -> list[Offer]:
    """The offers about which there is nothing to choose. Those of `elsewhere`, the keys of readings that seem to be of
    another cluster, are left to the person; those that hang on a disputed figure go with what is chosen for it.
    """
    followed = _followed(found)
    free = [one for one in found if one.plain and one.path not in followed]
    return [replace(one, ticked=any(said.key not in elsewhere for said in one.found)) for one in free]


def _followed(found: Sequence[Offer]) -> dict[str, tuple[Offer, ...]]:
    """The offers that go with the choice about disputed figures, the nearest of those first."""
    disputed = {one.path: one for one in found if not one.plain}
    roots = {one.path: tuple(disputed[root] for root in ROOTS.get(one.path, ()) if root in disputed) for one in found}
    return {one.path: roots[one.path] for one in found if one.plain and roots[one.path]}


def places_in(kept: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Namespaces with their Services and ports, for the files of the roll-out; the least risky namespace first."""
    named = (one["figures"].get("places") for one in kept if not is_part(kept, one))
    return next((list(places) for places in named if places), [])


def is_part(kept: Sequence[Mapping[str, Any]], one: Mapping[str, Any]) -> bool:
    """Whether it is one of the cluster files that a joined reading among them speaks for."""
    return any(one is not other and one["sha256"] in parts_of(kept, other) for other in kept)


def parts_of(kept: Sequence[Mapping[str, Any]], joint: Mapping[str, Any]) -> list[str]:
    """SHA-256 of the files that this reading speaks for; none for the reading of one file.

    Readings kept before 2026-11 name none: theirs was one cluster, whose joined reading stands first.
    """
    if joint["kind"] != Kind.CLUSTER or joint["format"] != TOGETHER:
        return []
    if "parts" in joint["figures"]:
        return [str(one) for one in joint["figures"]["parts"]]
    return [str(one["sha256"]) for one in kept if one["kind"] == Kind.CLUSTER and one is not joint]


def disputes(
    found: Sequence[Offer], kept: Sequence[Mapping[str, Any]], today: dt.date, picked: Mapping[str, str]
) -> Disputes:
    """The offers about which sources disagree, side by side. `picked` is what was posted so far."""
    disputed = [one for one in found if not one.plain]
    keys = dict.fromkeys(said.key for one in disputed for said in one.found)
    columns = [_column(key, kept[int(key)], today, picked) for key in sorted(keys, key=int)]
    rows = []
    nearest = {path: roots[0].path for path, roots in _followed(found).items()}
    for one in disputed:
        says = {said.key: said for said in one.found}
        choice = picked.get(f"use:{one.path}", "")
        with_it = [each for each in found if nearest.get(each.path) == one.path]
        cells = tuple(_cell(column.key, says.get(column.key), choice, with_it) for column in columns)
        own = _of_the_kept(one, found, kept)
        along = tuple((each.title, in_words(each.path, own[0])) for each in with_it if own and each.path == ENCRYPTS)
        rows.append(Dispute(offer=one, cells=cells, keeping=choice == KEEP, along=along))
    return Disputes(columns=tuple(columns), rows=tuple(rows), standing=any(one.now for one in disputed))


def _column(key: str, one: Mapping[str, Any], today: dt.date, picked: Mapping[str, str]) -> Column:
    return Column(
        key=key,
        name=one["file"],
        tool=one["tool"] or one["kind"],
        date=one["started"][:10],
        old=days_old(one["started"], today),
        picked=picked.get(ALL) == key,
    )


def _cell(key: str, said: Found | None, choice: str, with_it: Sequence[Offer]) -> Cell:
    if said is None:
        return Cell(key=key)
    along = tuple((one.title, each.value) for one in with_it for each in one.found if each.key == key)
    return Cell(key=key, value=said.value, source=said.source, picked=choice == key, along=along)


def _of_the_kept(plugin: Offer, found: Sequence[Offer], kept: Sequence[Mapping[str, Any]]) -> tuple[str, str] | None:
    """Whether the plugin that a person keeps can encrypt, and who says so; None where the files have no say in it."""
    offered = next((one for one in found if one.path == ENCRYPTS), None)
    if plugin.path != PLUGIN or not offered or not _rejects(plugin, kept):
        return None
    can, because = can_encrypt(str(plugin.stands))
    return (can, because) if can else None


def _rejects(offer: Offer, kept: Sequence[Mapping[str, Any]]) -> bool:
    """Whether keeping what stands there rejects what the files say, and not merely how they write it."""
    said = (kept[int(one.key)]["answers"][offer.path][0] for one in offer.found)
    return offer.stands is None or all(apart(offer.path, offer.stands, one) for one in said)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The answers a person chose and where each comes from, the paths about which nothing was said, and what files say
    of answers that were kept instead.
    """

    answers: dict[str, object]
    origins: dict[str, dict[str, str]]
    undecided: tuple[str, ...]
    aside: dict[str, dict[str, object]]


def chosen(
    posted: Mapping[str, str], found: Sequence[Offer], kept: Sequence[Mapping[str, Any]], today: dt.date
) -> Choice:
    """What was chosen among the offers. A disputed figure takes its own choice, else that for all of a source.

    Figures of one run belong together: when all are taken from one load test, a latency that only another run has is
    left out, for no percentile of one run bounds a percentile of another. What hangs on a figure that was rejected
    falls with it; whether the network plugin can encrypt is then said of the one that is kept.
    """
    strangers = _of_other_runs(posted.get(ALL, ""), found, kept)
    picks, rejected = _picks(posted, found, kept)
    answers: dict[str, object] = {}
    origins, aside = {}, {}
    undecided = []
    for offer in found:
        if offer.path in strangers:
            continue
        keys = {one.key for one in offer.found}
        choice = picks[offer.path]
        if choice in keys:
            answers[offer.path], origins[offer.path] = _said(kept[int(choice)], offer.path, today)
        elif not offer.plain and choice != KEEP:
            undecided.append(offer.path)
        elif not offer.plain and offer.now:
            value, origin = _said(kept[int(offer.found[0].key)], offer.path, today)
            aside[offer.path] = {"value": value, **origin, "kept": True}
        own = _of_the_kept(offer, found, kept) if offer.path in rejected else None
        if own and not any(one.path == ENCRYPTS and (one.by_hand or picks[ENCRYPTS].isdecimal()) for one in found):
            answers[ENCRYPTS], because = own
            origins[ENCRYPTS] = {"source": f"{because}; network plugin as answered", "date": today.isoformat()}
    return Choice(answers=answers, origins=origins, undecided=tuple(undecided), aside=aside)


def _picks(
    posted: Mapping[str, str], found: Sequence[Offer], kept: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, str], frozenset[str]]:
    """{path: what is chosen, empty for nothing}, and the paths where an answer that stands rejects the files."""
    followed = _followed(found)
    picks = {one.path: posted.get(f"use:{one.path}", "") for one in found}
    disputed = {one.path: one for one in found if not one.plain}
    for path, one in disputed.items():
        if not picks[path] and posted.get(ALL, "") in {said.key for said in one.found} | {KEEP}:
            picks[path] = posted[ALL]
    rejected = frozenset(path for path, one in disputed.items() if picks[path] == KEEP and _rejects(one, kept))
    for path in disputed:
        if f"use:{path}" not in posted and not rejected.isdisjoint(ROOTS.get(path, ())):
            picks[path] = KEEP
    for one in found:
        if roots := followed.get(one.path):
            falls = not rejected.isdisjoint(ROOTS[one.path])
            follows = picks[roots[0].path]
            picks[one.path] = "" if falls else one.found[0].key if follows == KEEP else follows
    return picks, rejected


def _said(reading: Mapping[str, Any], path: str, today: dt.date) -> tuple[object, dict[str, str]]:
    """What a reading answers, and where and of which day it is."""
    value, source = reading["answers"][path]
    return value, {"source": source, "date": (reading["started"] or today.isoformat())[:10]}


def _of_other_runs(source: str, found: Sequence[Offer], kept: Sequence[Mapping[str, Any]]) -> set[str]:
    """The latencies that other load tests have and the one all is taken from has not."""
    if not source.isdecimal() or int(source) >= len(kept) or kept[int(source)]["kind"] != Kind.LOADTEST:
        return set()
    latencies = {f"baseline.{name}" for name in PERCENTILES}
    return {one.path for one in found if one.path in latencies and source not in {said.key for said in one.found}}
