"""Facts older than a year, versions past the end of support, and what a record says of them."""

from dataclasses import replace
from datetime import date

import pytest

from decisions.advisor import record
from decisions.advisor.catalog import Catalog, Fact, Product, age, load
from decisions.advisor.engine import recommend
from decisions.advisor.recommendation import Source, Verdict
from tests.advisor.judging import case, tried

CATALOG = load()
IDENTITY = {"workload_identity": tried("not_enough", "rule")}


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-11-23", date(2026, 11, 23)), ("2024-02", date(2024, 2, 29)), ("2025", date(2025, 12, 31))],
)
def test_a_coarse_date_counts_to_its_last_day(text: str, day: date) -> None:
    assert age.last_day(text) == day


@pytest.mark.parametrize(
    ("of", "on", "old"),
    [
        ("2025-11-23", date(2026, 11, 23), False),
        ("2025-11-22", date(2026, 11, 23), True),
        ("2025-11", date(2026, 11, 30), False),
        ("2025-11", date(2026, 12, 1), True),
        ("2025", date(2026, 12, 31), False),
        ("2025", date(2027, 1, 1), True),
        ("2023-02-28", date(2024, 2, 29), True),
        ("2024-02-29", date(2025, 2, 28), False),
        ("2024-02-28", date(2025, 3, 1), True),
        ("2027-01-01", date(2026, 1, 1), False),
        ("", date(2026, 1, 1), False),
    ],
)
def test_older_than_a_year(of: str, on: date, old: bool) -> None:
    assert age.is_old(Source(text="A page", date=of), on) == old


def aged(**facts: str) -> Catalog:
    """The catalogue with all of Linkerd's sources of 2026-11, but for these facts."""
    fresh = Source(text="Our own reading", date="2026-11-01")
    shipped = CATALOG.products["linkerd"]
    product = replace(
        shipped,
        facts={
            name: replace(fact, source=replace(fresh, text=name, date=facts.get(name, fresh.date)))
            for name, fact in shipped.facts.items()
        },
        operations=replace(shipped.operations, source=fresh),
        constraints=replace(shipped.constraints, source=fresh),
        rollout=replace(shipped.rollout, source=fresh),
        advisories=(),
    )
    return replace(CATALOG, products={"linkerd": product}, add_ons={})


def test_stale_names_the_fact_and_nothing_else() -> None:
    (found,) = age.stale(aged(fips="2024-05"), date(2026, 11, 23))
    assert (found.kind, found.sheet, found.part, found.since) == (age.Aged.FACT, "linkerd", "fips", "2024-05")
    assert found.text == "Linkerd, fips: the source is of 2024-05, more than a year before 2026-11-23."
    assert age.stale(aged(), date(2026, 11, 23)) == ()


@pytest.mark.parametrize(("on", "ended"), [(date(2026, 11, 30), False), (date(2026, 12, 1), True)])
def test_a_month_of_support_lasts_to_its_end(on: date, ended: bool) -> None:
    found = [one.sheet for one in age.stale(CATALOG, on) if one.kind is age.Aged.SUPPORT]
    assert ("istio-sidecar" in found) == ended
    assert "cilium-wireguard" not in found  # no date is published, and none is made up


def test_an_expected_end_of_support_is_called_expected() -> None:
    found = [one for one in age.stale(CATALOG, date(2026, 12, 1)) if one.kind is age.Aged.SUPPORT]
    assert {one.sheet for one in found} == {"istio-sidecar", "istio-ambient-l4", "istio-ambient-waypoint"}
    assert all("Expected around November 2026" in one.text for one in found)


def duties(catalog: Catalog, day: str) -> dict[str, record.Text]:
    """The points of the record's callout of traps and duties by their lead-ins, and their sources."""
    given = case(IDENTITY)
    drafted = record.draft(given, recommend(given, catalog), catalog, record.About(title="T", date=day))
    (outcome,) = [one for one in drafted.sections if one.id == "outcome"]
    callouts = [one for one in outcome.blocks if isinstance(one, record.Callout) and one.tone == "warn"]
    found = {item.term: item for block in callouts for item in block.items}
    for item in found.values():
        assert all(drafted.sources[note - 1] for note in item.notes)
    return found


