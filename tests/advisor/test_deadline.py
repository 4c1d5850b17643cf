from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.advisor import dates
from decisions.advisor.case import read
from decisions.advisor.deadline import read_deadline
from decisions.advisor.measures import months_left
from decisions.advisor.understood import understood

TODAY = date(2026, 11, 26)


def case(deadline: str | None):
    return read({"schema": "meshadvisor-case/1", "title": "A", "context": {"deadline": deadline}})


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("31 March 2027", "2027-03-31"),
        ("March 31, 2027", "2027-03-31"),
        ("31. März 2027", "2027-03-31"),
        ("the 31st of March 2027 at the latest", "2027-03-31"),
        ("31.03.2027", "2027-03-31"),
        ("31.03.27", "2027-03-31"),
        ("31/03/2027", "2027-03-31"),
        ("2027-03-31", "2027-03-31"),
        ("PCI DSS 4.0.1 by March 31 2027", "2027-03-31"),
        ("by the end of March 2027", "2027-03-31"),
        ("bis Ende März 2027", "2027-03-31"),
        ("in March 2027", "2027-03-31"),
        ("03/2027", "2027-03-31"),
        ("mid-March 2027", "2027-03-15"),
        ("before April 2027", "2027-03-31"),
        ("beginning of April 2027", "2027-04-01"),
        ("Q1 2027", "2027-03-31"),
        ("Q1/2027", "2027-03-31"),
        ("2027-Q1", "2027-03-31"),
        ("Q1 '27", "2027-03-31"),
        ("1. Quartal 2027", "2027-03-31"),
        ("by the end of the first quarter of 2027", "2027-03-31"),
        ("before Q2 2027", "2027-03-31"),
        ("H1 2027", "2027-06-30"),
        ("zweites Halbjahr 2027", "2027-12-31"),
        ("KW 13/2027", "2027-04-04"),
        ("2027-W13", "2027-04-04"),
        ("end of 2027", "2027-12-31"),
        ("Ende 2027", "2027-12-31"),
        ("mid-2027", "2027-06-30"),
        ("5 months, that is by 30 April 2027", "2027-04-30"),
    ],
)
def test_a_deadline_is_read_as_people_write_days_and_periods(written: str, day: str) -> None:
    found = read_deadline(written)
    assert found
    assert found.day == date.fromisoformat(day)
    assert understood(case(written), "context.deadline") == f"This is counted as a deadline on {day}."


@pytest.mark.parametrize(
    ("written", "months", "said"),
    [
        ("5 months", 5.0, "5 months"),
        ("in five months", 5.0, "5 months"),
        ("10 Wochen", 2.3, "2.3 months"),
        ("half a year", 6.0, "6 months"),
        ("ein halbes Jahr", 6.0, "6 months"),
        ("one month", 1.0, "1 month"),
        ("1,5 Jahre", 18.0, "18 months"),
        ("an 18-month programme", 18.0, "18 months"),
    ],
)
def test_a_deadline_may_be_a_length_of_time(written: str, months: float, said: str) -> None:
    assert months_left(case(written), TODAY.isoformat()) == pytest.approx(months, abs=0.05)
    found = understood(case(written), "context.deadline")
    assert found == f"This is counted as a deadline of {said} from the day of the answer."


@pytest.mark.parametrize(
    "written",
    [
        "03/04/2027",
        "Q1 or Q2 2027",
        "between March and June 2027",
        "2027-03-31, at the latest 2027-06-30",
        "3-4 months",
        "3 to 4 Monate",
        "one and a half years, give or take 3",
        "Q1 FY2027",
        "early March 2027",
        "30 February 2027",
        "2027-13-40",
        "by 2027",
        "end of March",
        "Q1",
        "every 3 months",
        "-3 bananas",
    ],
)
def test_what_can_be_read_in_two_ways_or_in_none_is_not_counted_and_said(written: str) -> None:
    assert read_deadline(written) is None
    assert "not counted as a deadline" in (understood(case(written), "context.deadline") or "")


@pytest.mark.parametrize("written", ["no date", "as soon as possible", None])
def test_of_a_deadline_that_names_no_time_nothing_is_said(written: str | None) -> None:
    assert read_deadline(written) is None
    assert understood(case(written), "context.deadline") == ""


@pytest.mark.parametrize(("written", "months"), [("2027-05-26", 6.0), ("2026-01-01", 0.0), ("Q4 2026", 1.2)])
def test_days_are_counted_from_the_day_of_the_answer(written: str, months: float) -> None:
    assert months_left(case(written), TODAY.isoformat()) == pytest.approx(months, abs=0.05)


@given(st.lists(st.sampled_from([*"qhkw0123456789./-'", " ", "2027", "March", "\u017feptember", "months", "a"])))
def test_any_text_is_read_or_left(parts: list[str]) -> None:
    read_deadline("".join(parts))
    dates.first_month("".join(parts))
