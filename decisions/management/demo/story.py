"""What happened at the demo organisation: seven decisions in six states."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from uuid import uuid4

from decisions import confirmation, issue
from decisions.advisor.case import load, write
from decisions.advisor.questions import FIELDS
from decisions.drafting import Sheet, plain, save, start
from decisions.intake import read
from decisions.management.demo.people import Cast
from decisions.measuring import add_measurements, packed
from decisions.models import Decision, User
from decisions.remarks import comment

SECTIONS = ("title", "requirements", "context", "baseline", "operations", "budget", "plan")
TOLD = (
    "The demo. People, dates and figures are invented, and it was judged by the catalogue and the engine of the day on "
    "which the demo was filled in, whatever the date of the record"
)
"""What each record says of itself: the story begins before the catalogue that its cases are judged by."""
BEGINS = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
"""Before the first record: a seal whose certificate begins here covers them all."""


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One decision: who works on which answers, for which system, from which morning on."""

    case: str
    team: str
    system: str
    author: str
    begun: dt.date
    load_test: str = ""
    """The file that latency and errors of the baseline were read from; empty when they were typed."""


DEPOT_EGRESS = Chapter(
    case="depot-egress", team="Depots", system="Depot workshops", author="aylin", begun=dt.date(2026, 5, 11)
)
SITE_LINK = Chapter(
    case="site-link", team="Ticketing", system="Ticketing clusters", author="mara", begun=dt.date(2026, 6, 15)
)
FARE_LOAD = Chapter(
    case="fare-load",
    team="Ticketing",
    system="Ticketing clusters",
    author="mara",
    begun=dt.date(2026, 8, 31),
    load_test="journey-search-k6.json",
)
ONE_MESH = Chapter(
    case="one-mesh-for-all", team="Ticketing", system="Ticketing clusters", author="mara", begun=dt.date(2026, 9, 7)
)
THIRD_SITE = Chapter(
    case="third-site",
    team="Ticketing",
    system="Ticketing clusters",
    author="mara",
    begun=dt.date(2026, 9, 28),
    load_test="site-crossing-k6.json",
)
SETTLEMENT = Chapter(
    case="settlement-callers",
    team="Ticketing",
    system="Ticketing clusters",
    author="mara",
    begun=dt.date(2026, 11, 2),
    load_test="ticket-purchase-k6.json",
)
DEPOT_SIDECARS = Chapter(
    case="depot-sidecars", team="Depots", system="Depot controllers", author="aylin", begun=dt.date(2026, 11, 16)
)


def tell(cast: Cast) -> Iterator[Decision]:
    """The story in the order of its days; yields each decision where it stands when its part is told."""
    jonas, tomas = cast.people["jonas"], cast.people["tomas"]
    egress = answered(cast, DEPOT_EGRESS)
    issue.propose(egress, egress.author, at(2026, 5, 13))
    issue.approve(egress, tomas, at(2026, 5, 20))

    link = answered(cast, SITE_LINK)
    issue.propose(link, link.author, at(2026, 6, 18))
    issue.approve(link, jonas, at(2026, 6, 22))
    yield link

    fares = answered(cast, FARE_LOAD)
    issue.propose(fares, fares.author, at(2026, 9, 1))
    issue.approve(fares, jonas, at(2026, 9, 3))
    yield fares

    mesh = answered(cast, ONE_MESH)
    issue.propose(mesh, mesh.author, at(2026, 9, 8))
    issue.reject(
        mesh,
        jonas,
        "Nobody has named an incident or a rule for any of the four wishes. Finish the retry library first, and ask "
        "again with figures.",
        at(2026, 9, 9),
    )
    yield mesh

    third = issue.succeed(link, link.author, at(2026, 9, 28))
    answer(third, THIRD_SITE, at(2026, 9, 28))
    issue.propose(third, third.author, at(2026, 9, 30))
    issue.approve(third, jonas, at(2026, 10, 2))
    check(third, "Further clusters, in the order of risk", "site-crossing-encrypted-k6.json", at(2026, 10, 19))
    yield third

    settlement = answered(cast, SETTLEMENT)
    issue.propose(settlement, settlement.author, at(2026, 11, 5))
    discuss(settlement, jonas)
    yield settlement

    issue.deprecate(
        egress,
        tomas,
        "All depots reach the outside through the safety authority's proxy now, which names the destinations itself.",
        at(2026, 11, 16),
    )
    yield egress

    yield answered(cast, DEPOT_SIDECARS)


