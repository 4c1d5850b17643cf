"""Which requirements count as musts: those with accepted evidence that nothing measured contradicts."""

from dataclasses import dataclass

from decisions.advisor.case import Case, EvidenceKind, Need, RequirementAnswer
from decisions.advisor.recommendation import Demotion
from decisions.advisor.requirements import BY_ID, REQUIREMENTS

REAL_SKEW = 2.0
"""Busiest pod / median pod above which an imbalance is real; below it a balancer has nothing to repair."""

MOSTLY_OBSERVED = 80.0
"""Per cent of services with request metrics above which the requirement is mostly met by what is there."""

ENCRYPTED = ("encryption_between_nodes", "encryption_same_node", "workload_identity")
"""What a rule about cryptography speaks of: on its own it asks for none."""

KINDS = {
    EvidenceKind.RULE: "a rule",
    EvidenceKind.INCIDENT: "an incident",
    EvidenceKind.SLO: "a breached service level",
    EvidenceKind.POLICY: "a written policy",
}
"""Kinds in words."""


@dataclass(frozen=True, kw_only=True)
class Needs:
    """The requirements by weight, ids in the order of the questionnaire."""

    musts: tuple[str, ...]
    nice: tuple[str, ...]
    unsure: tuple[str, ...]
    demoted: tuple[Demotion, ...]


def weigh(case: Case) -> Needs:
    """Sort the requirements of a case. An override keeps a must and is reported among `demoted` as kept."""
    musts: list[str] = []
    nice: list[str] = []
    unsure: list[str] = []
    demoted: list[Demotion] = []
    for requirement in REQUIREMENTS:
        answer = case.requirements.get(requirement.id)
        if answer is None or answer.need in {None, Need.NOT_NEEDED}:
            continue
        if answer.need is Need.NOT_SURE:
            unsure.append(requirement.id)
            continue
        if answer.need is Need.NICE:
            nice.append(requirement.id)
            continue
        doubt = _doubt(requirement.id, answer, case)
        if doubt and answer.override:
            because = f"{doubt} It stays a must-have because of an override: {answer.override.rstrip('.')}."
            demoted.append(Demotion(requirement=requirement.id, because=because, kept=True))
        elif doubt:
            demoted.append(Demotion(requirement=requirement.id, because=f"{doubt} It counts as nice to have."))
        (nice if doubt and not answer.override else musts).append(requirement.id)
    return Needs(musts=tuple(musts), nice=tuple(nice), unsure=tuple(unsure), demoted=tuple(demoted))


def _doubt(requirement: str, answer: RequirementAnswer, case: Case) -> str:
    """Why a claimed must-have is not taken as one; empty when it is."""
    noun = BY_ID[requirement].heading
    kind = answer.evidence.kind
    if kind is None:
        return f"{noun}: nobody has named a rule, incident, measurement or policy for it."
    if kind is EvidenceKind.PERSON:
        who = answer.evidence.who or "somebody"
        return f"{noun}: {who} asked for it, but no rule, incident, measurement or policy is named."
    if kind is EvidenceKind.PRACTICE:
        return f"{noun}: best practice or a vendor's advice alone is not a need of this system."
    if kind not in case.policy.accepted_evidence:
        return f"{noun}: this organisation does not accept {KINDS[kind]} alone as evidence for a must-have."
    if kind is EvidenceKind.RULE and case.context.assessor_confirmed == "no":
        return f"{noun}: the assessor has not confirmed that the rule asks for this."
    return _contradiction(requirement, noun, case)


def _is_must(requirement: str, case: Case) -> bool:
    """Whether a requirement counts as a must-have, by its evidence or by an override."""
    answer = case.answer(requirement)
    return answer.need is Need.MUST and bool(answer.override or not _doubt(requirement, answer, case))


def _contradiction(requirement: str, noun: str, case: Case) -> str:
    """What was measured that speaks against the claimed need; empty when nothing does."""
    baseline = case.baseline
    skew = baseline.busiest_pod_ratio
    if requirement == "grpc_load_balancing" and skew is not None and skew < REAL_SKEW:
        return (
            f"{noun}: the busiest pod carries {skew:g} times the median pod; below {REAL_SKEW:g} there is no imbalance."
        )
    if requirement == "vm_workloads" and baseline.virtual_machines == 0:
        return f"{noun}: the inventory shows no virtual machine."
    if requirement == "fips_cryptography" and not any(_is_must(one, case) for one in ENCRYPTED):
        return f"{noun}: it says how to encrypt, and nothing that is encrypted is a must-have. Which traffic is meant?"
    return ""
