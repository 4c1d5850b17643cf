"""A record replays from what it carries; a changed one does not, and another version says so."""

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.conf import settings

from decisions.advisor import catalog
from decisions.advisor.case import read as read_case
from decisions.advisor.engine import recommend
from decisions.advisor.record import RecordError, canonical, document, draft
from decisions.advisor.record.replay import Verdict, replay
from decisions.advisor.record.schema import schema
from meshadvisor import cli
from tests.sample_record import ABOUT, CASE, MEASUREMENTS


@pytest.fixture(scope="module")
def catalogue() -> catalog.Catalog:
    return catalog.load()


@pytest.fixture(scope="module")
def given(catalogue: catalog.Catalog) -> dict[str, Any]:
    """A record as it is kept: through its canonical bytes and back."""
    case = read_case(CASE)
    made = draft(case, recommend(case, catalogue), catalogue, ABOUT, measurements=MEASUREMENTS)
    return json.loads(canonical(document(made)))  # type: ignore[no-any-return]


def test_the_inputs_in_a_record_give_its_bytes_again(given: dict[str, Any], catalogue: catalog.Catalog) -> None:
    outcome = replay(given, catalogue)
    assert outcome.verdict is Verdict.SAME
    assert outcome.given_sha256 == outcome.replayed_sha256


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("about", "title"), "Another title"),
        (("recommendation", "headline"), "Buy a mesh"),
        (("inputs", "case", "title"), "Another question"),
        (("sections", 0, "title"), "No Context"),
        (("brief", 0, "text"), "Something else"),
    ],
)
def test_what_was_changed_is_named(
    given: dict[str, Any], catalogue: catalog.Catalog, path: tuple[Any, ...], value: str
) -> None:
    changed = copy.deepcopy(given)
    at = changed
    for key in path[:-1]:
        at = at[key]
    assert at[path[-1]] != value
    at[path[-1]] = value
    outcome = replay(changed, catalogue)
    if path == ("about", "title"):  # what a record is filed under is an input
        assert outcome.verdict is Verdict.SAME
    else:
        assert outcome.verdict is Verdict.DIFFERENT
        assert outcome.differences


def test_another_engine_or_catalogue_says_so(given: dict[str, Any], catalogue: catalog.Catalog) -> None:
    older = copy.deepcopy(given)
    older["inputs"]["engine_version"] = "0.0.9"
    assert "engine 0.0.9, which is not here" in replay(older, catalogue).because
    other = replay(given, replace(catalogue, version="2020-01-01+000000000000"))
    assert (other.verdict, other.replayed_sha256) == (Verdict.OTHER_VERSION, "")
    assert "which is not here; this is 2020-01-01" in other.because


def test_what_is_no_record_is_refused(catalogue: catalog.Catalog) -> None:
    with pytest.raises(RecordError):
        replay({"schema": "something"}, catalogue)


def test_the_command_says_it_with_its_exit_code(
    given: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(canonical(given))
    assert cli.main(["replay", str(path)]) == 0
    assert "same: Engine" in capsys.readouterr().out
    given = copy.deepcopy(given)
    given["brief"][0]["text"] = "Something else"
    path.write_bytes(canonical(given))
    assert cli.main(["replay", str(path), "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["differences"] == ["record.brief.0.text"]
    path.write_text("{")
    assert cli.main(["replay", str(path)]) == 2


def test_the_published_schema_is_the_one_of_the_record() -> None:
    published = json.loads((settings.BASE_DIR / "docs" / "record.schema.json").read_text())
    assert published == schema()
    jsonschema.Draft202012Validator.check_schema(published)


def test_the_published_schema_accepts_a_record_and_refuses_another_shape(given: dict[str, Any]) -> None:
    validator = jsonschema.Draft202012Validator(schema())
    validator.validate(given)
    for changed in (
        given | {"extra": 1},
        {key: value for key, value in given.items() if key != "inputs"},
        given | {"sections": [given["sections"][0] | {"blocks": [{"kind": "script", "text": "x"}]}]},
        given | {"about": given["about"] | {"revision": "1"}},
    ):
        assert not validator.is_valid(changed)
