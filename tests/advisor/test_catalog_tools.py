"""Describing, comparing and checking the catalogue."""

import json
import shutil
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from decisions.advisor import catalog as package
from decisions.advisor.advisories import NOTHING_KNOWN, _words
from decisions.advisor.catalog import CatalogError, checking, load, schema, vocabulary
from decisions.advisor.catalog.diff import diff
from decisions.advisor.catalog.loader import OVERHEADS, SHEETS, assemble, open_folder
from decisions.advisor.catalog.shapes import table
from decisions.advisor.conditions import CONDITIONS, OF_ADD_ONS, OF_PRODUCT
from meshadvisor import cli
from tests.advisor.judging import case
from tests.advisor.sheets import OURS, patch, sheet

CATALOG = load()
FILES = sorted(path for path in SHEETS.glob("*.toml") if path.name != OVERHEADS)
PUBLISHED = Path(__file__).parents[2] / "docs" / "catalogue.schema.json"
VALIDATOR = Draft202012Validator(schema.schema())

Folder = Callable[..., Path]


def test_the_published_schema_is_the_generated_one() -> None:
    assert PUBLISHED.read_text() == schema.text(), "run: meshadvisor catalogue schema > docs/catalogue.schema.json"


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema.schema())


@pytest.mark.parametrize("path", FILES, ids=lambda one: one.stem)
def test_every_sheet_validates(path: Path) -> None:
    VALIDATOR.validate(tomllib.loads(path.read_text()))


@pytest.mark.parametrize(
    "text",
    [
        patch("istio-sidecar", 'not_allowed = "Decided in 2025."'),
        patch("sidecar-mesh", 'not_allowed = "Decided in 2025."'),
        patch("linkerd", "[facts.fips]", 'value = "none"', 'says = "No build."', OURS),
        patch("linkerd", "[operations]", "upgrades_per_year = 4", OURS),
        patch("planning", "[hourly_cost]", "value = [90, 95, 100]", 'says = "Our finance department, 2026."'),
        patch("egress-proxy", "max_teams = 5"),
    ],
)
def test_patches_validate_and_load(text: str, overlay: Folder) -> None:
    VALIDATOR.validate(tomllib.loads(text))
    assert load(overlay(ours=text)).version != CATALOG.version


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("linkerd", 'value = "full"', 'value = "yes"', "'yes' is not one of full, partial, needs-extra, none, unknown"),
        (
            "linkerd",
            'upgrade_effect = "restart_pods"',
            'upgrade_effect = "all"',
            "operations: upgrade_effect: 'all' is",
        ),
        ("linkerd", "control_plane = true", "control_plane = 1", "control_plane: 1 is not true or false"),
        ("linkerd", "upgrades_per_year = 2.2", "upgrades_per_year = -1", "upgrades_per_year: -1 is less than 0"),
        ("linkerd", "upgrades_per_year = 2.2", "upgrades_per_year = true", "upgrades_per_year: True is not a number"),
        ("linkerd", 'checked = "2026-11-23"', "checked = 2026-11-23", "checked: .* is not a text in quotes"),
        (
            "linkerd",
            'min_kubernetes = "1.31"',
            'min_kubernetes = "new"',
            "min_kubernetes: 'new' is not a dotted version",
        ),
        ("linkerd", 'skills = ["', 'skills = ["rust", "', "skills.0.: 'rust' is not one of 'envoy'"),
        ("linkerd", 'when = "always"', 'when = "often"', r"advisories.*: when: 'often' is not one of 'always'"),
        ("kuma", 'end_of_support = "2027-06-12"', "", "end_of_support and end_of_support_says go together"),
        ("egress-proxy", "max_teams = 20", "max_teams = 2.5", "max_teams: 2.5 is not a whole number"),
        ("egress-proxy", 'meets = ["egress_control"]', 'meets = ["egress"]', "meets.0.: 'egress' is not one of"),
        ("provider-encryption", 'defeated_by = ["provider_staff"]', 'defeated_by = "provider_staff"', "a list is"),
        ("planning", "value = [50, 85, 130]", "value = [50, 85]", "hourly_cost: value: .*three numbers"),
        ("planning", 'unit = "months"', "", "months_of_comparison: unit is missing"),
    ],
)
def test_schema_and_loader_refuse_the_same(overlay: Folder, name: str, old: str, new: str, message: str) -> None:
    assert old in sheet(name)
    damaged = sheet(name).replace(old, new, 1)
    with pytest.raises(CatalogError, match=rf"{name}\.toml: .*{message}"):
        load(overlay(**{name: damaged}))
    assert not VALIDATOR.is_valid(tomllib.loads(damaged))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('text = "', 'text = "{pods} ', r"unknown placeholders \['pods'\]; known are sidecars"),
        ('text = "', 'text = "} ', "braces that do not match"),
        ('date = "2026"', 'date = "2026-02-30"', "'2026-02-30' is not a date like 2026-11-23, 2026-11 or 2026"),
    ],
)
def test_the_loader_refuses_what_a_schema_cannot_say(overlay: Folder, old: str, new: str, message: str) -> None:
    head, notes = sheet("network-policies").split("[[advisories]]", 1)
    with pytest.raises(CatalogError, match=message):
        load(overlay(network_policies=f"{head}[[advisories]]{notes.replace(old, new, 1)}"))


