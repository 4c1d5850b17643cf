"""Sentences are recognised by their mould and said in the reader's language; what is not ours is left alone."""

import re
from collections.abc import Iterator

import pytest
from django.utils import translation

from decisions.advisor.quantities import Range, span
from decisions.languages.moulds import translated
from decisions.languages.numbers import quantity
from decisions.templatetags import reading
from decisions.templatetags.reading import coded, sentence


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
        (
            "Cilium 1.15 gets no fixes any more: its project repairs 1.18 and newer, by the catalogue.",
            "Cilium 1.15 bekommt keine Korrekturen mehr",
        ),
        (
            "Its control plane runs here today (Istio 1.29): what is added to it is all that has to be introduced.",
            "(Istio 1.29)",
        ),
        (
            "A proxy container in about 412 pods (16 of 412 pods have one already): those of today reserve 0.8 GiB of "
            "memory, one in every pod 21 GiB; 3 calls in sequence pass 6 proxies.",
            "(16 von 412 Pods haben schon einen): die heutigen reservieren 0,8 GiB Speicher, einer in jedem Pod 21 GiB",
        ),
        ("It ends with what is in scope: “2 of 12 namespaces”.", "Geltungsbereich liegt: “2 of 12 namespaces”."),
        ("38.5 ms", "38,5 ms"),
        ("7 sources", "7 Quellen"),
        (
            "Meets the one must-have at likely 20 hours a month (13 to 36), against 16 for Sidecar mesh. It is too "
            "close to call: it stays the answer in 554 of 1,000 draws; in the others No mesh in 300, Sidecar mesh "
            "(Istio with sidecars) in 136 and Sidecar mesh (Kuma) in 10.",
            "Es ist zu knapp: es bleibt die Antwort in 554 von 1.000 Ziehungen; in den anderen Kein Mesh in 300",
        ),
        ("1,500 requests/s", "1.500 Anfragen/s"),
        ("hours, minutes and days", "Stunden, Minuten und Tage"),
        (
            "p99 of 12,000 requests in run.txt (wrk, SHA-256 9f86d081)",
            "p99 von 12.000 Anfragen in run.txt (wrk",
        ),
        (
            "median of 4 requests, successes only, in run.jtl; not corrected for coordinated omission",
            "Median von 4 Anfragen, nur erfolgreichen, in run.jtl; nicht um Coordinated Omission korrigiert",
        ),
        ("memory requested by active pods in all.json", "angeforderter Arbeitsspeicher in all.json"),
        ("p99 is not in this file. Run: k6 run script.js", "p99 steht nicht in dieser Datei. Führen Sie aus: k6 run"),
        (
            "p90 and p95 and p99 are not in this file. siege has no percentiles: measure with oha, k6 or fortio.",
            "p90, p95 und p99 stehen nicht in dieser Datei. siege kennt keine Perzentile",
        ),
        ("kubectl JSON: 3 nodes, 20 pods, 1 cron job.", "kubectl JSON: 3 Nodes, 20 Pods, 1 CronJob."),
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
        "Head of compliance",
        "IT and Head of sales",
        "Bank of Hamburg",
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


def test_a_fact_of_the_catalogue_is_said_in_german_within_a_sentence(german: None) -> None:
    fact = "HTTP rules in CiliumNetworkPolicy judge method and path in the per-node Envoy"
    said = sentence(f"Also gives authorization per request: {fact}.")
    assert said == (
        "Bietet auch Autorisierung je Anfrage: "
        "HTTP-Regeln in CiliumNetworkPolicy beurteilen Methode und Pfad im Envoy je Node."
    )


def test_a_fact_that_an_organisation_added_is_quoted_as_it_wrote_it(german: None) -> None:
    fact = "the rules of our own gateway judge every method and every path of it"
    said = sentence(f"Also gives authorization per request: {fact}.")
    assert said == f'Bietet auch Autorisierung je Anfrage: <span lang="en">{fact}</span>.'


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("2.3 to 8.7", "2,3 bis 8,7"),
        ("1,200 to 8,700.5 ms", "1.200 bis 8.700,5 ms"),
        ("-8.5 to 17, likely 4.6", "-8,5 bis 17, wahrscheinlich 4,6"),
        (
            "Sidecar mesh 14 to 213, likely 54 vCPU; No mesh none",
            "Sidecar-Mesh 14 bis 213, wahrscheinlich 54 vCPU; Kein Mesh nichts",
        ),
    ],
)
def test_ranges_follow_the_locale(german: None, english: str, said: str) -> None:
    assert translated(english) == said


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("Your IPv6 2001:db8::1 to us", "Your IPv6 2001:db8::1 to us"),
        ("an owner of the certificate authority with its alert, CNCF sandbox project", "ein Verantwortlicher"),
        ("CNCF sandbox project", "Sandbox-Projekt der CNCF"),
        ("CNCF sandbox project.", "Sandbox-Projekt der CNCF."),
    ],
)
def test_a_sentence_is_known_with_and_without_its_full_stop(german: None, english: str, said: str) -> None:
    assert translated(english).startswith(said)


def test_quantities_follow_the_locale(german: None) -> None:
    assert quantity(1234.5) == "1.234"
    assert quantity(0.5, "ms") == "0,5\u00a0ms"
    assert quantity(Range(low=1.5, likely=2, high=3), "h") == "2\u00a0h (1,5 bis 3)"
    with translation.override("en"):
        assert quantity(Range(low=1.5, likely=2000, high=3000), "h") == "2,000\u00a0h (1.5 to 3,000)"


@pytest.mark.parametrize(("language", "space"), [("en", "\u00a0"), ("de", "\u202f")])
def test_the_sign_of_a_percentage_stays_with_its_number(language: str, space: str) -> None:
    with translation.override(language):
        for shown in (
            sentence("70 % of the services report request metrics or traces already"),
            reading.translated("+12 %"),
        ):
            assert re.search(rf"\d{space}%", shown)
            assert " %" not in shown


def test_may_is_a_month(german: None) -> None:
    assert [translated(month) for month in ("Mar", "May", "Oct")] == ["Mär", "Mai", "Okt"]


def test_a_rule_of_the_method_is_said_in_german(german: None) -> None:
    assert translated("Encryption alone does not prove who is calling.") == (
        "Verschlüsselung allein beweist nicht, wer aufruft."
    )


def test_commands_and_names_of_settings_within_a_sentence_are_set_as_code() -> None:
    said = coded("Set wireguardEnabled with kubectl apply --dry-run=server; eBPF, mTLS & gRPC stay as they are.")
    assert "Set <code>wireguardEnabled</code> with <code>kubectl apply " in said
    assert '<span class="nb">--dry-run=server</span></code>;' in said
    assert "eBPF, mTLS &amp; gRPC" in said
    assert '<code>kubectl get pods <span class="nb">-A</span></code> with' in coded("kubectl get pods -A with the day")
    assert coded("linkerd check without warnings").startswith("<code>linkerd check</code>")
