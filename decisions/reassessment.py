"""Judge accepted decisions again under today's catalogue and engine; what comes out is kept beside the record.

A round goes through an organisation in slices. Each slice is one transaction that keeps the judgements and moves the
round's cursor, so a round that is killed goes on behind the last whole slice and judges nothing twice.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from decisions.advice import catalogue
from decisions.advisor import engine
from decisions.advisor.case import CaseError, read
from decisions.advisor.composition import Composition
from decisions.advisor.policy import under
from decisions.advisor.quantities import Range, span
from decisions.advisor.recommendation import APPROACH_TITLES, ENGINE_VERSION
from decisions.advisor.record.plain import plain
from decisions.advisor.requirements import BY_ID
from decisions.journal import enter_all, reassessment_digest
from decisions.models import Decision, Organisation, Outlook, Reassessment, ReassessmentRound, Record, Status, User

Document = Mapping[str, Any]
SLICE = 50
"""Decisions of one transaction: seconds of work, which is what a kill can cost."""
SENTENCES = 12
"""Reasons that are kept of one judgement."""
UNMOVED = ("id", "title", "comments", "provenance", "found")
"""Sections of a case document that no judgement looks at."""
TITLES: Mapping[str, str] = {approach.value: title for approach, title in APPROACH_TITLES.items()}


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What today's judgement of old answers says about the recommendation that was recorded."""

    outlook: Outlook
    approach: str
    product: str
    summary: str
    reasons: tuple[str, ...] = ()


def versions() -> tuple[str, str]:
    """The catalogue and the engine that judge now."""
    return catalogue().version, ENGINE_VERSION


def judge(inputs: Document, recorded: Document) -> Judgement:
    """Judge a case document again and compare with the recommendation recorded for it, both in plain types."""
    answers = {name: part for name, part in inputs.items() if name not in UNMOVED}
    text = json.dumps(answers | {"title": "Judged again"}, sort_keys=True)
    try:
        ranking = ranked(text)
    except CaseError as error:
        return Judgement(
            outlook=Outlook.UNREADABLE,
            approach=recorded["approach"],
            product=recorded["product"],
            summary="The answers of the record can no longer be read by this version.",
            reasons=tuple(f"{problem.path}: {problem.text}" for problem in error.problems[:SENTENCES]),
        )
    return compared(ranking, recorded)


@lru_cache(maxsize=512)
def ranked(text: str) -> tuple[Document, ...]:
    """Today's ranking for answers, best first, in the plain types of a record; the same answers are judged once.

    The organisation's policy is part of the answers as they were frozen: what it settled then holds for its record.
    """
    case = read(json.loads(text))
    return tuple(standing(one) for one in engine.standing(case, under(case.policy, catalogue())))


def standing(one: Composition) -> Document:
    """One approach of a ranking as a record writes it, as far as two of them are compared.

    `reasons` makes its sentences when it is called: most judgements come out the same and need none of them.
    """
    setting = one.setting
    return {
        "approach": setting.approach.value,
        "product": setting.product.id,
        "product_title": setting.product.title,
        "add_ons": [measure.sheet.id for measure in setting.add_ons],
        "add_on_titles": [measure.sheet.title for measure in setting.add_ons],
        "status": one.status.value,
        "musts_missed": list(setting.unmet),
        "reasons": lambda: [reason.because for reason in one.reasons],
        "hours_per_month": plain(one.hours),
        "money_per_month": plain(one.money),
        **{name: plain(getattr(setting.added, name)) for name in ("cpu_vcpu", "memory_gib", "p99_ms", "p50_ms")},
    }


def compared(ranking: Sequence[Document], recorded: Document) -> Judgement:
    """Today's ranking beside the recorded one."""
    best, was = ranking[0], recorded["ranking"][0]
    if chosen(best) != chosen(was):
        outlook, reasons = Outlook.DIFFERENT, tuple(why_another(ranking, recorded))
        summary = f"{named(best)} would be recommended now, not {named(was)}."
    else:
        reasons = tuple(what_moved(ranking, recorded["ranking"]))
        outlook = Outlook.NUMBERS if reasons else Outlook.SAME
        summary = f"{named(best)} would be recommended again{', with other numbers' if reasons else ''}."
    return Judgement(
        outlook=outlook,
        approach=best["approach"],
        product=best["product"],
        summary=summary,
        reasons=tuple(dict.fromkeys(reasons))[:SENTENCES],
    )


