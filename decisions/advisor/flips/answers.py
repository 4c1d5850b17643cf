"""Every answer that could be another one: requirements, trials of small fixes, and the choices of all questions."""

from collections.abc import Iterator

from decisions.advisor.case import Case, Need, Outcome, get
from decisions.advisor.composition import Composition
from decisions.advisor.flips.change import CHANGED, NEW_WISH, OPEN, Change
from decisions.advisor.measures import distinct, outcome_of
from decisions.advisor.questionnaire import question_at
from decisions.advisor.questions import FIELDS, Field, Kind
from decisions.advisor.requirements import BY_ID, REQUIREMENTS, Requirement
from decisions.advisor.unknowns import is_known
from decisions.advisor.versions import version

SECTIONS = ("context.", "operations.")
"""Sections whose choices describe the system and the team; the plan's do not change what is recommended."""


def answers(case: Case, best: Composition) -> Iterator[Change]:
    """Candidates in the order in which people look at them: trials, what was asked for, other answers, new wishes."""
    yield from _trials(case, best)
    yield from _requirements(case, best)
    yield from _choices(case, best)
    yield from _platform(case, best)


def _trials(case: Case, best: Composition) -> Iterator[Change]:
    """Each small measure the answer counts on, failing; each other trial, working."""
    counted_on: set[str] = set()
    for measure in distinct(best.setting.add_ons):
        counted_on.add(measure.requirement)
        if measure.requirement != "audit_proof":
            words = f"A trial shows that this is not enough: {measure.sheet.title}"
            yield _tried(case, measure.requirement, Outcome.NOT_ENOUGH, words)
    for must in best.setting.needs.musts:
        if must not in counted_on and BY_ID[must].fixes and outcome_of(case, must) != Outcome.WORKS:
            failed = outcome_of(case, must) not in {"", Outcome.NOT_TRIED}
            words = f"The simplest fix for {BY_ID[must].noun} works{' after all' if failed else ''}"
            yield _tried(case, must, Outcome.WORKS, words)


def _tried(case: Case, requirement: str, outcome: Outcome, words: str) -> Change:
    path = f"requirements.{requirement}.simplest_fix.outcome"
    untried = outcome_of(case, requirement) in {"", Outcome.NOT_TRIED}
    return Change(answers=((path, outcome.value),), words=words, path=path, distance=OPEN if untried else CHANGED)


def _requirements(case: Case, best: Composition) -> Iterator[Change]:
    """Each must taken back and each other requirement becoming a must."""
    for one in REQUIREMENTS:
        yield _taken_back(one) if one.id in best.setting.needs.musts else _wanted(case, one)


def _taken_back(one: Requirement) -> Change:
    path = f"requirements.{one.id}.need"
    words = f"It turns out that {one.noun} would only be nice to have"
    return Change(answers=((path, Need.NICE.value),), words=words, path=path, detail="It is a must-have now")


def _wanted(case: Case, one: Requirement) -> Change:
    need, path = case.answer(one.id).need, f"requirements.{one.id}"
    told = {
        Need.NICE: ("It is nice to have now", CHANGED),
        Need.MUST: ("It is without accepted evidence now", CHANGED),
        Need.NOT_SURE: ("Your answer is “not sure” now", OPEN),
        Need.NOT_NEEDED: ("It is not needed now", NEW_WISH),
    }
    detail, distance = told[need] if need else ("It has not been asked yet", NEW_WISH)
    return Change(
        answers=((f"{path}.need", Need.MUST.value), (f"{path}.evidence.kind", "policy")),
        words=f"Evidence turns up that makes {one.noun} a must-have",
        path=f"{path}.need",
        distance=distance,
        detail=detail,
    )


def _choices(case: Case, best: Composition) -> Iterator[Change]:
    """Every choice of every question that applies, answered otherwise."""
    for path, one in FIELDS.items():
        if path.startswith(SECTIONS) and one.when(case) and not is_known(case, best.setting.catalog, path):
            if one.kind is Kind.CHOICE:
                yield from _chosen(case, path, one)
            elif one.kind is Kind.CHOICES:
                yield from _ticked(case, path, one)