def test_a_record_flags_the_old_facts_it_cites() -> None:
    old = aged_everywhere("2026-11-01", identity="2024-05-01")
    point = duties(old, "2026-11-23")["Old facts:"]
    assert "a source more than a year old on 2026-11-23, of 2024-05-01" in point.text
    assert len(point.notes) == 1
    assert "Old facts:" not in duties(aged_everywhere("2026-11-01"), "2026-11-23")


def test_a_record_does_not_flag_what_it_does_not_cite() -> None:
    assert "Old facts:" not in duties(aged_everywhere("2026-11-01", fault="2024-05-01"), "2026-11-23")


def test_a_record_without_a_date_knows_no_age() -> None:
    found = duties(aged_everywhere("2020-01-01"), "")
    assert not {"Old facts:", "End of support:"} & set(found)


def test_a_record_names_products_past_support() -> None:
    assert "End of support:" not in duties(CATALOG, "2026-11-23")
    assert "past its end of support on 2026-12-24" in duties(CATALOG, "2026-12-24")["End of support:"].text


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-08-31", False), ("2026-09-01", True), ("2026-11-30", True), ("2026-12-01", False)],
)
def test_a_record_says_when_support_ends_soon_and_how_sure_that_is(day: str, said: bool) -> None:
    given, catalog = case(IDENTITY), replace(CATALOG, version=f"{day}+test")
    answer = recommend(given, catalog)
    words = str(record.draft(given, answer, catalog, record.About(title="T", date=day)).sections)
    sentence = "'Istio ambient, ztunnel only: support of version 1.30.3 ends soon, about 2026-11.'"
    assert (sentence in words) == said
    istio = CATALOG.products["istio-ambient-l4"]
    assert (answer.product == istio.id) != age.support_has_ended(istio, date.fromisoformat(day))
    assert age.support_ends_near(istio, date.fromisoformat(day)) == (day > "2026-09")


def test_support_that_ends_soon_is_a_point_against_and_no_strain() -> None:
    given = case(IDENTITY)
    near, far = (recommend(given, replace(CATALOG, version=f"{day}+test")) for day in ("2026-11-26", "2026-08-01"))
    assert [(one.product, one.status) for one in near.ranking] == [(one.product, one.status) for one in far.ranking]
    (reason,) = (one for one in near.best.reasons if one.rule == "support_ends_soon")
    assert reason.verdict is Verdict.AGAINST
    assert reason.sources


def aged_everywhere(day: str, identity: str = "", fault: str = "") -> Catalog:
    """The catalogue with every source of one day, but for identity or fault injection of ambient mesh."""

    def dated(fact: Fact, name: str, product: Product) -> Fact:
        other = {"workload_identity_mtls": identity, "fault_injection": fault}.get(name, "")
        ours = other if product.id == "istio-ambient-l4" else ""
        return replace(fact, source=Source(text=f"{product.id} {name}", date=ours or day))

    fresh = Source(text="One page", date=day)
    products = {}
    for one in CATALOG.products.values():
        products[one.id] = replace(
            one,
            facts={name: dated(fact, name, one) for name, fact in one.facts.items()},
            operations=replace(one.operations, source=fresh),
            constraints=replace(one.constraints, source=fresh),
            rollout=replace(one.rollout, source=fresh),
            advisories=tuple(replace(note, source=fresh) for note in one.advisories),
        )
    add_ons = {
        one.id: replace(one, source=fresh, advisories=tuple(replace(note, source=fresh) for note in one.advisories))
        for one in CATALOG.add_ons.values()
    }
    return replace(CATALOG, products=products, add_ons=add_ons)
