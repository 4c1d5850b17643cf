"""Keeping the answers of a draft while several people write: merged where they can be, asked about where not."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q

from decisions.advice import Advice, case_of, glance, what_moved
from decisions.advisor.case import SCHEMA, Case, CaseError, Problem, at, check, read, with_answer, with_stage, write
from decisions.advisor.questionnaire import question_at
from decisions.advisor.questions import FIELDS
from decisions.advisor.questions.consistency import STOP_RULE, stop_rules
from decisions.advisor.recommendation import Recommendation
from decisions.advisor.requirements import BY_ID, begun
from decisions.intake.cluster_answers import can_encrypt
from decisions.models import ConflictError, Decision, Event, Need, Status, System, Team, User
from decisions.models.search import words_of
from decisions.notices import tell
from decisions.origins import set_aside, with_origins

COMMENT = "comments."
STAGES = "stages."
PLACES = "namespaces"
PLUGIN, ENCRYPTS, RELEASE = "baseline.cni", "context.cni_can_encrypt", "baseline.cni_version"
REVIEW = "plan.review_date"
DETAILS = (".evidence.who", ".evidence.reference", ".evidence.url", ".scope", ".note")
"""What is said of a requirement beside how much it is needed, by the end of its path."""
ATTEMPTS = 5
"""Writers who meet in the same instant try again on what the other one left."""


@dataclass(frozen=True, kw_only=True)
class Clash:
    """One answer that two people gave differently since the second one loaded the page."""

    path: str
    mine: object
    theirs: object
    by: str
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What became of a save: what was kept, what was refused, what others did meanwhile."""

    changed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    clashes: tuple[Clash, ...] = ()
    others: tuple[str, ...] = ()
    """Names of people whose answers were added to the draft since the page was loaded."""
    event: Event | None = None
    """What the log says of the answers that were kept."""


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """What answers would come to, were they saved: the advice, and what the log would say of them."""

    advice: Advice
    label: str
    moved: str


def start(user: User, team: Team, *, system: str, title: str, now: dt.datetime) -> Decision:
    """A new draft with no answer in it. The system is made when the team has none of that name."""
    with transaction.atomic():
        # "kiosk cluster" is the "Kiosk cluster" that is known; a second one would hide what was measured of the first.
        known = System.objects.filter(organisation=team.organisation, team=team, name__iexact=system).first()
        about = known or System.objects.get_or_create(organisation=team.organisation, team=team, name=system)[0]
        number = team.organisation.take_number()
        decision = Decision.objects.create(
            organisation=team.organisation,
            number=number,
            title=title,
            team=team,
            system=about,
            author=user,
            case={"schema": SCHEMA, "id": number, "title": title},
            created_at=now,
            changed_at=now,
            changed_by=user,
        )
        log(decision, user, "started", now)
    return decision