def chosen(one: Document) -> tuple[str, str, frozenset[str]]:
    """What makes a composition another one: approach, product, add-ons."""
    add_ons = one.get("add_ons", ())
    return one["approach"], one["product"], frozenset(a if isinstance(a, str) else a["id"] for a in add_ons)


def named(one: Document) -> str:
    """A composition in words."""
    titles = one.get("add_on_titles") or [add_on["title"] for add_on in one.get("add_ons", ())]
    approach = TITLES.get(one["approach"], one["approach"])
    extra = f" with {', '.join(dict.fromkeys(titles))}" if titles else ""
    return f"{approach} ({one['product_title']}{extra})"


def why_another(ranking: Sequence[Document], recorded: Document) -> Iterator[str]:
    """Why the recorded choice is no longer first: its open must-haves, what is new against it and for the other."""
    was, best = recorded["ranking"][0], ranking[0]
    now = next(one for one in ranking if one["approach"] == was["approach"])
    missed = [one for one in now["musts_missed"] if one not in was["musts_missed"]]
    yield from (f"{named(now)} no longer meets {BY_ID[one].noun}." for one in missed)
    before = {reason["because"] for reason in was["reasons"]}
    yield from (f"{TITLES[now['approach']]}: {text}" for text in now["reasons"]() if text not in before)
    if best["approach"] != was["approach"]:
        then = next((one for one in recorded["ranking"] if one["approach"] == best["approach"]), None)
        before = {reason["because"] for reason in then["reasons"]} if then else set()
        yield from (f"{TITLES[best['approach']]}: {text}" for text in best["reasons"]() if text not in before)
    if chosen(now) != chosen(was):
        yield f"The best composition of {TITLES[was['approach']]} is now {named(now)}, then {named(was)}."
    yield from moved(best, was, "hours_per_month", "hours a month", f"{named(best)} against {named(was)} then")


def what_moved(ranking: Sequence[Document], recorded: Sequence[Document]) -> Iterator[str]:
    """The numbers that differ although the choice stays, and an order behind it that differs."""
    best, was = ranking[0], recorded[0]
    known = was | was["overhead"]
    for name, unit in (
        *(("hours_per_month", "hours a month"), ("p99_ms", "ms at p99"), ("p50_ms", "ms at p50")),
        *(("cpu_vcpu", "vCPU"), ("memory_gib", "GiB"), ("money_per_month", "a month")),
    ):
        yield from moved(best, known, name, unit, TITLES[best["approach"]])
    now, then = ([str(TITLES.get(one["approach"], one["approach"])) for one in some] for some in (ranking, recorded))
    if now != then:
        yield f"The order is now {', '.join(now)}; then it was {', '.join(then)}."
    by_approach = {one["approach"]: one for one in recorded[1:]}
    for one in ranking[1:]:
        old = by_approach.get(one["approach"])
        if old is None:
            continue
        if chosen(one) != chosen(old):
            yield f"{TITLES[one['approach']]} would be {named(one)}, then {named(old)}."
        elif (one["status"] == "ruled_out") != (old["status"] == "ruled_out"):
            ruled = "is ruled out now" if one["status"] == "ruled_out" else "is no longer ruled out"
            yield f"{TITLES[one['approach']]} {ruled}."
        else:
            yield from moved(one, old, "hours_per_month", "hours a month", TITLES[one["approach"]])


def moved(now: Document, then: Document, name: str, unit: str, what: str) -> Iterator[str]:
    """A sentence when a number differs."""
    if now[name] != then[name]:
        yield f"{what}: {span(Range(**now[name]), unit)}, then {span(Range(**then[name]), unit)}."


def start(organisation: Organisation, user: User | None, now: dt.datetime) -> ReassessmentRound:
    """Have the accepted decisions of an organisation judged again by the worker; a round that is under way goes on."""
    with transaction.atomic():
        one = open_round(organisation, user, now)
        go_on.enqueue(one.pk)
    return one


