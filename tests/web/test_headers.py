"""How pages are sent."""

import gzip

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_a_page_is_sent_compressed_to_whoever_takes_that(client: Client) -> None:
    plain = client.get(reverse("method"))
    packed = client.get(reverse("method"), headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 3
    assert b"<h1>" in gzip.decompress(packed.content)


def test_what_is_no_page_is_sent_as_it_is(client: Client) -> None:
    answer = client.get(reverse("api:openapi-json"), headers={"accept-encoding": "gzip"})
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


def test_the_components_are_shown_in_both_themes(client: Client) -> None:
    page = client.get(reverse("styleguide")).content.decode()
    assert page.count("<h3>Buttons</h3>") == 2
    assert "in-light" in page
    assert "in-dark" in page
    # The panel with a winner, an option that is ruled out and a range.
    for part in ('class="best"', 'class="out"', 'class="rg"'):
        assert part in page
