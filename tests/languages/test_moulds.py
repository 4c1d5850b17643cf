"""Sentences are recognised by their mould and said in the reader's language; what is not ours is left alone."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from decisions.advisor.quantities import Range, span
from decisions.languages.moulds import translated
from decisions.languages.numbers import quantity
from decisions.templatetags.reading import sentence


@pytest.fixture
def german() -> Iterator[None]:
    with translation.override("de"):
        yield


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("No mesh", "Kein Mesh"),
        ("Your CNI can switch encryption on: one setting, no change to any pod.", None),
        ("The busiest pod carries 4 times the median pod (2 today)", "trägt das 4-Fache des mittleren (heute 2)"),
        ("Meets encryption between nodes: a task of the plan.", "Erfüllt Verschlüsselung zwischen Nodes: eine Aufgabe"),
        ("In 1,200 of 1,000 draws from all ranges the answer stays No mesh.", "In 1.200 von 1.000 Ziehungen"),
        (
            "Kubernetes 1.29 is older than 1.31, the oldest that Linkerd is tested with.",
            "Kubernetes 1.29 ist älter als 1.31",
        ),
        ("38.5 ms", "38,5 ms"),
        ("7 sources", "7 Quellen"),
        ("hours, minutes and days", "Stunden, Minuten und Tage"),
    ],
)
def test_a_sentence_of_ours_is_said_in_german(german: None, english: str, said: str | None) -> None:
    found = translated(english)
    assert found != english
    assert said is None or said in found


def test_a_range_in_words_keeps_its_meaning(german: None) -> None:
    assert translated(span(Range(low=4, likely=6.5, high=9), "hours")) == "wahrscheinlich 6,5 Stunden (4 bis 9)"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "payments-prod",
        "1.30",
        "Ship it on Friday, for the team and for the customers who have waited since the spring of last year.",
        "A handshake younger than some minutes for every peer with traffic, and a packet capture between two nodes.",
    ],
)
def test_what_is_not_ours_stays_as_it_is(german: None, text: str) -> None:
    assert translated(text) == text


def test_english_is_not_touched() -> None:
    assert translated("In 1,200 of 1,000 draws from all ranges the answer stays No mesh.").startswith("In 1,200 of")


def test_a_sentence_without_a_translation_is_marked_as_english(german: None) -> None:
    assert sentence("It runs <here> & now") == '<span lang="en">It runs &lt;here&gt; &amp; now</span>'


def test_a_fact_is_quoted_in_english_within_a_german_sentence(german: None) -> None:
    fact = "HTTP rules in CiliumNetworkPolicy judge method and path in the per-node Envoy"
    said = sentence(f"Also gives authorization per request: {fact}.")
    assert said == f'Bietet auch Autorisierung je Anfrage: <span lang="en">{fact}</span>.'


def test_quantities_follow_the_locale(german: None) -> None:
    assert quantity(1234.5) == "1.234"
    assert quantity(0.5, "ms") == "0,5\u00a0ms"
    assert quantity(Range(low=1.5, likely=2, high=3), "h") == "2\u00a0h (1,5 bis 3)"
    with translation.override("en"):
        assert quantity(Range(low=1.5, likely=2000, high=3000), "h") == "2,000\u00a0h (1.5 to 3,000)"


def test_may_is_a_month(german: None) -> None:
    assert [translated(month) for month in ("Mar", "May", "Oct")] == ["Mär", "Mai", "Okt"]


def test_a_rule_of_the_method_is_said_in_german(german: None) -> None:
    assert translated("Encryption alone does not prove who is calling.") == (
        "Verschlüsselung allein beweist nicht, wer aufruft."
    )
