"""Checking, describing, comparing and overlaying the catalogue, and what is out of date in it."""

import json
import shutil
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from decisions import advice
from decisions.advisor import record
from decisions.advisor.advisories import CONDITIONS, NOTHING_KNOWN, OF_PRODUCT, _words
from decisions.advisor.catalog import (
    Catalog,
    CatalogError,
    Fact,
    Level,
    Product,
    age,
    checking,
    load,
    schema,
    vocabulary,
)
from decisions.advisor.catalog.diff import diff
from decisions.advisor.catalog.loader import OVERHEADS, SHEETS, assemble, open_folder
from decisions.advisor.catalog.shapes import table
from decisions.advisor.engine import rank, recommend
from decisions.advisor.recommendation import Approach, Source, Status, Verdict
from meshadvisor import cli
from tests.advisor.judging import case, must, tried

CATALOG = load()
FILES = sorted(path for path in SHEETS.glob("*.toml") if path.name != OVERHEADS)
PUBLISHED = Path(__file__).parents[2] / "docs" / "catalogue.schema.json"
VALIDATOR = Draft202012Validator(schema.schema())
ENCRYPTION = {"encryption_between_nodes": must("rule")}
IDENTITY = {"workload_identity": tried("not_enough", "rule")}
OURS = 'source = { text = "Our platform handbook, chapter 4", date = "2026-10-01" }'

Folder = Callable[..., Path]


@pytest.fixture
def overlay(tmp_path: Path) -> Folder:
    """Writes files into a new directory: `overlay(ours='kind = "patch" ...')` makes ours.toml."""

    def write(**files: str) -> Path:
        for name, text in files.items():
            (tmp_path / f"{name.replace('_', '-')}.toml").write_text(text)
        return tmp_path

    return write


def patch(of: str, *lines: str) -> str:
    return "\n".join(['kind = "patch"', f'of = "{of}"', *lines])


def sheet(name: str) -> str:
    return (SHEETS / f"{name}.toml").read_text()


# ---- the published schema ------------------------------------------------------------------------------------------


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
    from decisions.advisor import catalog

    try:
        table(getattr(catalog, cls), {key: value for key, value in whole.items() if key != "kind"}, "x")
    except CatalogError:
        return
    VALIDATOR.validate(whole)


def test_the_vocabulary_is_what_the_advisories_know() -> None:
    assert set(vocabulary.CONDITIONS) == set(CONDITIONS) | set(OF_PRODUCT)
    assert set(vocabulary.PLACEHOLDERS) == set(_words(case(), NOTHING_KNOWN))


# ---- overlays ------------------------------------------------------------------------------------------------------


def test_a_patch_changes_one_fact_and_leaves_the_rest(overlay: Folder) -> None:
    folder = overlay(ours=patch("linkerd", "[facts.fips]", 'value = "none"', 'says = "We bought no build."', OURS))
    ours = load(folder).products["linkerd"]
    assert ours.facts["fips"].value is Level.NONE
    assert ours.facts["fips"].source.text == "Our platform handbook, chapter 4"
    assert {**ours.facts, "fips": None} == {**CATALOG.products["linkerd"].facts, "fips": None}
    assert replace(ours, facts={}) == replace(CATALOG.products["linkerd"], facts={})
    assert load(folder).laid_over == {"linkerd": "ours.toml"}


def test_a_patch_changes_a_term_of_operation_and_adds_a_note(overlay: Folder) -> None:
    note = f'[[advisories]]\ntopic = "House rule"\nwhen = "always"\ntext = "Ask the platform team."\n{OURS}'
    terms = "\n".join(["[operations]", "upgrades_per_year = 4", OURS])
    ours, shipped = load(overlay(ours=patch("linkerd", terms, note))).products["linkerd"], CATALOG.products["linkerd"]
    assert ours.operations.upgrades_per_year == 4
    assert ours.operations.skills == shipped.operations.skills
    assert ours.operations.source.date == "2026-10-01"
    assert [one.topic for one in ours.advisories] == [*(one.topic for one in shipped.advisories), "House rule"]


