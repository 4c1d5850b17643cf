"""What is recommended while somebody types, and what is made ready before anybody does."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from decisions import advice
from decisions.advisor.overhead import composition, path


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """The catalogue is read anew, before and after."""
    advice.catalogue.cache_clear()
    yield
    advice.catalogue.cache_clear()


def test_what_the_first_answer_needs_is_made_before_anybody_asks() -> None:
    composition._permuted.cache_clear()
    path._calls.cache_clear()
    advice._glance.cache_clear()
    advice.prepare()
    assert advice.catalogue.cache_info().currsize == 1
    assert composition._permuted.cache_info().currsize > 0, "the draws of a path are there"
    assert path._calls.cache_info().currsize > 0


def test_a_catalogue_that_cannot_be_read_does_not_keep_the_server_from_starting(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "broken.toml").write_text("this is no TOML")
    settings.OVERLAY = tmp_path
    advice._glance.cache_clear()
    advice.prepare()
    assert advice.catalogue.cache_info().currsize == 0
