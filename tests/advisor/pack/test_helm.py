"""Helm values: only keys the charts have, only where they differ, and a way back that gives what was there before."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from decisions.advisor.catalog import CatalogError
from decisions.advisor.pack.helm import Installed
from decisions.advisor.pack.names import targets_of
from decisions.advisor.rollout import Change, Phase, Values, load
from decisions.advisor.rollout.loader import SHEETS, default, leaves
from decisions.advisor.rollout.loader import load as read
from tests.advisor.judging import case
from tests.advisor.pack.compositions import examples

PLACE = targets_of(case({})).first


def change(text: str, *, charts: tuple[str, ...] = ()) -> Change:
    values = (Values(chart="cilium", set=text),)
    source = load().charts["cilium"].source
    return Change(id="x", phase=Phase.INSTALL, what="x", source=source, values=values, charts=charts)


def test_every_key_a_pack_sets_is_a_known_key_of_its_chart_and_differs_from_its_default() -> None:
    charts, seen = load().charts, set()
    for one in examples():
        for path, content in one.files.items():
            folder, _, name = path.rpartition("/values/")
            if not folder or folder.endswith("rollback"):
                continue
            chart = charts[name.removesuffix(".yaml")]
            for key, value in leaves(yaml.safe_load(content)).items():
                assert key in chart.keys, (path, key)
                assert value != default(chart, key), (path, key)
                seen.add((chart.chart, key))
    assert len(seen) > 25


def test_every_known_key_is_used_by_a_sheet() -> None:
    used = {
        (values.chart, key)
        for sheet in load().sheets.values()
        for one in sheet.changes
        for values in one.values
        for key in leaves(yaml.safe_load(values.set))
    }
    assert {(name, key) for name, chart in load().charts.items() for key in chart.keys} == used


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('set = "encryption:\\n  enabled: false\\n"', "encryption.enabled is the default"),
        ('set = "encryption:\\n  enabeld: true\\n"', "encryption.enabeld is not among the keys"),
    ],
)
def test_a_sheet_with_a_key_the_chart_does_not_have_or_its_default_is_refused(
    tmp_path: Path, line: str, why: str
) -> None:
    for path in SHEETS.glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text())
    sheet = tmp_path / "cilium-ipsec.toml"
    text = sheet.read_text()
    assert 'set = "encryption:\\n  enabled: true\\n"' in text
    sheet.write_text(text.replace('set = "encryption:\\n  enabled: true\\n"', line))
    with pytest.raises(CatalogError, match=why):
        read(tmp_path)


def test_the_way_back_gives_what_an_earlier_stage_set_and_the_default_where_none_did() -> None:
    installed = Installed()
    (first,) = installed.take([change("encryption:\n  enabled: true\n")], load().charts, PLACE)
    assert first.before == {"encryption": {"enabled": False}}
    text = "encryption:\n  enabled: false\n  type: wireguard\n"
    (second,) = installed.take([change(text)], load().charts, PLACE)
    assert second.before == {"encryption": {"enabled": True, "type": "ipsec"}}


def test_a_chart_is_installed_once_in_its_place_and_taken_out_last() -> None:
    charts = {name: replace(chart, runs_already=False) for name, chart in load().charts.items()}
    installed = Installed()
    one = change("encryption:\n  enabled: true\n", charts=("istio-base", "cilium"))
    found = installed.take([one], charts, PLACE)
    assert [release.name for release in found] == ["istio-base", "cilium"]
    assert "-f" not in found[0].command()
    assert found[0].removal == "helm uninstall istio-base -n istio-system"
    (again,) = installed.take([change("cluster:\n  name: a\n")], charts, PLACE)
    assert again.upgrade
    assert again.command().endswith("--reuse-values -f values/cilium.yaml")


def test_certificates_are_named_when_linkerd_is_installed_and_kept_when_it_is_changed() -> None:
    pages = {
        path: content.decode()
        for one in examples()
        if one.composition.setting.product.id == "linkerd" and len(one.composition.setting.needs.musts) > 5
        for path, content in one.files.items()
        if path.endswith("README.md")
    }
    install = next(text for path, text in pages.items() if "-install/" in path)
    default_ = next(text for path, text in pages.items() if "-default/" in path)
    assert "--set-file identity.issuer.tls.keyPEM=issuer.key" in install
    assert "helm upgrade linkerd-control-plane" in default_
    assert "--reuse-values" in default_
