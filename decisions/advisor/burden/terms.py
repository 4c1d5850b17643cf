"""The terms of the monthly hours: each a formula for an amount of any reckoning, and the sentence that explains it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from decisions.advisor.burden.books import SHARE_OF_CNI_UPGRADE, Books
from decisions.advisor.burden.introduction import building, introduced, introduction
from decisions.advisor.catalog import Level
from decisions.advisor.in_support import in_steps, upgrades_behind
from decisions.advisor.quantities import Range
from decisions.advisor.reckoning import A
from decisions.advisor.recommendation import Approach, Source

MONTHS = 12.0
Words = tuple[str, tuple[Source, ...]]


@dataclass(frozen=True, kw_only=True)
class Term:
    """One term: hours a month (None where it does not occur), its name, and why it is what it is, with sources.

    `hours` takes books of any reckoning; `says` is asked only for what is shown.
    """

    name: Callable[[Books[Range]], str]
    hours: Callable[[Books[Any]], Any]
    says: Callable[[Books[Range]], Words]


def _upgrades(books: Books[A]) -> A:
    """Minor and patch upgrades: preparation once, then cluster by cluster, with the restarts they cause."""
    product, times = books.reckoning.product, books.reckoning.times
    # The CNI is upgraded anyway; the option adds its own share of the preparation and checks.
    share = SHARE_OF_CNI_UPGRADE[books.setting.approach] if books.part_of_cni else 1.0
    yearly = times(times(_upgrade(books), share), books.operations.upgrades_per_year)
    patches = product(books.value("hours_per_patch"), books.value("patches_per_year"))
    return times(yearly + times(patches, share), 1 / MONTHS)


def _upgrade(books: Books[A]) -> A:
    """Hours of one upgrade to another minor."""
    size, product, times = books.sizes, books.reckoning.product, books.reckoning.times
    effect = books.operations.upgrade_effect
    each = books.value("hours_first_upgrade_preparation")
    each = each + product(size.clusters, books.value("hours_per_upgrade_per_cluster"))
    if books.operations.proxies != "pod":
        each = each + product(times(size.nodes, 0.01), books.value("agent_hours_per_100_nodes"))
    if effect == "reset_connections":
        each = each + product(times(size.nodes, 0.01), books.value("reset_hours_per_100_nodes"))
    if effect == "restart_pods":
        each = each + _restarts(books)
    return each


def _upgraded(books: Books[Range]) -> Words:
    operations = books.operations
    because = f"{operations.upgrades_per_year:g} minor upgrades a year to stay within support. {operations.says}"
    if books.part_of_cni:
        because = f"The CNI is upgraded anyway; counted is what this adds. {operations.says}"
    return because, (operations.source,)


def _catching_up(books: Books[A]) -> A | None:
    """Upgrades until the control plane that runs is one that its project repairs, spread over the months."""
    return books.spread(_behind(books)) if upgrades_behind(books.setting.case, books.setting.product) else None


def _behind(books: Books[A]) -> A:
    """One-off hours of these upgrades; perhaps none where a vendor is paid, who may repair what others do not."""
    case = books.setting.case
    hours = books.reckoning.times(_upgrade(books), float(upgrades_behind(case, books.setting.product)))
    return books.reckoning.perhaps(hours) if case.operations.support == "vendor" else hours


def _caught_up(books: Books[Range]) -> Words:
    case, product = books.setting.case, books.setting.product
    steps = in_steps(upgrades_behind(case, product), product)
    because = f"Until it runs in a version that its project repairs: {steps}. Spread over three years."
    return because, (product.operations.source,)


def _restarts(books: Books[A]) -> A:
    product, times = books.reckoning.product, books.reckoning.times
    pods = times(books.sizes.pods, books.meshed * 0.01)
    restarts = product(pods, books.value("restart_hours_per_100_pods"))
    if books.setting.case.operations.pod_restarts in {"each_team", None}:
        teams = times(books.sizes.teams, books.meshed)
        restarts = restarts + product(teams, books.value("restart_hours_per_team"))
    return restarts


def _debugging(books: Books[A]) -> A:
    """Faults of the layer itself and the incidents in which it has to be ruled out."""
    reckoning, product = books.reckoning, books.reckoning.product
    further = reckoning.exactly(reckoning.likely(books.sizes.clusters) - 1)
    growth = product(further, books.value("faults_growth_per_cluster"))
    where = books.operations.proxies if books.operations.proxies != "none" else "pod"
    faults = product(books.value(f"faults_per_year_{where}"), reckoning.exactly(1.0) + growth)
    debugging = product(reckoning.times(faults, books.crowd()), books.value("debugging_hours_per_incident"))
    debugging = _slower(books, debugging)
    suspected = product(reckoning.exactly(books.incidents() * 365 / 90), books.value("incident_share_network"))
    debugging = debugging + product(suspected, books.value("hours_to_rule_out"))
    return reckoning.times(debugging, 1 / MONTHS)


def _slower(books: Books[A], hours: A) -> A:
    """The hours where fewer people can repair it than one would like; wide where nobody has said who can."""
    who = books.setting.case.operations.data_path_debuggers
    if who in SLOWER:
        return books.reckoning.product(hours, books.value(SLOWER[who]))
    if who is not None:
        return hours
    worst = books.setting.catalog.planning[SLOWER["nobody"]].value.likely
    return books.reckoning.product(hours, books.reckoning.of(Range(low=1.0, likely=1.5, high=worst)))


SLOWER = {"nobody": "debugging_factor_nobody", "one": "debugging_factor_one", "vendor": "debugging_factor_vendor"}
PEOPLE = {"nobody": "nobody", "one": "one person", "two_or_more": "two or more people", "vendor": "a vendor"}


def _debugged(books: Books[Range]) -> Words:
    people = PEOPLE.get(books.setting.case.operations.data_path_debuggers or "", "not yet said who")
    return f"Faults of the layer and incidents in which it is suspected; {people} can repair it.", ()


def _keeping(books: Books[A]) -> A:
    """Control plane, or the agents' settings where there is none; routing rules of the services that use them."""
    reckoning, product = books.reckoning, books.reckoning.product
    if books.operations.control_plane:
        extra = reckoning.exactly(max(0.0, reckoning.likely(books.sizes.clusters) - 1))
        keeping = books.value("control_plane_hours_per_month")
        keeping = keeping + product(extra, books.value("control_plane_hours_per_extra_cluster"))
    else:
        keeping = books.value("agent_hours_per_month")
    if books.uses_l7:
        hundreds = reckoning.times(books.sizes.services, books.meshed * 0.01)
        keeping = keeping + product(hundreds, books.value("l7_hours_per_100_services_per_month"))
    return keeping


