"""Every composition has a pack; only what a requirement asks for is on in it, and every requirement is served."""

from decisions.advisor.catalog import load
from decisions.advisor.managed_cni import sheet_for
from decisions.advisor.requirements import BY_ID
from decisions.advisor.rollout import load as rollouts
from tests.advisor.pack.compositions import examples


def test_every_product_and_add_on_has_a_sheet() -> None:
    of_providers = {
        "cilium-service-mesh-gke",
        "cilium-wireguard-aks",
        "cilium-wireguard-gke",
        "flannel-wireguard-k3s",
        "own-cni",
    }
    assert set(rollouts().sheets) - of_providers == set(load().products) | set(load().add_ons)


def test_every_product_and_every_add_on_appears_in_a_pack() -> None:
    used = {feature.sheet for one in examples() for stage in one.plan for feature in stage.features}
    known = rollouts().sheets
    expected = {name for name, sheet in known.items() if sheet.changes}
    assert expected - used == set()


def test_every_feature_names_a_requirement_of_the_case() -> None:
    for one in examples():
        for stage in one.plan:
            for feature in stage.features:
                assert feature.asked_by, (one.name, stage.id, feature.id)
                assert set(feature.asked_by) <= set(one.composition.setting.needs.musts), (one.name, feature.id)


def test_every_must_the_product_carries_is_served_by_a_feature_of_its_own() -> None:
    open_ = set()
    for one in examples():
        if one.composition.ruled_out or not one.composition.setting.product.rollout.install:
            continue
        sheet = sheet_for(one.composition.setting)
        if not sheet or not sheet.changes or one.composition.setting.product.id == "none-app-library":
            continue
        ids = {feature.id for stage in one.plan for feature in stage.features if feature.sheet == sheet.id}
        served = {must for change in sheet.changes if change.id in ids for must in change.meets}
        met_today = {name for name in one.composition.setting.carried if name == "audit_proof"}
        open_ |= {(sheet.id, name) for name in set(one.composition.setting.carried) - served - met_today}
    assert open_ == set()


def test_a_feature_nobody_asked_for_stays_off() -> None:
    for one in examples():
        carried = set(one.composition.setting.carried)
        sheet = sheet_for(one.composition.setting)
        assert sheet
        on = {feature.id for stage in one.plan for feature in stage.features if feature.sheet == sheet.id}
        for change in sheet.changes:
            if not change.base and not carried & set(change.meets):
                assert change.id not in on, (one.name, change.id)


def test_every_requirement_is_asked_of_some_composition() -> None:
    asked = {name for one in examples() for name in one.composition.setting.needs.musts}
    assert asked == set(BY_ID)