def discuss(proposed: Decision, approver: User) -> None:
    """A question before approving, and its answer."""
    record = proposed.newest_record()
    if record is None:
        return
    for user, section, said in (
        (
            approver,
            "overhead",
            "The path to the ledger is the tightest we have. Which stage do we stop at if p99 moves?",
        ),
        (proposed.author, "plan", "The first: refunds alone, with the load test of 2 November run again behind it."),
    ):
        comment(record, user, said, section=section, token=uuid4(), now=at(2026, 11, 6))


def check(accepted: Decision, stage: str, load_test: str, now: dt.datetime) -> None:
    """Hold what the load test measured in a stage against the baseline, and keep what comes of it.

    Raises ValueError when the plan has no such stage: then the story and the plans no longer fit.
    """
    record = accepted.newest_record()
    if record is None:
        return
    planned = confirmation.stages(confirmation.document_of(record))
    one = next((one for one in planned if one.title == stage), None)
    if one is None:
        message = f"{accepted.number} has no stage “{stage}”, only {', '.join(one.title for one in planned)}"
        raise ValueError(message)
    after = [packed(one) for one in read(content(load_test), load_test)]
    document = confirmation.checked(record, one, confirmation.before_of(accepted, ""), after)
    confirmation.keep(record, accepted.author, document, now)


def answered(cast: Cast, chapter: Chapter) -> Decision:
    """A draft with the chapter's answers."""
    morning = dt.datetime.combine(chapter.begun, dt.time(8, 5), dt.UTC)
    title = load(content(f"{chapter.case}.yaml").decode()).title
    author, team = cast.people[chapter.author], cast.teams[chapter.team]
    decision = start(author, team, system=chapter.system, title=title, now=morning)
    answer(decision, chapter, morning)
    return decision


def answer(decision: Decision, chapter: Chapter, begun: dt.datetime) -> None:
    """Give the chapter's answers section by section, some minutes apart, as a person at the wizard would.

    Raises ValueError when one of them is refused: then the story and the questions no longer fit.
    """
    document = write(load(content(f"{chapter.case}.yaml").decode()))
    decision.case |= {"source": TOLD}
    decision.save(update_fields=["case"])
    origins = measure(decision, chapter, begun)
    for number, section in enumerate(SECTIONS):
        given = {path: plain(document, path) for path in FIELDS if path.partition(".")[0] == section}
        now = begun + dt.timedelta(minutes=4 * number)
        sheet = Sheet(user=decision.author, seen=decision.version, now=now, origins=origins)
        saved = save(decision, sheet, given)
        if saved.problems:
            message = f"{chapter.case}: {saved.problems[0].path} {saved.problems[0].text}"
            raise ValueError(message)


def measure(decision: Decision, chapter: Chapter, now: dt.datetime) -> dict[str, dict[str, str]]:
    """Read the chapter's load test into the baseline; the origins of the answers that come from it."""
    if not chapter.load_test:
        return {}
    readings = [packed(one) for one in read(content(chapter.load_test), chapter.load_test)]
    add_measurements(decision, decision.author, readings, now)
    return {
        path: {"source": source, "date": now.date().isoformat()}
        for one in readings
        for path, (_, source) in one["answers"].items()
        if path.endswith("_ms") or path == "baseline.error_ratio"
    }


def content(name: str) -> bytes:
    """A file of the story."""
    return (resources.files("decisions.management.demo") / name).read_bytes()


def at(year: int, month: int, day: int) -> dt.datetime:
    """The afternoon of a day."""
    return dt.datetime(year, month, day, 14, 30, tzinfo=dt.UTC)