def test_a_patch_of_planning_values_changes_only_those(overlay: Folder) -> None:
    says = 'says = "Our finance department, 2026."'
    ours = load(overlay(prices=patch("planning", "[hourly_cost]", "value = [90, 95, 100]", says)))
    assert ours.planning["hourly_cost"].value.likely == 95
    assert ours.planning["hourly_cost"].unit == CATALOG.planning["hourly_cost"].unit
    assert {**ours.planning, "hourly_cost": None} == {**CATALOG.planning, "hourly_cost": None}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (patch("linkerd"), "ours.toml: the patch changes nothing"),
        (patch("linkerd", 'approach = "no-mesh"'), "ours.toml: approach cannot be patched"),
        (patch("linkerd", "colour = 1"), "ours.toml: unknown key 'colour'; known are id, title"),
        (patch("linkerd2", "title = 'x'"), "ours.toml: of: 'linkerd2' is not one of .*linkerd"),
        (patch("linkerd", "[facts.fips]", 'value = "none"'), "ours.toml: facts: fips: says is missing"),
        (
            patch("linkerd", "[facts.fips]", 'value = "none"', 'says = "No."', 'source = { text = "Us" }'),
            "ours.toml: facts: fips: source: date is missing",
        ),
        (patch("linkerd", "[operations]", "upgrades_per_year = 4"), "operations: source is missing; what is changed"),
        (patch("linkerd", "facts = 3"), "ours.toml: facts: a table is expected"),
        (patch("planning", "[beer]", "value = [1, 2, 3]"), "ours.toml: unknown key 'beer'; known are hourly_cost"),
        (patch("planning", "[hourly_cost]", "value = [1, 2, 3]"), "ours.toml: hourly_cost: says is missing"),
        (
            patch("planning", "[hourly_cost]", "value = [1, 2, 3]", 'says = "Us."', 'unit = "money per day"'),
            "hourly_cost: unit: 'money per day' is not 'money per hour'",
        ),
        (patch("sidecar-mesh", 'title = "x"'), "unknown key 'title'; a patch of an approach knows not_allowed alone"),
        (patch("sidecar-mesh", 'not_allowed = ""'), "not_allowed: the reason is expected"),
        ('kind = "patch"', "ours.toml: of is missing"),
        ("kind = 'note'", "ours.toml: kind must be product, add-on, planning or patch, not 'note'"),
        ("kind = ", "ours.toml: not TOML"),
        (sheet("linkerd"), "ours.toml: id: 'linkerd' is not the file's name; call the file linkerd.toml"),
    ],
)
def test_a_patch_is_strict(overlay: Folder, text: str, message: str) -> None:
    with pytest.raises(CatalogError, match=message):
        load(overlay(ours=text))


def test_every_problem_is_named_at_once(overlay: Folder) -> None:
    folder = overlay(a=patch("linkerd", "colour = 1"), b=patch("kuma", "colour = 1"), c=patch("kuma", 'title = "x"'))
    with pytest.raises(CatalogError) as refused:
        load(folder)
    assert sorted(problem.split(":")[0] for problem in refused.value.problems) == ["a.toml", "b.toml", "c.toml"]


def test_a_directory_that_is_not_there_or_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="No such file or directory"):
        load(tmp_path / "missing")
    with pytest.raises(CatalogError, match="no sheets"):
        load(tmp_path)


def test_a_whole_planning_sheet_must_be_whole(overlay: Folder) -> None:
    head = sheet("planning").split("[memory_price]")[0]
    with pytest.raises(CatalogError, match=r"planning.toml: missing memory_price, .*a patch may give some"):
        load(overlay(planning=head))


def test_overhead_figures_cannot_be_laid_over(overlay: Folder) -> None:
    with pytest.raises(CatalogError, match=r"overheads\.toml: an overlay cannot hold it"):
        load(overlay(overheads=sheet("overheads")))


def test_the_version_covers_the_overlay(overlay: Folder) -> None:
    first = assemble(SHEETS, overlay(ours=patch("linkerd", 'not_allowed = "No."'))).version
    second = assemble(SHEETS, overlay(ours=patch("linkerd", 'not_allowed = "Never."'))).version
    assert len({first, second, CATALOG.version}) == 3
    assert assemble(SHEETS).version == CATALOG.version


def test_a_product_of_ones_own_takes_part(overlay: Folder) -> None:
    own = sheet("istio-ambient-l4").replace('id = "istio-ambient-l4"', 'id = "istio-ambient-ours"')
    own = own.replace('title = "Istio ambient, ztunnel only"', 'title = "Our Istio"\nprojected_as = "istio-ambient-l4"')
    ours = load(overlay(istio_ambient_ours=own, ban=patch("istio-ambient-l4", 'not_allowed = "We build our own."')))
    ambient = next(one for one in rank(case(IDENTITY), ours) if one.setting.approach is Approach.AMBIENT_MESH)
    shipped = next(one for one in rank(case(IDENTITY), CATALOG) if one.setting.approach is Approach.AMBIENT_MESH)
    assert ambient.setting.product.title == "Our Istio"
    assert ambient.setting.overhead == shipped.setting.overhead


