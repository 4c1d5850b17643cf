"""Into the demo by one click: from this machine, as the people that were named, and nowhere else."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import stranger

pytestmark = pytest.mark.django_db


@pytest.fixture
def aylin(settings: Any) -> Any:
    settings.DEMO_PEOPLE = ["aylin", "nobody-here"]
    return stranger("aylin")


def test_one_click_signs_in_as_somebody_of_the_demo(client: Client, aylin: Any) -> None:
    page = client.get(reverse("login")).content.decode()
    assert "Look around in the demo" in page
    assert 'value="aylin"' in page
    answer = client.post(reverse("demo"), {"person": "aylin"})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(aylin.pk)


@pytest.mark.parametrize(
    "from_there",
    [
        {"REMOTE_ADDR": "10.0.0.7"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "10.0.0.7"},
        {"REMOTE_ADDR": ""},
    ],
)
def test_nobody_from_elsewhere_comes_in(client: Client, aylin: Any, from_there: dict[str, str]) -> None:
    assert client.post(reverse("demo"), {"person": "aylin"}, **from_there).status_code == 404
    assert "Look around in the demo" not in client.get(reverse("login"), **from_there).content.decode()
    assert "_auth_user_id" not in client.session


def test_nobody_who_was_not_named_can_be_taken(client: Client, aylin: Any) -> None:
    stranger("mara")
    for asked in ("mara", "nobody-here", ""):
        assert client.post(reverse("demo"), {"person": asked}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_without_the_setting_there_are_no_doors(client: Client) -> None:
    stranger("aylin")
    assert client.post(reverse("demo"), {"person": "aylin"}).status_code == 404
    assert "Look around in the demo" not in client.get(reverse("login")).content.decode()
