"""An organisation's own sheets, prices and limits on top of the catalogue, and what it does not allow."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from decisions import advice
from decisions.advisor.catalog import Catalog, CatalogError, Level, load
from decisions.advisor.catalog.loader import SHEETS, assemble
from decisions.advisor.engine import rank, recommend
from decisions.advisor.recommendation import Approach, Status, Verdict
from meshadvisor import cli
from tests.advisor.judging import case, must, tried
from tests.advisor.sheets import OURS, patch, sheet

CATALOG = load()
ENCRYPTION = {"encryption_between_nodes": must("rule")}
IDENTITY = {"workload_identity": tried("not_enough", "rule")}

Folder = Callable[..., Path]


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


def test_the_patches_of_the_manual_load_and_do_what_it_says(overlay: Folder) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "catalogue.md").read_text()
    blocks = dict(re.findall(r"```toml\n# ([a-z-]+)\.toml\n(.*?)```", manual, re.DOTALL))
    ours = load(overlay(**blocks))
    assert set(blocks) == {"our-istio", "our-prices", "no-sidecars"}
    assert ours.laid_over["istio-sidecar"] == "no-sidecars.toml, our-istio.toml"
    assert ours.products["istio-sidecar"].facts["fips"].value is Level.FULL
    assert ours.products["linkerd"].not_allowed.startswith("The architecture board")
    assert ours.planning["hourly_cost"].value.likely == 95


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


@pytest.mark.parametrize("keep", ["none-app-library", "flannel-wireguard", "linkerd"])
def test_what_is_not_allowed_is_not_even_the_nearest(keep: str) -> None:
    everything = dict.fromkeys(("workload_identity", "l7_authorization", "traffic_splitting"), tried("not_enough"))
    sheets = {key: replace(one, not_allowed="" if key == keep else "No") for key, one in CATALOG.products.items()}
    assert rank(case(everything), replace(CATALOG, products=sheets))[0].setting.product.id == keep


def test_where_nothing_is_allowed_the_answer_says_so() -> None:
    none = {key: replace(one, not_allowed="Wait for the new platform") for key, one in CATALOG.products.items()}
    answer = recommend(case(), replace(CATALOG, products=none))
    assert "ruled out" in answer.headline
    assert "nothing" not in answer.headline
    assert "No mesh is not allowed here: Wait for the new platform." in answer.headline
    assert answer.next_step.startswith("Settle first what rules the nearest option out: No mesh is not allowed here")


def test_a_forbidden_add_on_is_not_used(overlay: Folder) -> None:
    given = case(
        {"egress_control": must()}, context={"languages": 2, "application_teams": 3}, baseline={"cni": "Flannel"}
    )
    assert "egress-proxy" in [one.id for one in recommend(given, CATALOG).add_ons]
    ours = load(overlay(ours=patch("egress-proxy", 'not_allowed = "Proxies are gone since 2024."')))
    assert "egress-proxy" not in [one.id for one in recommend(given, ours).add_ons]
    said = " ".join(one.because for standing in recommend(given, ours).ranking for one in standing.reasons)
    assert "it is not allowed here: Proxies are gone since 2024" in said


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A case document whose answer is a CNI that encrypts."""
    path = tmp_path / "case.json"
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