def _chosen(case: Case, path: str, one: Field) -> Iterator[Change]:
    now = get(case, path)
    labels = dict(one.choices)
    told = f"Your answer is {_quoted(labels[now])} now" if now else _unsaid(case, path)
    for value, label in one.choices:
        if value != now:
            words = WORDS.get((path, value)) or f"{_asked(path)} is answered {_quoted(label)}"
            distance = CHANGED if now else OPEN
            yield Change(answers=((path, value),), words=words, path=path, distance=distance, detail=told)


def _ticked(case: Case, path: str, one: Field) -> Iterator[Change]:
    now = get(case, path)
    ticked, distance = tuple(now or ()), OPEN if now is None else CHANGED
    for value, label in one.choices:
        without = value in ticked
        left = [other for other in ticked if other != value] if without else [*ticked, value]
        words = WORDS.get((path, f"-{value}" if without else value))
        words = words or f"{_asked(path)} is answered {'without' if without else 'also with'} {_quoted(label)}"
        detail = _unsaid(case, path) if now is None else ""
        yield Change(answers=((path, left),), words=words, path=path, distance=distance, detail=detail)


def _platform(case: Case, best: Composition) -> Iterator[Change]:
    """An unknown CNI turning out to be one of those that products are part of; an old platform brought up to date."""
    products = best.setting.catalog.products.values()
    if not case.baseline.cni:
        for name in sorted({cni for product in products for cni in product.constraints.cni}):
            words = f"The CNI turns out to be {name.capitalize()}"
            yield Change(
                answers=(("baseline.cni", name.capitalize()),), words=words, path="baseline.cni", distance=OPEN
            )
    needed = {
        "baseline.kernel_version": ("kernel of the oldest node", {one.constraints.min_kernel for one in products}),
        "baseline.kubernetes_version": ("Kubernetes version", {one.constraints.min_kubernetes for one in products}),
    }
    for path, (what, versions) in needed.items():
        have = get(case, path)
        for wanted in sorted((one for one in versions if one), key=version):
            if version(have) and version(have) < version(wanted):
                yield Change(answers=((path, wanted),), words=f"The {what} is {wanted} ({have} today)", path=path)


def _asked(path: str) -> str:
    question = question_at(path)
    label = FIELDS[path].label or (question.text if question else path)
    return _quoted(label)


def _quoted(text: str) -> str:
    return f"\u201c{text}\u201d"


def _unsaid(case: Case, path: str) -> str:
    return "Your answer is “not sure” now" if path in case.not_sure else "It has not been answered yet"


WORDS = {
    ("context.assessor_confirmed", "no"): "The assessor does not confirm that the rule asks for this",
    ("context.cloud_encryption_accepted", "yes"): "The provider's own encryption is accepted as evidence",
    ("context.cloud_encryption_accepted", "no"): "The provider's own encryption is not accepted as evidence",
    ("context.cni_can_encrypt", "no"): "The present CNI turns out to be unable to encrypt",
    ("context.cni_can_encrypt", "yes"): "The present CNI turns out to be able to encrypt",
    ("context.threats", "compromised_pod"): "You also protect against a hacked pod",
    ("context.threats", "compromised_node"): "You also protect against a hacked node",
    ("context.threats", "-compromised_node"): "A hacked node is no threat you protect against",
    ("context.threats", "provider_staff"): "You also protect against the provider's staff",
    ("context.threats", "-provider_staff"): "The provider's staff is no threat you protect against",
    ("operations.data_path_debuggers", "nobody"): "Nobody is left on call who can debug the data path",
    ("operations.data_path_debuggers", "two_or_more"): "A second engineer learns the data path",
    ("operations.data_path_debuggers", "vendor"): "A vendor or your cloud runs the data path",
    ("operations.pod_restarts", "not_possible"): "Pods cannot be restarted for an upgrade",
    ("operations.pod_restarts", "each_team"): "Each team restarts its own pods for an upgrade",
    ("operations.connection_resets", "no"): "Long-lived connections must never be reset",
    ("operations.connection_resets", "yes"): "Long-lived connections may be reset",
}
"""Sentences that read better than the question with its answer."""
