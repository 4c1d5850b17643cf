"""Parts of a page that are renewed piece by piece: when they are equal, and that what was rendered once is kept."""

from collections.abc import Iterator

import pytest
from django.utils import timezone, translation

from decisions.views import parts
from decisions.views.parts import Part

ROW = "wizard/peek.html"


def peek(title: str, template: str = ROW, within: tuple[Part, ...] = ()) -> Part:
    return Part(id="peek", template=template, shows={"title": title}, within=within)


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    parts._rendered.cache_clear()
    yield
    parts._rendered.cache_clear()


def test_parts_are_equal_where_nobody_could_see_a_difference() -> None:
    assert peek("No mesh") == peek("No mesh")
    assert len({peek("No mesh"), peek("No mesh")}) == 1
    assert peek("No mesh") != peek("Ambient mesh")
    assert peek("No mesh") != peek("No mesh", template="wizard/steps.html")
    assert peek("No mesh") != "No mesh"


def test_a_part_with_another_one_inside_is_another_part() -> None:
    assert peek("Five", within=(peek("No mesh"),)) != peek("Five", within=(peek("Ambient mesh"),))
    assert peek("Five", within=(peek("No mesh"),)) == peek("Five", within=(peek("No mesh"),))


def test_what_looks_the_same_is_rendered_once_for_each_language_time_zone_and_use() -> None:
    assert peek("No mesh").html == peek("No mesh").html
    assert parts._rendered.cache_info().misses == 1
    english = peek("No mesh").html
    with translation.override("de"):
        german = peek("No mesh").html
    with timezone.override("Asia/Tokyo"):
        peek("No mesh").html  # noqa: B018 - rendered anew
    assert "Bisher empfohlen" in german
    assert "Recommended so far" in english
    assert "hx-swap-oob" in peek("No mesh").renewal
    assert "hx-swap-oob" not in peek("No mesh").html
    assert parts._rendered.cache_info().misses == 4
