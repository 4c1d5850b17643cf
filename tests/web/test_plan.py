"""The roll-out of a decision: its page, what the team writes in it, the zip file, and the commit."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client
from django.utils import timezone
from dulwich.refs import Ref
from dulwich.repo import Repo

from decisions import rollout
from decisions.advice import advise
from decisions.drafting import Sheet, save
from decisions.models import Decision, Role
from tests import factories
from tests.web import dossier
from tests.web.test_measured import keep

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def blank_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    dossier.without_pages(monkeypatch)


@pytest.fixture
def draft(client: Client) -> Decision:
    made = dossier.draft()
    client.force_login(made.author)
    return made


@pytest.fixture
def repositories(settings: Any, tmp_path: Path) -> Path:
    settings.REPOSITORIES = str(tmp_path)
    return tmp_path


def repository(folder: Path, decision: Decision, name: str = "platform.git") -> Path:
    path = folder / decision.organisation.slug / name
    path.mkdir(parents=True)
    Repo.init_bare(str(path)).close()
    return path


def texts(decision: Decision, stage: str) -> dict[str, str]:
    plan = advise(decision.case).recommendation.plan
    one = next(one for one in plan if one.id == stage)
    return {name: getattr(one, name) for name in ("what", "gate", "stop", "decides", "rollback", "proof")}


def write(client: Client, decision: Decision, stage: str, **changed: str) -> Any:
    decision.refresh_from_db()
    given = {"stage": stage, "version": decision.version, **texts(decision, stage), **changed}
    return client.post(decision.address("plan"), given)


def test_the_page_shows_each_stage_with_its_gates_and_files(client: Client, draft: Decision) -> None:
    page = client.get(draft.address("plan"))
    assert page.status_code == 200
    plan = advise(draft.case).recommendation.plan
    assert len(plan) > 2
    for stage in plan:
        assert f'id="stage-{stage.id}"' in page.content.decode()
    assert "gates.rules.yaml" in page.content.decode()


@pytest.mark.parametrize(("deadline", "late"), [("2 weeks", True), ("3 years", False)])
def test_a_plan_says_beside_its_stages_whether_it_likely_keeps_the_deadline(
    client: Client, draft: Decision, deadline: str, late: bool
) -> None:
    sheet = Sheet(user=draft.author, seen=draft.version, now=timezone.now())
    assert save(draft, sheet, {"context.deadline": deadline}).changed
    for address in (draft.address("plan"), draft.address("step", 5)):
        page = client.get(address).content.decode()
        assert "The plan likely ends on" in page
        assert ("after the deadline of" in page, "before the deadline of" in page) == (late, not late)


def test_the_pack_is_a_zip_of_the_same_bytes_each_time(client: Client, draft: Decision) -> None:
    first, second = (client.get(draft.address("pack")) for _ in range(2))
    assert first.content == second.content
    with zipfile.ZipFile(io.BytesIO(first.content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        made = yaml.safe_load(archive.read(next(one for one in names if one.endswith("kustomization.yaml"))))
    assert f"{draft.number}-rollout/README.md" in names
    assert made["kind"] == "Kustomization"
    assert first.headers["Content-Disposition"] == f'attachment; filename="{draft.number}-rollout.zip"'


def test_a_stranger_finds_neither_page_nor_pack(client: Client, draft: Decision) -> None:
    client.force_login(factories.stranger())
    assert client.get(draft.address("plan")).status_code == 404
    assert client.get(draft.address("pack")).status_code == 404
    assert client.post(draft.address("plan"), {"act": "commit"}).status_code == 404


def test_what_the_team_writes_is_kept_marked_and_goes_into_the_pack(client: Client, draft: Decision) -> None:
    stage = advise(draft.case).recommendation.plan[1].id
    assert write(client, draft, stage, gate="Nobody opens a ticket for two weeks.").status_code == 302
    draft.refresh_from_db()
    assert draft.case["stages"] == {stage: {"gate": "Nobody opens a ticket for two weeks."}}
    page = client.get(draft.address("plan")).content.decode()
    assert "s words</span>" in page
    readme = next(
        one for path, one in rollout.pack_of(draft).files.items() if path.endswith(f"-{stage}/README.md")
    ).decode()
    assert "Nobody opens a ticket for two weeks." in readme
    assert "Written by the team, not generated: gate." in readme


def test_the_generated_text_comes_back_when_the_field_is_emptied(client: Client, draft: Decision) -> None:
    stage = advise(draft.case).recommendation.plan[0].id
    write(client, draft, stage, stop="A pager goes off.")
    write(client, draft, stage, stop="")
    draft.refresh_from_db()
    assert "stages" not in draft.case


def test_names_typed_as_lines_are_the_names_of_the_files(client: Client, draft: Decision) -> None:
    typed = "shop: web 80, cart 8080\nbilling: pay 9000"
    assert client.post(draft.address("plan"), {"act": "names", "names": typed}).status_code == 302
    draft.refresh_from_db()
    assert [one["name"] for one in draft.case["namespaces"]] == ["shop", "billing"]
    assert typed in client.get(draft.address("plan")).content.decode(), "in the order in which they were typed"
    assert any("/manifests/namespace-shop.yaml" in path for path in rollout.pack_of(draft).files)


def listed(*services: tuple[str, str, int]) -> bytes:
    """What kubectl lists of some Services."""
    items = [
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {"ports": [{"port": port, "protocol": "TCP"}]},
        }
        for namespace, name, port in services
    ]
    pod = {"containers": [{"name": "web", "image": "web:1"}], "nodeName": "one"}
    items += [
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web-0", "namespace": namespace}, "spec": pod}
        for namespace, _, _ in services
    ]
    return json.dumps({"kind": "List", "apiVersion": "v1", "items": items}).encode()


def test_the_names_of_a_cluster_list_are_taken_on_the_page(client: Client, draft: Decision) -> None:
    keep(client, draft, ("services.json", listed(("zoo", "api", 8080), ("art", "web", 80), ("kube-system", "dns", 53))))
    client.post(draft.address("plan"), {"act": "names", "names": "mine: api 1"})
    assert "Take the 2 namespaces of services.json" in client.get(draft.address("plan")).content.decode()
    kept = draft.baseline.measurements.get(file_name="services.json")
    client.post(draft.address("plan"), {"act": "take", "measurement": kept.pk})
    draft.refresh_from_db()
    assert sorted(one["name"] for one in draft.case["namespaces"]) == ["art", "zoo"]
    assert client.post(draft.address("plan"), {"act": "take", "measurement": "0"}).status_code == 422


def test_a_stage_is_changed_on_step_five_with_who_decides_and_its_limits(client: Client, draft: Decision) -> None:
    dossier.answer(draft, {"baseline.error_ratio": 0.001, "baseline.p99_ms": 40.0})
    plan = advise(draft.case).recommendation.plan
    stage, gate = next((one, gate) for one in plan for gate in one.gates if gate.threshold)
    page = client.get(draft.address("step", 5)).content.decode()
    assert f'name="limit.{gate.id}"' in page
    sent = write(client, draft, stage.id, decides="Ada Byron", **{f"limit.{gate.id}": "0.5", "from": "step"})
    assert sent.url == f"{draft.address('step', 5)}#stage-{stage.id}"
    draft.refresh_from_db()
    assert draft.case["stages"][stage.id] == {"decides": "Ada Byron", "limits": f"{gate.id} 0.5"}
    packed = rollout.pack_of(draft)
    changed = next(one for one in packed.recommendation.plan if one.id == stage.id)
    assert changed.changed == ("decides", "limits")
    rules = next(one for path, one in packed.files.items() if path.endswith(f"-{stage.id}/gates.rules.yaml")).decode()
    assert " 0.5" in rules
    page = client.get(draft.address("plan")).content.decode()
    assert '<span class="tag">the team' in page
    assert "changed by the team" in page


@pytest.mark.parametrize("text", ["-1", "many", "1e9", "1.2.3"])
def test_a_limit_that_is_no_number_is_refused_and_stays_typed(client: Client, draft: Decision, text: str) -> None:
    dossier.answer(draft, {"baseline.error_ratio": 0.001, "baseline.p99_ms": 40.0})
    plan = advise(draft.case).recommendation.plan
    stage, gate = next((one, gate) for one in plan for gate in one.gates if gate.threshold)
    answer = write(client, draft, stage.id, **{f"limit.{gate.id}": text})
    assert answer.status_code == 422
    assert f'value="{text}"' in answer.content.decode()
    assert "no limit of a gate" in answer.content.decode()


@pytest.mark.parametrize(("text", "limit"), [("0,5", "0.5"), ("1.250,5", "1250.5"), ("0.5", "0.5")])
def test_a_limit_may_be_typed_with_a_decimal_comma(client: Client, draft: Decision, text: str, limit: str) -> None:
    dossier.answer(draft, {"baseline.error_ratio": 0.001, "baseline.p99_ms": 40.0})
    plan = advise(draft.case).recommendation.plan
    stage, gate = next((one, gate) for one in plan for gate in one.gates if gate.threshold)
    client.cookies["django_language"] = "de"
    write(client, draft, stage.id, **{f"limit.{gate.id}": text})
    draft.refresh_from_db()
    assert draft.case["stages"][stage.id] == {"limits": f"{gate.id} {limit}"}


@pytest.mark.parametrize("lines", ["Shop: cart 80", "shop: cart eighty", "shop: cart 99999", "shop: <b> 80"])
def test_a_name_or_port_that_is_none_is_refused_and_stays_typed(client: Client, draft: Decision, lines: str) -> None:
    answer = client.post(draft.address("plan"), {"act": "names", "names": lines})
    assert answer.status_code == 422
    assert lines.replace("<b>", "&lt;b&gt;") in answer.content.decode()
    draft.refresh_from_db()
    assert "namespaces" not in draft.case


def test_two_people_who_write_one_stage_are_told(client: Client, draft: Decision) -> None:
    stage = advise(draft.case).recommendation.plan[0].id
    seen = draft.version
    other = Client()
    other.force_login(factories.member(draft.team, Role.AUTHOR, "Omar Diaz"))
    write(other, draft, stage, gate="Omar's gate")
    given = {"stage": stage, "version": seen, **texts(draft, stage), "gate": "Nadia's gate"}
    answer = client.post(draft.address("plan"), given)
    assert answer.status_code == 409
    assert "Omar Diaz wrote this stage meanwhile" in answer.content.decode()
    assert "Nadia&#x27;s gate" in answer.content.decode()


def test_a_proposed_decision_keeps_its_stages(client: Client) -> None:
    decision = dossier.proposed()
    client.force_login(decision.author)
    assert client.post(decision.address("plan"), {"stage": "install", "gate": "x"}).status_code == 302
    decision.refresh_from_db()
    assert "stages" not in decision.case
    assert client.get(decision.address("pack")).status_code == 200


def test_a_reader_cannot_write_or_commit(client: Client, draft: Decision, repositories: Path) -> None:
    repository(repositories, draft)
    client.force_login(factories.member(draft.team, Role.VIEWER, "Eve Stone"))
    assert "Commit it" not in client.get(draft.address("plan")).content.decode()
    assert client.post(draft.address("plan"), {"act": "commit"}).status_code == 403


def test_a_commit_adds_the_files_to_a_branch_and_moves_it_only_forward(
    client: Client, draft: Decision, repositories: Path
) -> None:
    path = repository(repositories, draft)
    given = {"act": "commit", "repository": "platform.git", "branch": "rollout/mesh"}
    assert client.post(draft.address("plan"), given).status_code == 302
    branch = Ref(b"refs/heads/rollout/mesh")
    with Repo(str(path)) as kept:
        first = kept.refs[branch]
    assert client.post(draft.address("plan"), given).status_code == 302
    write(client, draft, advise(draft.case).recommendation.plan[0].id, gate="Another gate")
    assert client.post(draft.address("plan"), given).status_code == 302
    with Repo(str(path)) as kept:
        last = kept[kept.refs[branch]]
        assert last.parents == [first], "the same files make no commit, and history is kept"
        tree = kept[kept[last.tree][b"rollout"][1]]
        assert [entry.path.decode() for entry in tree.items()] == [draft.number]


@pytest.mark.parametrize(
    ("name", "branch"),
    [
        ("../../etc", "main"),
        ("platform.git", "../x"),
        ("platform.git", ""),
        ("other.git", "main"),
        ("platform.git", "a..b"),
    ],
)
def test_what_is_no_repository_or_branch_is_refused_in_words(
    client: Client, draft: Decision, repositories: Path, name: str, branch: str
) -> None:
    repository(repositories, draft)
    repository(repositories, factories.decision(), "other.git")
    answer = client.post(draft.address("plan"), {"act": "commit", "repository": name, "branch": branch})
    assert answer.status_code == 422
    assert "There is no repository" in answer.content.decode() or "no name of a branch" in answer.content.decode()


def test_a_branch_that_is_checked_out_is_left_alone(client: Client, draft: Decision, repositories: Path) -> None:
    path = repositories / draft.organisation.slug / "work"
    path.mkdir(parents=True)
    with Repo.init(str(path)) as made:
        head = made.refs.get_symrefs()[Ref(b"HEAD")].decode().removeprefix("refs/heads/")
    answer = client.post(draft.address("plan"), {"act": "commit", "repository": "work", "branch": head})
    assert answer.status_code == 422
    assert "checked out there" in answer.content.decode()


def test_the_page_asks_the_database_six_times(client: Client, django_assert_num_queries: Any) -> None:
    decision = dossier.proposed()
    client.force_login(decision.author)
    client.get(decision.address("plan"))
    with django_assert_num_queries(6):
        client.get(decision.address("plan"))