def log(decision: Decision, actor: User | None, act: str, now: dt.datetime, **detail: Any) -> Event:
    """Write one line of the event log, and have those told whom it concerns."""
    event = Event.objects.create(
        organisation_id=decision.organisation_id, decision=decision, actor=actor, act=act, detail=detail, at=now
    )
    tell(event)
    return event


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Where answers come from: who, on which page, showing which version, when.

    `page` tells the windows of one person apart. `settled` are paths of clashes for which the person chose their own
    answer. `origins` are {path: {"source", "date"}} of answers taken from files, `aside` what files say ("value") where
    the person kept another answer.
    """

    user: User
    seen: int
    now: dt.datetime
    page: str = ""
    settled: frozenset[str] = frozenset()
    origins: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    aside: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def save(decision: Decision, sheet: Sheet, answers: Mapping[str, object]) -> Saved:
    """Keep answers: {path of the case document: plain value, None for no answer}.

    What the page merely showed is no change. Where somebody else answered the same question differently meanwhile,
    nothing is overwritten: the clash is returned. Raises ConflictError when the decision is not a draft any more.
    """
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return _save(decision, sheet, answers)
        except ConflictError:
            decision.refresh_from_db()
            if not decision.is_draft or attempt == ATTEMPTS - 1:
                raise
    raise AssertionError


def foresee(decision: Decision, sheet: Sheet, answers: Mapping[str, object]) -> Foreseen | None:
    """What a save of these answers would come to, with nothing written or told.

    None where it would keep nothing, keep a part only, or ask about somebody else's answers.
    """
    weighed = _weigh(decision, sheet, answers)
    if not weighed.kept or weighed.problems or weighed.clashes:
        return None
    was, advice = glance(decision.judged), glance(decision.under_policy(weighed.document))
    moved = what_moved(was.recommendation, advice.recommendation)
    return Foreseen(advice=advice, label=what_was_answered(weighed.kept), moved=moved)


def _save(decision: Decision, sheet: Sheet, answers: Mapping[str, object]) -> Saved:
    weighed = _weigh(decision, sheet, answers)
    event = _write(decision, sheet, weighed.document, weighed.kept) if weighed.kept else None
    if not event and weighed.document != decision.case:
        # What files say otherwise is kept, and is nobody's answer.
        seen = {"changed_at": sheet.now, "changed_by": sheet.user}
        Decision.objects.move(decision, Status.DRAFT, case=weighed.document, **seen)
    return Saved(
        changed=weighed.kept, problems=weighed.problems, clashes=weighed.clashes, others=weighed.others, event=event
    )


@dataclass(frozen=True, kw_only=True)
class _Weighed:
    """Answers held against the draft: the case document with those that can be kept, and what stands against others."""

    document: dict[str, Any]
    kept: tuple[str, ...]
    problems: tuple[Problem, ...]
    clashes: tuple[Clash, ...]
    others: tuple[str, ...]


def _weigh(decision: Decision, sheet: Sheet, answers: Mapping[str, object]) -> _Weighed:
    edits = _edits_since(decision, sheet)
    wanted, clashes = {}, []
    for path, mine in answers.items():
        current = plain(decision.case, path)
        if mine == current:
            continue
        edit = edits.get(path)
        if edit is None or edit.own_is_last or path in sheet.settled:
            wanted[path] = mine
        elif edit.own or mine != edit.shown:
            clashes.append(Clash(path=path, mine=mine, theirs=current, by=edit.by, at=edit.at))
    follow, their_origins = _of_another_plugin(decision.case, wanted, sheet)
    wanted |= follow
    late = _in_the_past(wanted, sheet.now.date())
    timely = {path: one for path, one in wanted.items() if path not in late}
    case, kept, problems = _apply(case_of(decision.case), timely)
    others = dict.fromkeys(edit.by for edit in edits.values() if not edit.own_is_last)
    document = with_origins(case, decision.case, kept, {**sheet.origins, **their_origins}) if kept else decision.case
    return _Weighed(
        document=set_aside(document, sheet.aside),
        kept=kept,
        problems=problems + tuple(late.values()),
        clashes=tuple(clashes),
        others=tuple(others),
    )


def _of_another_plugin(
    document: Mapping[str, Any], wanted: Mapping[str, object], sheet: Sheet
) -> tuple[dict[str, object], dict[str, dict[str, str]]]:
    """What files said of the network plugin goes with it: answers for the one that is now named, with their origins.

    What a person said of it stays until a person takes it back.
    """
    read_from_files = document.get("provenance", {})
    if PLUGIN not in wanted or PLUGIN in sheet.origins:
        return {}, {}
    answers: dict[str, object] = {}
    origins = {}
    if RELEASE in read_from_files and RELEASE not in wanted:
        answers[RELEASE] = None
    if ENCRYPTS in read_from_files and ENCRYPTS not in wanted:
        can, because = can_encrypt(str(wanted[PLUGIN] or ""))
        answers[ENCRYPTS] = can or None
        if can:
            source = f"{because}; network plugin as answered"
            origins[ENCRYPTS] = {"source": source, "date": sheet.now.date().isoformat()}
    return answers, origins


def _in_the_past(wanted: Mapping[str, object], today: dt.date) -> dict[str, Problem]:
    """A review that is due before it is planned would never be looked at; what is wrong with such an answer."""
    given = wanted.get(REVIEW)
    if not isinstance(given, str) or not given or given >= today.isoformat():
        return {}
    text = f"{given} is in the past. Name a day on which this decision is to be looked at again."
    return {REVIEW: Problem(path=REVIEW, text=text)}


def _write(decision: Decision, sheet: Sheet, after: dict[str, Any], kept: tuple[str, ...]) -> Event:
    before = decision.case
    was, advice = glance(decision.judged), glance(decision.under_policy(after))
    decision.case, decision.title = after, advice.case.title
    decision.approach, decision.product = advice.recommendation.approach, advice.recommendation.product
    Decision.objects.move(
        decision,
        Status.DRAFT,
        case=after,
        title=decision.title,
        approach=decision.approach,
        product=decision.product,
        confidence=advice.recommendation.confidence,
        words=words_of(decision),
        changed_at=sheet.now,
        changed_by=sheet.user,
    )
    if needs_of(was.recommendation) != needs_of(advice.recommendation):
        keep_needs(decision, advice.recommendation)
    return log(
        decision,
        sheet.user,
        "answered",
        sheet.now,
        version=decision.version,
        page=sheet.page,
        changes={path: [plain(before, path), plain(after, path)] for path in kept},
        label=what_was_answered(kept),
        moved=what_moved(was.recommendation, advice.recommendation),
    )


@dataclass(frozen=True, kw_only=True)
class _Edit:
    """What happened to one answer since a page was loaded: what that page showed, and who changed it last."""

    shown: object
    own: bool
    own_is_last: bool
    by: str
    at: dt.datetime


def _edits_since(decision: Decision, sheet: Sheet) -> dict[str, _Edit]:
    if sheet.seen >= decision.version:
        return {}
    found: dict[str, _Edit] = {}
    events = decision.events.filter(act="answered", detail__version__gt=sheet.seen).order_by("pk")
    if not events.filter(~Q(actor=sheet.user) | ~Q(detail__page=sheet.page)).exists():
        return {}  # nobody wrote but this page, whose own edits stand in nobody's way
    for event in events.select_related("actor"):
        own = event.actor_id == sheet.user.pk and event.detail["page"] == sheet.page
        who = "you, in another window" if event.actor_id == sheet.user.pk else event.actor.name if event.actor else ""
        for path, (before, _after) in event.detail["changes"].items():
            first = found.get(path)
            found[path] = _Edit(
                shown=first.shown if first else before,
                own=own or bool(first and first.own),
                own_is_last=own,
                by=who,
                at=event.at,
            )
    return found


def _apply(case: Case, wanted: Mapping[str, object]) -> tuple[Case, tuple[str, ...], tuple[Problem, ...]]:
    """The case with as many of the answers as can be kept, their paths, and what is wrong with the others."""
    problems: list[Problem] = []
    kept: list[str] = []
    changed = case
    for path, value in wanted.items():
        try:
            changed = _with(changed, path, value)
            kept.append(path)
        except CaseError as error:
            problems.extend(error.problems)
    try:
        _check(changed, kept)
    except CaseError as error:
        # Answers that contradict each other: the ones just given stay on the page, not in the draft.
        problems.extend(error.problems)
        return (case, (), tuple(problems)) if len(kept) <= 1 else _one_by_one(case, wanted, kept, problems)
    return changed, tuple(kept), tuple(problems)


def _check(case: Case, given: Collection[str]) -> None:
    """Raises CaseError where answers contradict each other, or where those given are a stop rule that is met today."""
    check(case)
    if not set(STOP_RULE).isdisjoint(given) and (problems := tuple(stop_rules(case))):
        raise CaseError(*problems)


def _one_by_one(
    case: Case, wanted: Mapping[str, object], candidates: list[str], problems: list[Problem]
) -> tuple[Case, tuple[str, ...], tuple[Problem, ...]]:
    kept = []
    for path in candidates:
        try:
            changed = _with(case, path, wanted[path])
            _check(changed, [path])
        except CaseError:
            continue
        case = changed
        kept.append(path)
    return case, tuple(kept), tuple(problems)


def _with(case: Case, path: str, value: object) -> Case:
    if path == PLACES:
        return read(
            {key: one for key, one in write(case).items() if key != PLACES} | ({PLACES: value} if value else {})
        )
    if path.startswith(STAGES):
        _, stage, name = path.split(".", 2)
        return with_stage(case, stage, {**case.stages.get(stage, {}), name: str(value or "")})
    if not path.startswith(COMMENT):
        return with_answer(case, path, value)
    document = write(case)
    comments = {key: text for key, text in document.get("comments", {}).items() if key != path.removeprefix(COMMENT)}
    if value:
        comments[path.removeprefix(COMMENT)] = value
    return read(document | {"comments": comments})


def plain(document: Mapping[str, Any], path: str) -> object:
    """The value at a path of a case document, None when there is none; "comments.PATH" is the comment on PATH."""
    if path.startswith(COMMENT):
        return document.get("comments", {}).get(path.removeprefix(COMMENT))
    return at(document, path)


def keep_needs(decision: Decision, recommendation: Recommendation) -> None:
    """Keep which requirements a decision counts as it stands, in the rows that lists are narrowed by."""
    Need.objects.filter(decision=decision).delete()
    counted = needs_of(recommendation).items()
    Need.objects.bulk_create(Need(decision=decision, requirement=name, must=must) for name, must in counted)


def needs_of(recommendation: Recommendation) -> dict[str, bool]:
    """The requirements that count, and whether each is a must-have."""
    best = recommendation.best
    musts = dict.fromkeys((*best.musts_met, *best.musts_missed), True)
    return dict.fromkeys((*best.nice_met, *best.nice_missed), False) | musts


def what_was_answered(paths: tuple[str, ...]) -> str:
    """A short name for what was just answered."""
    first, *rest = [path.removeprefix(COMMENT) for path in paths]
    if not rest and first.startswith("requirements.") and first.endswith(DETAILS):
        return FIELDS[first].label
    if first.startswith(STAGES):
        return "A stage of the plan"
    if first == PLACES:
        return "Names for the roll-out"
    if first.startswith("requirements."):
        requirement = first.split(".")[1]
        if all(path.split(".")[1] == requirement for path in rest if path.startswith("requirements.")):
            return begun(BY_ID[requirement].noun)
    if rest:
        return "Your last answers"
    question = question_at(first)
    return FIELDS[first].label or (f"“{question.text}”" if question else "Your answer")
