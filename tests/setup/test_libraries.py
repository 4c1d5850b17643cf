"""What a start says when something that PDF pages need is missing."""

import pytest

from decisions.rendering import fonts
from meshadvisor import cli, libraries


def test_nothing_is_missing_where_the_product_was_set_up() -> None:
    assert libraries.how_to_install() == ""


def test_a_missing_library_is_named_with_the_command_to_type(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(libraries, "PACKAGES", {"libnowhere.so.0": "libnowhere0"})

    assert cli.main(["demo"]) == 2
    assert "apt-get install --yes libnowhere0" in capsys.readouterr().err


def test_a_missing_typeface_is_named_with_the_command_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FOLDERS", ())

    assert "apt-get install fonts-inter" in libraries.how_to_install()