SCRAPS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.floats(), st.sampled_from(["", " ", "none", "full", "2026-13"])
) | st.lists(st.integers(-1, 5), max_size=4)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_the_loader_accepts_nothing_that_the_schema_refuses(data: st.DataObject) -> None:
    whole = tomllib.loads(data.draw(st.sampled_from([sheet("kuma"), sheet("provider-encryption")])))
    place: Any = whole
    while True:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not place[key] or not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            break
        place = place[key]
    scrap = data.draw(SCRAPS)
    if scrap is None:
        del place[key]
    else:
        place[key] = scrap
    cls = {"product": "Product", "add-on": "AddOnSheet"}.get(str(whole.get("kind")))
    if cls is None:
        assert not VALIDATOR.is_valid(whole)
        return
    try:
        table(getattr(package, cls), {key: value for key, value in whole.items() if key != "kind"}, "x")
    except CatalogError:
        return
    VALIDATOR.validate(whole)


def test_the_vocabulary_is_what_the_advisories_know() -> None:
    assert set(vocabulary.CONDITIONS) == set(CONDITIONS) | set(OF_PRODUCT) | set(OF_ADD_ONS)
    assert set(vocabulary.PLACEHOLDERS) == set(_words(case(), NOTHING_KNOWN))


def test_two_equal_catalogues_do_not_differ() -> None:
    assert diff(CATALOG, assemble(SHEETS)) == ()


def test_differences_are_said_in_words(overlay: Folder) -> None:
    folder = overlay(
        ours=patch("linkerd", 'version = "2.21"', "[facts.fips]", 'value = "none"', 'says = "No build."', OURS),
        terms=patch("kuma", "[operations]", "upgrades_per_year = 3", 'skills = ["pki"]', OURS),
        ban=patch("consul", 'not_allowed = "No contract."'),
        prices=patch("planning", "[hourly_cost]", "value = [90, 95, 100]", 'says = "Our finance department."'),
    )
    said = [f"{one.sheet}: {one.text}" for one in diff(CATALOG, load(folder))]
    assert "linkerd: version: from 2.20 to 2.21" in said
    (fact,) = [one for one in said if one.startswith("linkerd: fips: ")]
    assert fact.startswith("linkerd: fips: from needs-extra (vendor) to none; says “No build.” instead of “")
    assert "source “Our platform handbook, chapter 4, 2026-10-01” instead of “" in fact
    assert "kuma: operations, upgrades_per_year: from 1.8 to 3" in said
    assert "kuma: operations, skills: from envoy, pki, kubernetes_networking to pki" in said
    assert "consul: is not allowed: No contract." in said
    prices = "from 85 (50 to 130) money per hour to 95 (90 to 100) money per hour; reasoning: Our finance department."
    assert f"planning: hourly_cost: {prices}" in said
    assert len(said) == 7, said  # the seventh: kuma's source of operations


