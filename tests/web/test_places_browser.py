"""What stands where: fields to the edge of a phone, nothing alone on a line, air between two groups."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page

from decisions.models import User

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}


def box(one: Locator) -> Any:
    found = one.bounding_box()
    assert found is not None
    return found


def test_fields_of_the_administration_end_where_their_rows_end(open_page: Callable[..., Page]) -> None:
    page = open_page(User.objects.create_superuser("root-of-all", "root@example.org"), viewport=PHONE)
    page.goto(reverse("admin:decisions_user_add"))
    for name in ("username", "password1"):
        row, field = box(page.locator(f".field-{name}")), box(page.locator(f"[name={name}]"))
        assert field["x"] + field["width"] == pytest.approx(row["x"] + row["width"], abs=1)


def test_the_other_language_stands_on_the_line_of_the_links(open_page: Callable[..., Page]) -> None:
    page = open_page(viewport=PHONE)
    page.goto(reverse("login"))
    links, language = box(page.locator(".foot a").first), box(page.locator(".foot [name=language]"))
    assert abs(links["y"] + links["height"] - language["y"] - language["height"]) < 8


def test_filters_keep_their_distance_from_the_button_above_them(open_page: Callable[..., Page]) -> None:
    root = User.objects.create_superuser("root-of-all", "root@example.org")
    page = open_page(root, viewport={"width": 1440, "height": 900})
    page.goto(reverse("admin:decisions_user_changelist"))
    button, filters = box(page.locator(".head .btn")), box(page.locator("#filters"))
    assert filters["y"] - button["y"] - button["height"] >= 24
