"""The pages that say how we judge: complete, sourced, open to everybody."""

import pytest
from django.test import Client

from decisions.advisor import catalog as sheets
from decisions.advisor.catalog import CAPABILITIES, Level
from decisions.advisor.rules import RULES
from decisions.views.method import CAPABILITY_GROUPS, LEVELS, RULE_GROUPS, rules

pytestmark = pytest.mark.django_db
CATALOG = sheets.load()


def test_every_capability_and_level_has_words_and_stands_once() -> None:
    named = [name for names in CAPABILITY_GROUPS.values() for name in names]
    assert sorted(named) == sorted(CAPABILITIES)
    assert set(LEVELS) == set(Level)


def test_every_rule_is_listed_with_its_sentence_under_a_heading() -> None:
    listed = [line for _, lines in rules() for line in lines]
    assert {line.id for line in listed} == {rule.__name__ for rule in RULES}
    assert len(listed) == len(RULES)
    assert all(line.says.endswith(".") for line in listed)
    assert {heading for heading, _ in rules()} <= set(RULE_GROUPS.values())


def test_the_method_is_open_to_everybody_and_names_rules_products_values_and_limits(client: Client) -> None:
    page = client.get("/method/").content.decode()
    for rule in RULES:
        assert f"<code>{'_<wbr>'.join(rule.__name__.split('_'))}</code>" in page
    for one in (*CATALOG.products.values(), *CATALOG.add_ons.values()):
        assert f'href="/method/{one.id}/"' in page
    for planning in CATALOG.planning.values():
        assert planning.unit.split("'")[0] in page
    assert CATALOG.version in page
    assert "Limits of the model" in page


@pytest.mark.parametrize("sheet", [*CATALOG.products.values(), *CATALOG.add_ons.values()], ids=lambda one: one.id)
def test_every_sheet_opens_with_all_its_facts(client: Client, sheet: sheets.Product | sheets.AddOnSheet) -> None:
    response = client.get(f"/method/{sheet.id}/")
    assert response.status_code == 200
    if isinstance(sheet, sheets.Product):
        shown = [cell.fact for _, cells in response.context["groups"] for cell in cells]
        assert len(shown) == len(sheet.facts) == len(CAPABILITIES)


def test_an_unknown_sheet_is_not_found(client: Client) -> None:
    assert client.get("/method/nothing/").status_code == 404


def test_words_in_braces_are_explained_where_there_are_some(client: Client) -> None:
    explained = "Words in braces are filled from the case."
    for name, product in sheets.load().products.items():
        filled = any("{" in one.text for one in product.advisories)
        assert (explained in client.get(f"/method/{name}/").content.decode()) is filled, name