def test_the_way_back_is_said_too(overlay: Folder) -> None:
    ours = load(overlay(ban=patch("consul", 'not_allowed = "No contract."')))
    assert [one.text for one in diff(ours, CATALOG)] == ["is allowed again (was not: No contract.)"]


def test_folders_of_sheets_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for folder in (before, after):
        folder.mkdir()
        for path in SHEETS.glob("*.toml"):
            shutil.copy(path, folder)
    (after / "egress-proxy.toml").unlink()
    (before / "edge-canary.toml").unlink()
    figures = (after / OVERHEADS).read_text()
    (after / OVERHEADS).write_text(figures.replace('checked = "2026-11-23"', 'checked = "2026-12-01"'))

    assert cli.main(["catalogue", "diff", str(before), str(after)]) == 0

    said = capsys.readouterr().out
    assert f"From {open_folder(before).version} to {open_folder(after).version}:" in said
    assert f"egress-proxy: the add-on {CATALOG.add_ons['egress-proxy'].title} was removed." in said
    assert f"edge-canary: the add-on {CATALOG.add_ons['edge-canary'].title} was added." in said
    assert "overheads: checked: from 2026-11-23 to 2026-12-01." in said
    assert len(said.splitlines()) == 4


def test_what_an_overlay_changes_is_said(overlay: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    folder = overlay(ban=patch("consul", 'not_allowed = "No contract."'))
    assert cli.main(["catalogue", "diff", "shipped", str(folder)]) == 0
    assert "consul: is not allowed: No contract." in capsys.readouterr().out
    assert cli.main(["catalogue", "diff", "shipped", "shipped"]) == 0
    assert capsys.readouterr().out == "No difference.\n"
    assert cli.main(["catalogue", "diff", "shipped", str(folder / "missing")]) == 2
    assert "No such file" in capsys.readouterr().err


def test_checking_says_a_line_for_each_sheet(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["catalogue", "check", "--on", "2026-11-23"]) == 0
    said = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("warning: ")]
    assert len(said) == len(CATALOG.products) + len(CATALOG.add_ons) + 2
    assert said[-1].startswith(f"Catalogue {CATALOG.version}: 15 products")
    kuma = next(line for line in said if line.startswith("kuma "))
    assert kuma.split(None, 2)[1:] == [
        "product",
        "sidecar-mesh, version 2.14.3, checked 2026-11-26, 37 facts, 2 unknown",
    ]


def test_checking_names_file_key_and_what_is_allowed(overlay: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    folder = overlay(
        ours=patch("linkerd", "[facts.fips]", 'value = "no"', 'says = "No."', OURS), more=patch("planning", "beer = 1")
    )
    assert cli.main(["catalogue", "check", "--overlay", str(folder)]) == 1
    said = capsys.readouterr().out
    assert "error: ours.toml: facts: fips: value: 'no' is not one of full, partial, needs-extra, none, unknown" in said
    assert "error: more.toml: unknown key 'beer'; known are hourly_cost" in said


def test_checking_warns_of_what_is_out_of_date() -> None:
    said = list(checking.warnings(CATALOG, date(2027, 6, 13)))
    assert any(line.startswith("kuma: Kuma: version 2.14.3") and "past its end of support" in line for line in said)
    assert any(line.startswith("consul: 4 statements") and "oldest of 2019-01-21" in line for line in said)
    assert not list(checking.warnings(CATALOG, date(2019, 1, 1)))


def test_checking_warns_of_an_overlay_that_does_nothing(overlay: Folder) -> None:
    same = patch("linkerd", 'title = "Linkerd"')
    folder = overlay(ours=same)
    (folder / "prices.yaml").write_text("hourly_cost: 90")
    said = list(checking.warnings(load(folder), date(2019, 1, 1), folder, CATALOG))
    assert said == ["prices.yaml: is not read; sheets are TOML files", "ours.toml: changes nothing in linkerd"]


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["catalogue", "schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema.schema()