@pytest.mark.parametrize("line", ["", '\nprojected_as = "istio"'])
def test_a_product_without_figures_is_refused(overlay: Folder, line: str) -> None:
    own = sheet("linkerd").replace('id = "linkerd"', f'id = "linkerd-ours"{line}')
    with pytest.raises(CatalogError, match=r"linkerd-ours: projected_as.* of .*linkerd"):
        load(overlay(linkerd_ours=own))


def test_an_add_on_of_ones_own_is_considered(overlay: Folder) -> None:
    own = sheet("provider-encryption").split("[[advisories]]")[0].split("[needs]")[0]
    own = own.replace('id = "provider-encryption"', 'id = "our-vpn"').replace("defeated_by", "# defeated_by")
    ours = load(overlay(our_vpn=own.replace("title = ", 'title = "Our VPN" # ')))
    best = recommend(case(ENCRYPTION, context={"cni_can_encrypt": "no"}, baseline={"cni": "Weave"}), ours)
    assert [one.id for one in best.add_ons] == ["our-vpn"]


def test_an_add_on_goes_only_with_products_there_are(overlay: Folder) -> None:
    with pytest.raises(CatalogError, match="egress-proxy: exclusive_to: 'squid' is not one of antrea-ipsec"):
        load(overlay(ours=patch("egress-proxy", 'exclusive_to = ["squid"]')))


# ---- not allowed here ----------------------------------------------------------------------------------------------


def approach(catalog: Catalog, wanted: Approach, **requirements: Any) -> Any:
    answer = recommend(case(requirements), catalog)
    return next(one for one in answer.ranking if one.approach is wanted)


def test_what_is_not_allowed_is_ruled_out_with_the_reason(overlay: Folder) -> None:
    ours = load(overlay(ours=patch("sidecar-mesh", 'not_allowed = "The board said no in 2025."')))
    found = approach(ours, Approach.SIDECAR_MESH, **IDENTITY)
    assert found.status is Status.RULED_OUT
    reasons = [one for one in found.reasons if one.rule == "not_allowed_here"]
    assert [one.verdict for one in reasons] == [Verdict.RULES_OUT]
    assert reasons[0].because == f"{found.product_title} is not allowed here: The board said no in 2025."
    assert found.summary == reasons[0].because
    assert approach(CATALOG, Approach.SIDECAR_MESH, **IDENTITY).status is not Status.RULED_OUT


def test_another_product_of_the_approach_takes_the_place_of_a_forbidden_one(overlay: Folder) -> None:
    usual = approach(CATALOG, Approach.SIDECAR_MESH, **IDENTITY).product
    found = approach(load(overlay(ours=patch(usual, 'not_allowed = "No."'))), Approach.SIDECAR_MESH, **IDENTITY)
    assert found.product != usual
    assert found.status is not Status.RULED_OUT


def test_one_product_of_a_forbidden_approach_may_be_allowed(overlay: Folder) -> None:
    folder = overlay(ban=patch("sidecar-mesh", 'not_allowed = "No."'), but=patch("consul", 'not_allowed = ""'))
    allowed = {one.id for one in load(folder).products.values() if not one.not_allowed}
    assert "consul" in allowed
    assert not allowed & {"istio-sidecar", "linkerd", "kuma"}


@pytest.mark.parametrize("banned", sorted(CATALOG.products))
def test_a_forbidden_product_is_never_recommended_while_another_fits(banned: str) -> None:
    sheets = {**CATALOG.products, banned: replace(CATALOG.products[banned], not_allowed="No")}
    for requirements in ({}, ENCRYPTION, IDENTITY):
        assert rank(case(requirements), replace(CATALOG, products=sheets))[0].setting.product.id != banned


def test_where_nothing_is_allowed_the_answer_says_so() -> None:
    none = {key: replace(one, not_allowed="Wait for the new platform") for key, one in CATALOG.products.items()}
    answer = recommend(case(), replace(CATALOG, products=none))
    assert answer.headline.startswith("No option fits here. The nearest is ruled out: No mesh")
    assert "not allowed here: Wait for the new platform." in answer.headline
    assert answer.next_step.startswith("Settle first what rules the nearest option out:")