def open_round(organisation: Organisation, user: User | None, now: dt.datetime) -> ReassessmentRound:
    """The round that is under way under today's catalogue and engine, or a new one.

    Rounds under an older catalogue or engine end where they are.
    """
    known, engine = versions()
    with transaction.atomic():
        under_way = ReassessmentRound.objects.filter(organisation=organisation, finished_at=None)
        under_way.exclude(catalogue_version=known, engine_version=engine).update(finished_at=now)
        accepted = Decision.objects.filter(organisation=organisation, status=Status.ACCEPTED)
        return ReassessmentRound.objects.get_or_create(
            organisation=organisation,
            catalogue_version=known,
            engine_version=engine,
            finished_at=None,
            defaults={"started_by": user, "started_at": now, "total": accepted.count()},
        )[0]


@task
def go_on(round_id: int) -> None:
    """Judge the next slice of a round and put the one behind it in line, so that other work comes in between."""
    one = ReassessmentRound.objects.filter(pk=round_id).first()
    if one is not None and advance(one):
        go_on.enqueue(round_id)


@task
def look() -> None:
    """Start a round wherever accepted decisions have not been judged under today's catalogue and engine."""
    known, engine = versions()
    judged = ReassessmentRound.objects.filter(catalogue_version=known, engine_version=engine)
    accepted = Decision.objects.filter(status=Status.ACCEPTED)
    waiting = set(accepted.filter(outlook="").values_list("organisation", flat=True).distinct())
    stale = set(accepted.exclude(organisation__in=judged.values("organisation")).values_list("organisation", flat=True))
    for organisation in Organisation.objects.filter(pk__in=waiting | stale):
        start(organisation, None, timezone.now())


def advance(one: ReassessmentRound, size: int = SLICE) -> bool:
    """Judge the next slice; False when nothing is left. Raises nothing when another worker did the same slice."""
    if one.finished_at is not None or versions() != (one.catalogue_version, one.engine_version):
        return False
    accepted = Decision.objects.filter(organisation=one.organisation_id, status=Status.ACCEPTED, pk__gt=one.cursor)
    keys = list(accepted.order_by("pk").values_list("pk", flat=True)[:size])
    mine = ReassessmentRound.objects.filter(pk=one.pk, cursor=one.cursor, finished_at=None)
    if not keys:
        mine.update(finished_at=timezone.now())
        return False
    judged = list(judge_records(keys))
    with transaction.atomic():
        Reassessment.objects.bulk_create(judged, ignore_conflicts=True)
        show_outlook(keys)
        if mine.update(cursor=keys[-1], done=F("done") + len(keys)):
            into_the_log(judged)
    one.refresh_from_db()
    return True


def judge_now(keys: Sequence[int]) -> None:
    """Judge some accepted decisions at once, outside a round."""
    judged = list(judge_records(keys))
    with transaction.atomic():
        Reassessment.objects.bulk_create(judged, ignore_conflicts=True)
        show_outlook(keys)
        into_the_log(judged)


def into_the_log(judged: Sequence[Reassessment]) -> None:
    """A leaf for each judgement."""
    told = [(one.record, {"reassessment_sha256": reassessment_digest(one)}) for one in judged]
    if told:
        enter_all("re-assessed", told, judged[0].judged_at)


def judge_records(keys: Sequence[int]) -> Iterator[Reassessment]:
    """The judgements of the newest records of decisions, as far as there are none yet."""
    known, engine = versions()
    newest = Record.objects.filter(decision__in=keys, revision=F("decision__revision"))
    newest = newest.select_related("decision__organisation").defer("decision__case", "decision__words")
    for record in newest.exclude(reassessments__catalogue_version=known, reassessments__engine_version=engine):
        found = judge(record.inputs, json.loads(bytes(record.canonical))["recommendation"])
        yield Reassessment(
            record=record,
            catalogue_version=known,
            engine_version=engine,
            outlook=found.outlook,
            approach=found.approach,
            product=found.product,
            summary=found.summary,
            reasons=list(found.reasons),
            judged_at=timezone.now(),
        )


def show_outlook(keys: Sequence[int]) -> None:
    """Put how the records came out beside the decisions, for lists and the board."""
    known, engine = versions()
    judged = Reassessment.objects.filter(
        record__decision__in=keys,
        record__revision=F("record__decision__revision"),
        catalogue_version=known,
        engine_version=engine,
    )
    by_outlook: dict[str, list[int]] = {}
    for key, outlook in judged.values_list("record__decision", "outlook"):
        by_outlook.setdefault(outlook, []).append(key)
    for outlook, some in by_outlook.items():
        Decision.objects.filter(pk__in=some).exclude(outlook=outlook).update(outlook=outlook)
