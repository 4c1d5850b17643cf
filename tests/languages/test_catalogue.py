"""Every text of the product has its German, whole and with every place for a value."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings

from decisions.languages.catalogue import update
from decisions.languages.compiling import compile_stale
from decisions.languages.extraction import Found, found_in, sentences

GERMAN = Path(settings.MESSAGES_DIR) / "de/LC_MESSAGES/django.po"
PLACE = re.compile(r"%\(\w+\)s|\{\w+\}")


@pytest.fixture(scope="module")
def german() -> Catalog:
    with GERMAN.open("rb") as file:
        return read_po(file, locale="de")


def pairs(message: Message) -> Iterator[tuple[str, str]]:
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    said = message.string if isinstance(message.string, tuple) else (message.string,)
    return zip(ids, said, strict=True)


def test_every_text_that_can_be_found_has_its_german(tmp_path: Path) -> None:
    copy = tmp_path / "de/LC_MESSAGES/django.po"
    copy.parent.mkdir(parents=True)
    shutil.copy(GERMAN, copy)
    texts, missing = update(copy, found_in(settings.BASE_DIR))
    assert texts > 3000
    with copy.open("rb") as file:
        now = read_po(file, locale="de")
    new = [one.id for one in now if one.id and not all(said for _, said in pairs(one))]
    assert not missing, f"no German for {new[:10]}: `meshadvisor messages` brings them into {GERMAN}"


def test_nothing_is_only_a_guess(german: Catalog) -> None:
    assert not [one.id for one in german if one.id and one.fuzzy]


def test_both_languages_have_the_same_places_for_values(german: Catalog) -> None:
    wrong = [
        (one, said)
        for message in german
        if message.id
        for one, said in pairs(message)
        if set(PLACE.findall(one)) != set(PLACE.findall(said))
    ]
    assert not wrong


def test_halves_of_sentences_keep_the_space_at_their_ends(german: Catalog) -> None:
    wrong = [
        (one, said)
        for message in german
        if message.id
        for one, said in pairs(message)
        if one[:1].isspace() != said[:1].isspace() or one[-1:].isspace() != said[-1:].isspace()
    ]
    assert not wrong


def test_tags_of_a_text_are_the_same_in_both(german: Catalog) -> None:
    tag = re.compile(r"</?[a-z]+[^>]*>")
    wrong = [
        (one, said)
        for message in german
        if message.id
        for one, said in pairs(message)
        if sorted(tag.findall(one)) != sorted(tag.findall(said))
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('say(f"{one.title} needs {hours} hours")', ["{title} needs {hours} hours"]),
        ('say("A whole sentence.")', ["A whole sentence."]),
        ('def f() -> "Range":\n    "A docstring with words."\n    return Range()', []),
        ('get("application/json"), key["some key here"], re.compile("a pattern of words")', []),
        ("say(f\"{'one bee' if one else 'no bee'} is here\")", ["{value} is here", "one bee", "no bee"]),
    ],
)
def test_sentences_are_found_in_modules_and_names_for_programs_are_not(source: str, found: list[str]) -> None:
    assert sorted(one.text for one in sentences(source, "decisions/x.py")) == sorted(found)


def test_an_update_keeps_what_is_translated_and_drops_what_is_gone(tmp_path: Path) -> None:
    file = tmp_path / "de/LC_MESSAGES/django.po"
    update(file, [Found(text="one", place="a"), Found(text="{n} two", place="a", mould=True)])
    text = file.read_text(encoding="utf-8").replace('msgid "one"\nmsgstr ""', 'msgid "one"\nmsgstr "eins"')
    file.write_text(text, encoding="utf-8")
    assert update(file, [Found(text="one", place="b"), Found(text="three", place="b")]) == (2, 1)
    with file.open("rb") as source:
        kept = {one.id: one.string for one in read_po(source, locale="de") if one.id}
    assert kept == {"one": "eins", "three": ""}


def test_what_was_compiled_is_compiled_again_only_when_it_has_changed(tmp_path: Path) -> None:
    file = tmp_path / "po/de/LC_MESSAGES/django.po"
    update(file, [Found(text="one", place="a")])
    compile_stale(tmp_path / "po", tmp_path / "mo")
    made = tmp_path / "mo/de/LC_MESSAGES/django.mo"
    made.write_bytes(b"as it was")
    compile_stale(tmp_path / "po", tmp_path / "mo")
    assert made.read_bytes() == b"as it was"
    update(file, [Found(text="another", place="a")])
    compile_stale(tmp_path / "po", tmp_path / "mo")
    assert made.read_bytes() != b"as it was"
