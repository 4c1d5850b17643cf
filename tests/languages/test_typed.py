"""Numbers as people type them in their language."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from decisions.languages.typed import NumberField, plain, shown


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("en", "1,200", "1200"),
        ("en", "1,200.5", "1200.5"),
        ("en", "1,234,567", "1234567"),
        ("en", "38,5", "38.5"),
        ("en", "38.5", "38.5"),
        ("en", "0.125", "0.125"),
        ("en", "0,125", "0.125"),
        ("en", "1.2340", "1.2340"),
        ("en", "1.234.567", "1234567"),
        ("en", "1 200", "1200"),
        ("en", "1\u202f200,5", "1200.5"),
        ("de", "1.200", "1200"),
        ("de", "1.200,5", "1200.5"),
        ("de", "38,5", "38.5"),
        ("de", "38.5", "38.5"),
        ("de", "1,2340", "1.2340"),
        ("de", "1'200", "1200"),
        ("de", "many", "many"),
    ],
)
def test_a_number_is_read_as_its_language_writes_it(language: str, text: str, number: str) -> None:
    with translation.override(language):
        assert plain(text, whole=False) == number


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "1.200", "“1.200” can be read in two ways: type 1200 or 1.2."),
        ("en", "1.234", "“1.234” can be read in two ways: type 1234 or 1.2340."),
        ("en", "2.000", "“2.000” can be read in two ways: type 2000 or 2."),
        ("de", "1,200", "„1,200“ lässt sich auf zwei Arten lesen: Schreiben Sie 1200 oder 1,2."),
    ],
)
def test_what_could_be_two_numbers_is_asked_back_with_both(language: str, text: str, said: str) -> None:
    with translation.override(language), pytest.raises(ValidationError) as refused:
        plain(text, whole=False)
    assert refused.value.message == said


@pytest.mark.parametrize(("language", "text"), [("en", "1.200"), ("en", "1,200"), ("de", "1,200"), ("de", "1.200")])
def test_where_only_whole_numbers_are_asked_for_both_marks_group(language: str, text: str) -> None:
    with translation.override(language):
        assert plain(text, whole=True) == "1200"


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("value", [1200, 38.5, 38.512, 0.125, 1234567.0])
def test_a_field_reads_back_what_it_shows(language: str, value: float) -> None:
    with translation.override(language):
        field = NumberField()
        assert field.clean(field.prepare_value(value)) == value
        assert "," not in shown(1200)
