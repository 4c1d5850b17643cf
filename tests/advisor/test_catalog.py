"""The sheets: complete, sourced, honest about what nobody verified, and in step with what reads them."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from decisions.advisor.catalog import CatalogError, Level, load, loader
from decisions.advisor.catalog.loader import SHEETS
from decisions.advisor.catalog.sheets import CAPABILITIES, AdvisoryNote, Fact, Product
from decisions.advisor.overhead.coefficients import load as load_overheads
from decisions.advisor.recommendation import Approach, Source
from decisions.advisor.requirements import BY_ID, REQUIREMENTS

CATALOG = load()
PRODUCTS = tuple(CATALOG.products.values())
ADD_ONS = tuple(CATALOG.add_ons.values())
SIDECARS = {"istio-sidecar", "linkerd", "consul", "kuma"}
MESHES = SIDECARS | {"istio-ambient-l4", "istio-ambient-waypoint"}
MATRIX = Path(__file__).parents[2].parent / "shared" / "knowledge" / "capabilities.yaml"

NOT_VERIFIED = {
    ("cilium-ipsec", "strict_mtls"),
    ("antrea-ipsec", "fips"),
    ("cilium-service-mesh", "tracing"),
    ("cilium-ztunnel", "fips"),
    ("cilium-ztunnel", "gateway_api_gamma"),
    ("consul", "fips"),
    ("consul", "windows_nodes"),
    ("kuma", "fips"),
    ("kuma", "windows_nodes"),
}
"""Cells nobody could verify; whoever verifies one takes it from this list with the source in the sheet."""

READ_MORE_STRICTLY = {
    ("none-app-library", "egress_control"),
    ("calico-wireguard", "egress_control"),
    ("calico-wireguard", "multicluster"),
    ("istio-ambient-l4", "egress_control"),
    ("istio-ambient-waypoint", "retries"),
    ("cilium-service-mesh", "multicluster"),
}
"""Cells where the sheet answers the requirement as it is asked; docs/catalogue.md has the reason for each."""

VERIFIED_SINCE = {("antrea-wireguard", "cert_rotation_auto")}
"""Cells that the matrix leaves unknown and a source read later does not."""


def facts() -> Iterator[tuple[str, str, Fact]]:
    for product in PRODUCTS:
        for capability, fact in product.facts.items():
            yield product.id, capability, fact


def sources() -> Iterator[tuple[str, Source]]:
    for product, capability, fact in facts():
        yield f"{product}: {capability}", fact.source
    for sheet in PRODUCTS:
        yield f"{sheet.id}: operations", sheet.operations.source
        yield f"{sheet.id}: rollout", sheet.rollout.source
    for add_on in ADD_ONS:
        yield add_on.id, add_on.source
    for where, note in notes():
        yield f"{where}: {note.topic}", note.source


def notes() -> Iterator[tuple[str, AdvisoryNote]]:
    for sheet in (*PRODUCTS, *ADD_ONS):
        for note in sheet.advisories:
            yield sheet.id, note


def texts() -> Iterator[tuple[str, str]]:
    for path in sorted(SHEETS.glob("*.toml")):
        yield path.name, path.read_text()


def grade(product: str, capability: str) -> tuple[Level, str]:
    fact = CATALOG.products[product].facts[capability]
    return fact.value, fact.maturity


def test_every_approach_has_its_products() -> None:
    found: dict[Approach, set[str]] = {}
    for product in PRODUCTS:
        found.setdefault(product.approach, set()).add(product.id)
    assert found == {
        Approach.NO_MESH: {"none-app-library"},
        Approach.CNI_ENCRYPTION: {
            "cilium-wireguard",
            "cilium-ipsec",
            "calico-wireguard",
            "flannel-wireguard",
            "antrea-wireguard",
            "antrea-ipsec",
        },
        Approach.EBPF_MESH: {"cilium-service-mesh", "cilium-ztunnel"},
        Approach.AMBIENT_MESH: {"istio-ambient-l4", "istio-ambient-waypoint"},
        Approach.SIDECAR_MESH: SIDECARS,
    }


def test_file_names_are_ids() -> None:
    names = {path.stem for path in SHEETS.glob("*.toml")} - {"planning", "overheads"}
    assert names == set(CATALOG.products) | set(CATALOG.add_ons)


def test_every_cell_says_one_sentence() -> None:
    assert len(list(facts())) == 15 * len(CAPABILITIES)
    for product, capability, fact in facts():
        where = f"{product}: {capability}: {fact.says}"
        assert fact.says.endswith("."), where
        assert ". " not in fact.says, where
        assert "{" not in fact.says, where


def test_every_source_has_a_text_and_a_date_not_in_the_future() -> None:
    for where, source in sources():
        assert len(source.text) > 15, where
        assert re.fullmatch(r"20\d\d(-\d\d){0,2}", source.date), f"{where}: {source.date!r}"
        assert source.date <= CATALOG.version[:10], where


def test_what_nobody_verified_says_unknown() -> None:
    unknown = {(product, capability) for product, capability, fact in facts() if fact.value is Level.UNKNOWN}
    assert unknown == NOT_VERIFIED


def test_unknown_cells_say_that_they_are_unknown() -> None:
    for product, capability, fact in facts():
        if fact.value is Level.UNKNOWN:
            honest = ("not verified", "no statement", "not stated", "no conformance report")
            assert any(word in fact.says.lower() for word in honest), f"{product}: {capability}: {fact.says}"


@pytest.fixture
def matrix() -> dict[str, Any]:
    """The capability matrix the sheets started from, where it is at hand."""
    if not MATRIX.exists():
        pytest.skip(f"{MATRIX} is not here")
    loaded: dict[str, Any] = yaml.safe_load(MATRIX.read_text())["matrix"]
    return loaded


def test_sheets_follow_the_matrix_they_started_from(matrix: dict[str, Any]) -> None:
    differing = {(p, c) for p, c, fact in facts() if matrix[c][p]["value"] != fact.value}
    assert differing == READ_MORE_STRICTLY | VERIFIED_SINCE


@pytest.mark.parametrize(
    ("product", "capability", "value", "maturity"),
    [
        ("cilium-service-mesh", "workload_identity_mtls", Level.PARTIAL, "deprecated"),
        ("cilium-service-mesh", "strict_mtls", Level.PARTIAL, "deprecated"),
        ("cilium-ztunnel", "workload_identity_mtls", Level.PARTIAL, "beta"),
        ("cilium-ztunnel", "enc_same_node", Level.FULL, "beta"),
        ("istio-ambient-l4", "multicluster", Level.PARTIAL, "beta"),
        ("istio-ambient-waypoint", "multicluster", Level.PARTIAL, "beta"),
        ("antrea-wireguard", "l7_authz", Level.PARTIAL, "alpha"),
        ("antrea-ipsec", "egress_control", Level.FULL, "beta"),
        ("istio-ambient-waypoint", "l7_authz", Level.FULL, "stable"),
        ("cilium-service-mesh", "egress_control", Level.FULL, "stable"),
    ],
)
def test_maturity_of_what_must_not_carry_a_must(product: str, capability: str, value: Level, maturity: str) -> None:
    assert grade(product, capability) == (value, maturity)


def test_encryption_in_the_cni_proves_nobody_and_leaves_one_node_in_clear_text() -> None:
    for product in PRODUCTS:
        if product.approach is Approach.CNI_ENCRYPTION:
            assert product.facts["enc_node_to_node"].value is Level.FULL
            assert product.facts["enc_same_node"].value is Level.NONE
            assert product.facts["workload_identity_mtls"].value is Level.NONE
            assert product.facts["enc_udp"].value is Level.FULL


def test_wireguard_is_never_fips() -> None:
    for product in PRODUCTS:
        if product.id.endswith("wireguard"):
            assert product.facts["fips"].value is Level.NONE


@pytest.mark.parametrize("product", sorted(MESHES))
def test_meshes_prove_identity_and_leave_udp_in_clear_text(product: str) -> None:
    sheet = CATALOG.products[product]
    assert grade(product, "workload_identity_mtls") == (Level.FULL, "stable")
    assert sheet.facts["enc_udp"].value is Level.NONE
    assert not sheet.constraints.carries_udp
    assert sheet.operations.certificate_authority


@pytest.mark.parametrize("product", ["istio-sidecar", "istio-ambient-l4", "istio-ambient-waypoint", "linkerd"])
def test_fips_of_meshes_is_a_vendors_build(product: str) -> None:
    assert CATALOG.products[product].facts["fips"].extra == "vendor"


@pytest.mark.parametrize("product", ["cilium-wireguard", "cilium-ipsec"])
def test_using_ciliums_mesh_features_is_another_approach(product: str) -> None:
    beyond = {"egress_control", "flow_metrics", "multicluster", "l7_authz", "request_metrics"}
    assert set(CATALOG.products[product].beyond) == beyond
    assert "l3l4_policy" not in CATALOG.products[product].beyond


def test_ambient_without_waypoint_has_nothing_that_reads_requests() -> None:
    sheet = CATALOG.products["istio-ambient-l4"]
    needs_requests = {name for one in REQUIREMENTS if one.needs_l7 for name in one.capabilities}
    assert {sheet.facts[name].value for name in needs_requests} == {Level.NONE}


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda one: one.id)
def test_upgrades_keep_every_product_inside_its_support(product: Product) -> None:
    operations = product.operations
    if operations.upgrades_per_year:
        assert 12 / operations.upgrades_per_year <= operations.support_months
    else:
        assert product.id == "none-app-library"


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda one: one.id)
def test_operations_use_the_words_the_engine_reads(product: Product) -> None:
    operations = product.operations
    assert operations.upgrade_effect in {"none", "agent", "reset_connections", "restart_pods"}
    assert operations.proxies in {"none", "kernel", "node", "node_and_namespace", "pod"}
    assert set(operations.skills) <= {"envoy", "ebpf", "pki", "kubernetes_networking"}
    assert (operations.proxies == "pod") == (operations.upgrade_effect == "restart_pods")


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda one: one.id)
def test_constraints_have_a_source(product: Product) -> None:
    limits = product.constraints
    constrained = limits.cni or limits.min_kernel or limits.min_kubernetes or not (limits.carries_udp and limits.gvisor)
    assert bool(constrained) == (limits.source is not None)


def test_products_of_a_cni_name_it() -> None:
    for product in PRODUCTS:
        cni = product.id.split("-")[0]
        expected = (cni,) if cni in {"cilium", "calico", "flannel", "antrea"} else ()
        assert product.constraints.cni == expected


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda one: one.id)
def test_every_stage_of_the_roll_out_says_something(product: Product) -> None:
    other = {"prerequisites", "removed_within", "source"}
    for name in (one.name for one in fields(product.rollout) if one.name not in other):
        text = getattr(product.rollout, name)
        assert text.endswith("."), text
    assert all(one.text for one in product.rollout.prerequisites)


def test_every_fix_has_a_sheet_that_meets_the_requirement() -> None:
    for requirement in REQUIREMENTS:
        for fix in requirement.fixes:
            assert requirement.id in CATALOG.add_ons[fix].meets


def test_every_add_on_is_the_fix_of_what_it_meets() -> None:
    for add_on in ADD_ONS:
        assert add_on.meets
        for requirement in add_on.meets:
            assert add_on.id in BY_ID[requirement].fixes


def test_add_ons_say_what_to_do_how_to_test_it_and_what_follows() -> None:
    for add_on in ADD_ONS:
        for text in (add_on.what, add_on.test, add_on.if_it_fails):
            assert text.endswith("."), add_on.id
            assert len(text) > 60, add_on.id
        assert add_on.touches in {"services", "namespaces", "clusters", "nothing"}
        assert add_on.hours_per_month.likely > 0


def test_provider_encryption_does_not_count_against_the_provider() -> None:
    sheet = CATALOG.add_ons["provider-encryption"]
    assert sheet.defeated_by == ("provider_staff",)
    assert sheet.needs == {"context.cloud_encryption_accepted": "yes"}


def test_planning_values_say_their_reasoning_and_unit() -> None:
    for key, planning in CATALOG.planning.items():
        assert planning.unit, key
        assert len(planning.says) > 40, key


def test_engine_asks_only_for_planning_values_there_are() -> None:
    core = SHEETS.parent
    asked = {
        key
        for path in core.rglob("*.py")
        for key in re.findall(r'(?:\bvalue|planning\[)\(?"([a-z0-9_]+)"', path.read_text())
    }
    assert "hours_first_upgrade_preparation" in asked
    assert asked <= set(CATALOG.planning)


def test_overheads_know_the_same_products() -> None:
    assert set(load_overheads().products) == set(CATALOG.products)


@pytest.mark.parametrize(
    "claim",
    [
        "all traffic is encrypted",
        "small operational effort",
        "no risk",
        "minimal overhead",
        "zero overhead",
        "easy to run",
    ],
)
def test_no_sheet_promises(claim: str) -> None:
    for name, text in texts():
        assert claim not in text.lower(), name


@pytest.mark.parametrize("word", ["/home/", "/tmp/", "/usr/local/"])
def test_no_sheet_names_a_path_of_a_machine(word: str) -> None:
    for name, text in texts():
        assert word not in text, name


def test_overlay_replaces_a_planning_sheet(tmp_path: Path) -> None:
    own = (SHEETS / "planning.toml").read_text().replace("value = [50, 85, 130]", "value = [100, 100, 100]")
    (tmp_path / "planning.toml").write_text(own)
    laid_over = load(tmp_path)
    assert laid_over.planning["hourly_cost"].value.likely == 100
    assert laid_over.products == CATALOG.products
    assert laid_over.version != CATALOG.version


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "Linkerd"', 'titel = "Linkerd"', r"linkerd.toml: unknown key 'titel'"),
        ('approach = "sidecar-mesh"', 'approach = "sidecars"', r"linkerd.toml: approach: 'sidecars'"),
        ("[facts.jwt]", "[facts.tokens]", r"linkerd.toml: facts: missing \['jwt'\], unknown \['tokens'\]"),
        ('extra = "vendor"', "", r"linkerd.toml: facts: fips: needs-extra"),
        ('checked = "2026-11-23"', 'checked = "soon"', r"linkerd.toml: checked: 'soon' is not a date"),
        ("upgrades_per_year = 2.2", 'upgrades_per_year = "often"', r"operations: upgrades_per_year: 'often'"),
        ('kind = "product"', 'kind = "thing"', r"linkerd.toml: kind must be product"),
    ],
)
def test_a_damaged_sheet_is_refused_with_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    sheet = (SHEETS / "linkerd.toml").read_text()
    assert old in sheet
    (tmp_path / "linkerd.toml").write_text(sheet.replace(old, new))
    with pytest.raises(CatalogError, match=message):
        load(tmp_path)


def test_the_sheets_of_the_roll_out_are_part_of_the_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in loader.ROLLOUT.glob("*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(loader, "ROLLOUT", tmp_path)
    assert loader.assemble(loader.SHEETS).version == CATALOG.version
    sheet = tmp_path / "kuma.toml"
    sheet.write_bytes(sheet.read_bytes() + b"\n# another word\n")
    assert loader.assemble(loader.SHEETS).version != CATALOG.version
