"""What single phrases state: standings, dates, titles and numbers."""

import pytest

from decisions.advisor import dates
from decisions.intake.adr import status
from decisions.intake.adr.naming import name_of, title_of


@pytest.mark.parametrize(
    ("phrase", "stated"),
    [
        ("Accepted", "accepted"),
        ("✅ Accepted", "accepted"),
        ("{ accepted }", "accepted"),
        ("approved", "accepted"),
        ("Approved by the board on 2023-04-27", "accepted"),
        ("Superceded by [ADR-3](0003-x.md)", "superseded"),
        ("Accepted, superseded by 12", "superseded"),
        ("Accepted. Partially superseded by 12", "accepted"),
        ("proposed -> accepted", "accepted"),
        ("On hold until the audit", "on-hold"),
        ("In Review", "in-review"),
        ("Active", "active"),
        ("This ADR has been accepted by the team", "accepted"),
        ("proposed | rejected | accepted", None),
        ("{rejected | accepted}", None),
        ("What is the status, such as proposed, accepted, rejected, deprecated, superseded, etc.?", None),
        ("Akzeptiert", "accepted"),
        ("Angenommen (2021-03-04)", "accepted"),
        ("Ersetzt durch ADR-0012", "superseded"),
        ("Ersetzt ADR-0003", None),
        ("Accepté", "accepted"),
        ("Résolu, à approfondir.", "résolu"),
        ("Substituído por ADR 4", "superseded"),
        ("Vorgeschlagen | Akzeptiert | Abgelehnt | Überholt", None),
        ("not yet accepted", None),
        ("unaccepted", None),
        ("TBD", None),
        ("2020-01-02", None),
        ('A decision may be "proposed" if it hasn\'t been agreed upon yet, or "accepted" once it is', None),
    ],
)
def test_a_phrase_states_one_standing_or_none(phrase: str, stated: str | None) -> None:
    assert status.of_phrase(phrase) == stated


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2023-9-15", "2023-09-15"),
        ("2016/12/07", "2016-12-07"),
        ("20201028", "2020-10-28"),
        ("3 May 2021", "2021-05-03"),
        ("January 28th, 2022", "2022-01-28"),
        ("2019 Oct 22", "2019-10-22"),
        ("25/04/2022", "2022-04-25"),
        ("10/24/2020", "2020-10-24"),
        ("01.02.2020", "2020-02-01"),
        ("1st of March 2020", "2020-03-01"),
        ("11-April-2023", "2023-04-11"),
        ("1. März 2020", "2020-03-01"),
        ("1er décembre 2021", "2021-12-01"),
        ("12 janvier 2021", "2021-01-12"),
        ("3 de marzo de 2022", "2022-03-03"),
        ("2021年3月4日", "2021-03-04"),
        ("7/7/2022", "2022-07-07"),
        ("13/13/2022", None),
        ("the decision of 12 services, 2020 in all", None),
        ("05/01/2022", None),
        ("2023-02-30", None),
        ("version 1.2.2020.4", None),
    ],
)
def test_a_date_is_read_when_it_can_be_read_in_one_way(text: str, iso: str | None) -> None:
    assert dates.first(text) == iso


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("January 2021", "2021-01"),
        ("März 2020", "2020-03"),
        ("2021-01", "2021-01"),
        ("01/2021", "2021-01"),
        ("2021-13", None),
        ("2021-01-05", None),
        ("05/01/2022", None),
        ("maybe 2021", None),
    ],
)
def test_a_month_alone_is_a_date_without_a_day(text: str, month: str | None) -> None:
    assert dates.first_month(text) == month


def test_a_date_with_two_readings_has_both_and_shows_no_order() -> None:
    assert dates.first("05/01/2022") is None
    assert dates.readings("05/01/2022") == ("2022-01-05", "2022-05-01")
    assert dates.orders("05/01/2022") == frozenset()
    assert dates.first("05/01/2022", dates.Order.DAY_FIRST) == "2022-01-05"
    assert dates.first("05/01/2022", dates.Order.MONTH_FIRST) == "2022-05-01"
    assert dates.orders("22/11/2023, 11-22-2023") == set(dates.Order)


def test_two_digits_of_the_year_will_do_between_strokes() -> None:
    assert dates.first("15/12/22") == "2022-12-15"
    assert dates.first("12/15/22") == "2022-12-15"
    assert dates.first("05/01/22") is None
    assert dates.readings("05/01/22") == ("2022-01-05", "2022-05-01")
    assert dates.first("15-12-22") is None, "that could be the year first"
    assert dates.first("24/7/365, 1/2/2/3, v1.15/12/22/3") is None


@pytest.mark.parametrize(
    ("heading", "title", "number"),
    [
        ("1. Record architecture decisions", "Record architecture decisions", 1),
        ("ADR-0012: Use PostgreSQL", "Use PostgreSQL", 12),
        ("[ADR-12] Use PostgreSQL", "Use PostgreSQL", 12),
        ("ADR 012 - Use PostgreSQL", "Use PostgreSQL", 12),
        ("Architecture Decision Record: Use ADRs", "Use ADRs", None),
        ("Use 2 replicas", "Use 2 replicas", None),
        ("3.11 is the oldest Python", "3.11 is the oldest Python", None),
        ("ADR-7", "", 7),
        ("Buildbarn Architecture Decision Record #1: Buffer layer", "Buffer layer", 1),
        ("Payments platform ADR 12: Use PostgreSQL", "Use PostgreSQL", 12),
        ("We follow ADR 12", "We follow ADR 12", None),
    ],
)
def test_a_heading_is_a_title_and_a_number(heading: str, title: str, number: int | None) -> None:
    assert title_of(heading) == (title, number)


@pytest.mark.parametrize(
    ("path", "number", "date"),
    [
        ("docs/adr/0012-use-x.md", 12, None),
        ("ADR001-log.md", 1, None),
        ("adr-014-project.md", 14, None),
        ("20201028-slug.md", None, "2020-10-28"),
        ("2022-10-31-layer/README.md", None, "2022-10-31"),
        ("0007-cache/index.md", 7, None),
        ("use-http2.md", None, None),
    ],
)
def test_a_path_says_number_and_date(path: str, number: int | None, date: str | None) -> None:
    name = name_of(path)
    assert (name.number, name.date) == (number, date)
