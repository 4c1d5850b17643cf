"""What the answer leans on without knowing it, and who should find it out."""

from collections.abc import Iterator

from decisions.advisor.case import Case, Need
from decisions.advisor.composition import Composition
from decisions.advisor.disagreement import disagreements, together
from decisions.advisor.questionnaire import question_at
from decisions.advisor.questions import FIELDS
from decisions.advisor.recommendation import Assumption
from decisions.advisor.requirements import BY_ID
from decisions.advisor.scope import WHOLE, names_no_count, read_scope
from decisions.advisor.setting import covers_a_part, in_how_many, joined

NOBODY = "the author"


def assume(case: Case, best: Composition) -> tuple[Assumption, ...]:
    """Every open point with an owner, in the order in which it should be cleared up."""
    owner = case.plan.owner or NOBODY
    found = (
        *_rules(case, best, owner),
        *_upgrades(case, best, owner),
        *_disagreeing(case, owner),
        *_scopes(case, best, owner),
        *_unsure(case, best, owner),
        *_joined(case, owner),
        *_same_node_alone(case, best, owner),
        *_planned(best, owner),
        *_noted(case, owner),
    )
    return tuple({one.text: one for one in found}.values())


def _rules(case: Case, best: Composition, owner: str) -> Iterator[Assumption]:
    """A rule whose reading nobody has confirmed."""
    on_rules = [must for must in best.setting.needs.musts if case.answer(must).evidence.kind == "rule"]
    confirmed = case.context.assessor_confirmed
    if on_rules and confirmed != "yes":
        words = ", ".join(BY_ID[must].noun for must in on_rules)
        who = next((who for must in on_rules if (who := case.answer(must).evidence.who)), owner)
        text = f"The assessor reads the rule the way this record does ({words}); it has not been confirmed in writing."
        yield Assumption(text=text, owner=who, path="context.assessor_confirmed")


def _upgrades(case: Case, best: Composition, owner: str) -> Iterator[Assumption]:
    """An upgrade that the answer waits for and nobody has said is possible."""
    if best.upgrades and case.operations.platform_upgrade != "yes":
        text = f"It is possible to upgrade {' and '.join(best.upgrades)}; nobody has said so yet."
        yield Assumption(text=text, owner=owner, path="operations.platform_upgrade")


def _disagreeing(case: Case, owner: str) -> Iterator[Assumption]:
    """Answers that a file or another answer speaks against; those of one file are found out at once."""
    for one in together(tuple(disagreements(case))):
        yield Assumption(text=one.text, owner=owner, path=one.path)


def _scopes(case: Case, best: Composition, owner: str) -> Iterator[Assumption]:
    """A scope in words that name no number: the whole system is reckoned with."""
    if read_scope(case.context.scope) != WHOLE:
        return
    asked = [(f"requirements.{must}.scope", case.answer(must).scope) for must in best.setting.needs.musts]
    for path, said in (*asked, ("context.scope", case.context.scope)):
        if said and names_no_count(said):
            text = (
                f"Where it applies is given as “{said}”, which names no number of namespaces or services: figures and "
                "small measures are reckoned for all of them."
            )
            yield Assumption(text=text, owner=owner, path=path)


def _unsure(case: Case, best: Composition, owner: str) -> Iterator[Assumption]:
    """Answers of "not sure", which count neither as yes nor as no."""
    for requirement in best.setting.needs.unsure:
        text = f"Nobody requires {BY_ID[requirement].noun}; the answer was “not sure”."
        yield Assumption(text=text, owner=owner, path=f"requirements.{requirement}.need")
    for path in sorted(case.not_sure):
        field, question = FIELDS.get(path), question_at(path)
        label = (field.label if field else "") or (f"\u201c{question.text}\u201d" if question else path)
        yield Assumption(text=f"{label}: not known, so no value was taken as given.", owner=owner, path=path)


def _joined(case: Case, owner: str) -> Iterator[Assumption]:
    """Which pods have a proxy of the mesh that runs in a part of them, where another part is what is asked for."""
    if joined(case) < 1.0 and covers_a_part(case):
        text = f"{in_how_many(case)} have a proxy of today's mesh; how many of those in scope is not known."
        yield Assumption(text=text, owner=owner, path="context.current")


def _same_node_alone(case: Case, best: Composition, owner: str) -> Iterator[Assumption]:
    """Encryption on one node asked for by itself: on the way between nodes a tap is far easier than inside of one."""
    path = "requirements.encryption_same_node.need"
    if "encryption_same_node" not in best.setting.needs.musts:
        return
    if case.answer("encryption_between_nodes").need is Need.NOT_NEEDED:
        text = (
            "Traffic on one node has to be encrypted although traffic between nodes has not: whoever asks means that."
        )
        yield Assumption(text=text, owner=owner, path=path)
    if tuple(case.context.threats or ()) == ("network",):
        text = "Traffic that stays on one node never reaches the network, and someone there is the only threat named."
        yield Assumption(text=text, owner=owner, path=path)


def _planned(best: Composition, owner: str) -> Iterator[Assumption]:
    """Inputs of the projection that were not given."""
    for text in best.setting.overhead.assumed:
        path = next((path for name, path in GIVEN_BY.items() if text.startswith(f"{name} ")), "")
        yield Assumption(text=f"{text}.", owner=owner, path=path)


GIVEN_BY = {
    "pods in scope": "baseline.pods_in_scope",
    "pods": "baseline.pods",
    "nodes": "baseline.nodes",
    "services": "baseline.services",
    "the request rate": "baseline.peak_rps",
    "the peak rate": "baseline.peak_rps",
    "calls in sequence": "baseline.sequential_calls",
    "payload": "baseline.payload_bytes",
}
"""The question that would give a size that was not given, by its name in the words of an estate."""


def _noted(case: Case, owner: str) -> Iterator[Assumption]:
    """What the case document itself calls assumed."""
    noted = case.notes.get("assumed")
    for text in noted if isinstance(noted, (list, tuple)) else ():
        yield Assumption(text=f"Taken as given in the case document: {text}.", owner=owner)