def test_a_forbidden_add_on_is_not_used(overlay: Folder) -> None:
    given = case(
        {"egress_control": must()}, context={"languages": 2, "application_teams": 3}, baseline={"cni": "Flannel"}
    )
    assert "egress-proxy" in [one.id for one in recommend(given, CATALOG).add_ons]
    ours = load(overlay(ours=patch("egress-proxy", 'not_allowed = "Proxies are gone since 2024."')))
    assert "egress-proxy" not in [one.id for one in recommend(given, ours).add_ons]
    said = " ".join(one.because for standing in recommend(given, ours).ranking for one in standing.reasons)
    assert "it is not allowed here: Proxies are gone since 2024" in said


# ---- in words ------------------------------------------------------------------------------------------------------


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


# ---- checking ------------------------------------------------------------------------------------------------------


def test_checking_says_a_line_for_each_sheet(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["catalogue", "check", "--on", "2026-11-23"]) == 0
    said = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("warning: ")]
    assert len(said) == len(CATALOG.products) + len(CATALOG.add_ons) + 2
    assert said[-1].startswith(f"Catalogue {CATALOG.version}: 15 products")
    kuma = next(line for line in said if line.startswith("kuma "))
    assert kuma.split(None, 2)[1:] == [
        "product",
        "sidecar-mesh, version 2.14.3, checked 2026-11-23, 37 facts, 2 unknown",
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


# ---- the environment variable --------------------------------------------------------------------------------------


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A case document whose answer is a CNI that encrypts."""
    folder = tmp_path / "cases"
    folder.mkdir()
    path = folder / "case.json"
    path.write_text(json.dumps(DOCUMENT))
    return path


DOCUMENT = {"schema": "meshadvisor-case/1", "title": "T", "requirements": ENCRYPTION, "baseline": {"cni": "Cilium"}}


def test_advise_follows_the_environment(
    overlay: Folder, document: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = overlay(ban=patch("cilium-wireguard", 'not_allowed = "Keys are ours alone."'))
    monkeypatch.setenv("MESHADVISOR_OVERLAY", str(folder))
    assert cli.main(["advise", str(document), "--format", "json"]) == 0
    assert load(folder).version in capsys.readouterr().out
    monkeypatch.delenv("MESHADVISOR_OVERLAY")
    assert cli.main(["advise", str(document), "--format", "json"]) == 0
    assert CATALOG.version in capsys.readouterr().out


def test_a_damaged_overlay_is_refused_before_anything_is_served(
    overlay: Folder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, document: Path
) -> None:
    monkeypatch.setenv("MESHADVISOR_OVERLAY", str(overlay(ours=patch("linkerd", "colour = 1"))))
    for words in (["serve", "--port", "39871"], ["advise", str(document)]):
        assert cli.main(words) == 2
        assert "ours.toml: unknown key 'colour'" in capsys.readouterr().err


def test_the_web_application_follows_the_settings(overlay: Folder, settings: Any) -> None:
    settings.OVERLAY = overlay(ban=patch("cni-encryption", 'not_allowed = "Keys are ours alone."'))
    caches = (advice.catalogue, advice._advise)
    for one in caches:
        one.cache_clear()
    try:
        found = advice.advise(DOCUMENT).recommendation
        assert found.catalogue_version == load(settings.OVERLAY).version
        assert found.approach is not Approach.CNI_ENCRYPTION
    finally:
        for one in caches:
            one.cache_clear()


# ---- age -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-11-23", date(2026, 11, 23)), ("2024-02", date(2024, 2, 29)), ("2025", date(2025, 12, 31))],
)
def test_a_coarse_date_counts_to_its_last_day(text: str, day: date) -> None:
    assert age.last_day(text) == day


@pytest.mark.parametrize(
    ("of", "on", "old"),
    [
        ("2025-11-23", date(2026, 11, 23), False),
        ("2025-11-22", date(2026, 11, 23), True),
        ("2025-11", date(2026, 11, 30), False),
        ("2025-11", date(2026, 12, 1), True),
        ("2025", date(2026, 12, 31), False),
        ("2025", date(2027, 1, 1), True),
        ("2023-02-28", date(2024, 2, 29), True),
        ("2024-02-29", date(2025, 2, 28), False),
        ("2024-02-28", date(2025, 3, 1), True),
        ("2027-01-01", date(2026, 1, 1), False),
        ("", date(2026, 1, 1), False),
    ],
)
def test_older_than_a_year(of: str, on: date, old: bool) -> None:
    assert age.is_old(Source(text="A page", date=of), on) == old


def aged(**facts: str) -> Catalog:
    """The catalogue with all of Linkerd's sources of 2026-11, but for these facts."""
    fresh = Source(text="Our own reading", date="2026-11-01")
    shipped = CATALOG.products["linkerd"]
    product = replace(
        shipped,
        facts={
            name: replace(fact, source=replace(fresh, text=name, date=facts.get(name, fresh.date)))
            for name, fact in shipped.facts.items()
        },
        operations=replace(shipped.operations, source=fresh),
        constraints=replace(shipped.constraints, source=fresh),
        rollout=replace(shipped.rollout, source=fresh),
        advisories=(),
    )
    return replace(CATALOG, products={"linkerd": product}, add_ons={})


def test_stale_names_the_fact_and_nothing_else() -> None:
    (found,) = age.stale(aged(fips="2024-05"), date(2026, 11, 23))
    assert (found.kind, found.sheet, found.part, found.since) == (age.Aged.FACT, "linkerd", "fips", "2024-05")
    assert found.text == "Linkerd, fips: the source is of 2024-05, more than a year before 2026-11-23."
    assert age.stale(aged(), date(2026, 11, 23)) == ()


@pytest.mark.parametrize(("on", "ended"), [(date(2026, 11, 30), False), (date(2026, 12, 1), True)])
def test_a_month_of_support_lasts_to_its_end(on: date, ended: bool) -> None:
    found = [one.sheet for one in age.stale(CATALOG, on) if one.kind is age.Aged.SUPPORT]
    assert ("istio-sidecar" in found) == ended
    assert "cilium-wireguard" not in found  # no date is published, and none is made up


def test_an_expected_end_of_support_is_called_expected() -> None:
    found = [one for one in age.stale(CATALOG, date(2026, 12, 1)) if one.kind is age.Aged.SUPPORT]
    assert {one.sheet for one in found} == {"istio-sidecar", "istio-ambient-l4", "istio-ambient-waypoint"}
    assert all("Expected around November 2026" in one.text for one in found)


def duties(catalog: Catalog, day: str) -> dict[str, record.Text]:
    """The points of the record's callout of traps and duties by their lead-ins, and their sources."""
    given = case(IDENTITY)
    drafted = record.draft(given, recommend(given, catalog), catalog, record.About(title="T", date=day))
    (outcome,) = [one for one in drafted.sections if one.id == "outcome"]
    callouts = [one for one in outcome.blocks if isinstance(one, record.Callout) and one.tone == "warn"]
    found = {item.term: item for block in callouts for item in block.items}
    for item in found.values():
        assert all(drafted.sources[note - 1] for note in item.notes)
    return found


def test_a_record_flags_the_old_facts_it_cites() -> None:
    old = aged_everywhere("2026-11-01", identity="2024-05-01")
    point = duties(old, "2026-11-23")["Old facts:"]
    assert "a source more than a year old on 2026-11-23, of 2024-05-01" in point.text
    assert len(point.notes) == 1
    assert "Old facts:" not in duties(aged_everywhere("2026-11-01"), "2026-11-23")


def test_a_record_does_not_flag_what_it_does_not_cite() -> None:
    assert "Old facts:" not in duties(aged_everywhere("2026-11-01", fault="2024-05-01"), "2026-11-23")


def test_a_record_without_a_date_knows_no_age() -> None:
    found = duties(aged_everywhere("2020-01-01"), "")
    assert not {"Old facts:", "End of support:"} & set(found)


def test_a_record_names_products_past_support() -> None:
    assert "End of support:" not in duties(CATALOG, "2026-11-23")
    assert "past its end of support on 2026-12-24" in duties(CATALOG, "2026-12-24")["End of support:"].text


def aged_everywhere(day: str, identity: str = "", fault: str = "") -> Catalog:
    """The catalogue with every source of one day, but for identity or fault injection of ambient mesh."""

    def dated(fact: Fact, name: str, product: Product) -> Fact:
        other = {"workload_identity_mtls": identity, "fault_injection": fault}.get(name, "")
        ours = other if product.id == "istio-ambient-l4" else ""
        return replace(fact, source=Source(text=f"{product.id} {name}", date=ours or day))

    fresh = Source(text="One page", date=day)
    products = {}
    for one in CATALOG.products.values():
        products[one.id] = replace(
            one,
            facts={name: dated(fact, name, one) for name, fact in one.facts.items()},
            operations=replace(one.operations, source=fresh),
            constraints=replace(one.constraints, source=fresh),
            rollout=replace(one.rollout, source=fresh),
            advisories=tuple(replace(note, source=fresh) for note in one.advisories),
        )
    add_ons = {
        one.id: replace(one, source=fresh, advisories=tuple(replace(note, source=fresh) for note in one.advisories))
        for one in CATALOG.add_ons.values()
    }
    return replace(CATALOG, products=products, add_ons=add_ons)