def _kept(books: Books[Range]) -> Words:
    if books.operations.control_plane:
        return "Capacity, alerts, reviews and questions about the control plane.", ()
    return "Keys, drops and the capture that proves the encryption; no control plane of its own.", ()


def _certificates(books: Books[A]) -> A | None:
    """Certificates of an authority that the product brings, or keys of a tunnel where somebody has to rotate them."""
    by_hand = books.value("certificates_manual_hours_per_month")
    if books.operations.certificate_authority:
        keeping = books.value("certificates_hours_per_month")
        return keeping if books.rotation.value == Level.FULL else keeping + by_hand
    by_itself = books.rotation.value in {Level.FULL, Level.PARTIAL}
    if books.setting.approach is not Approach.CNI_ENCRYPTION or by_itself:
        return None
    return books.reckoning.times(by_hand, KEYS_SHARE)


KEYS_SHARE = 0.5
"""Planning value: rotating a tunnel's keys is half the work of rotating a trust anchor that others have to learn."""


def _rotated(books: Books[Range]) -> Words:
    return books.rotation.says, (books.rotation.source,)


def _waypoints(books: Books[A]) -> A | None:
    if books.operations.proxies != "node_and_namespace":
        return None
    product, namespaces = books.reckoning.product, books.waypoint_namespaces()
    keeping = product(namespaces, books.value("waypoint_hours_per_namespace_per_month"))
    return keeping + books.spread(_placing(books))


def _placing(books: Books[A]) -> A:
    return books.reckoning.product(books.waypoint_namespaces(), books.value("waypoint_hours_per_namespace"))


def _waypoint_words(books: Books[Range]) -> Words:
    count = books.waypoint_namespaces().likely
    return f"Waypoints in {count:,.0f} namespaces, only where requests have to be read.", ()


def _policies(books: Books[A]) -> A | None:
    """Writing the policies is the same work whoever enforces them: a product that can does not get it for nothing."""
    if "network_segmentation" not in books.setting.carried:
        return None
    keeping = books.setting.catalog.add_ons[POLICIES].hours_per_month
    return books.reckoning.of(keeping) + books.spread(_writing(books))


def _writing(books: Books[A]) -> A:
    sheet = books.setting.catalog.add_ons[POLICIES]
    return books.reckoning.product(books.sizes.namespaces, books.reckoning.of(sheet.hours_per_service))


def until_it_stands(books: Books[A]) -> A:
    """One-off hours until a product is in place everywhere, without training, which goes on beside."""
    once = building(books)
    if books.operations.proxies == "node_and_namespace":
        once = once + _placing(books)
    once = once + _behind(books)
    return once + _writing(books) if "network_segmentation" in books.setting.carried else once


POLICIES = "network-policies"


def _policy_words(books: Books[Range]) -> Words:
    sheet = books.setting.catalog.add_ons[POLICIES]
    return sheet.what, (sheet.source,)


def _called(name: str) -> Callable[[Books[Range]], str]:
    return lambda _: name


def _run(hours: Callable[[Books[Any]], Any]) -> Callable[[Books[Any]], Any]:
    """A term of what is run: it does not occur without a mesh."""
    return lambda books: None if books.setting.approach is Approach.NO_MESH else hours(books)


CATCHING_UP = "Catching up"
TERMS = (
    Term(name=_called("Upgrades"), hours=_run(_upgrades), says=_upgraded),
    Term(name=_called(CATCHING_UP), hours=_run(_catching_up), says=_caught_up),
    Term(name=_called("Debugging"), hours=_run(_debugging), says=_debugged),
    Term(name=_called("Keeping it"), hours=_run(_keeping), says=_kept),
    Term(
        name=lambda books: "Certificates" if books.operations.certificate_authority else "Keys",
        hours=_run(_certificates),
        says=_rotated,
    ),
    Term(name=_called("Waypoints"), hours=_run(_waypoints), says=_waypoint_words),
    Term(name=lambda books: books.setting.catalog.add_ons[POLICIES].title, hours=_run(_policies), says=_policy_words),
    Term(name=_called("Introduction"), hours=introduction, says=introduced),
)
"""The terms of what a product costs; small measures come on top."""
