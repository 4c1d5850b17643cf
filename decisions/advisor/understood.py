"""What was typed freely and what is made of it: said beside its field, and refused nowhere."""

from decisions.advisor.case import Case, get
from decisions.advisor.clouds import AKS, GKE, provider_of_cni
from decisions.advisor.deadline import names_a_time, read_deadline
from decisions.advisor.disagreement import CURRENT, disagreements
from decisions.advisor.quantities import as_shown, counted
from decisions.advisor.scope import WHOLE, names_no_count, read_scope

DEADLINE, SCOPE = "context.deadline", ".scope"
NOT_COUNTED = (
    "This names no single day or length of time that can be read, so it is not counted as a deadline. Write a date "
    "with its year (31 March 2027, 2027-03-31, Q1 2027) or a length (5 months)."
)

UNCOUNTED = (
    "This names no number of namespaces or services, so figures and small measures are reckoned for all of them. "
    "Write a number (3 of 24 namespaces) or name them (namespaces payments and ledger)."
)
AS_THE_DECISION = (
    "This names no number of namespaces or services, so that it counts as the scope of the whole decision does. Write "
    "a number (3 of 24 namespaces) or name them (namespaces payments and ledger)."
)
ENCRYPTS = "context.cni_can_encrypt"
OF_PROVIDERS = {
    GKE: "Dataplane V2 runs here: it can, by GKE's inter-node transparent encryption, unless the cluster is on "
    "Autopilot.",
    AKS: "The Cilium of AKS runs here: it can, by Advanced Container Networking Services, which is a paid offering.",
}
"""What is known of the encryption of a provider's CNI (the roll-out sheets of cilium-wireguard have the sources)."""


def understood(case: Case, path: str) -> str | None:
    """What to say beside a field of what stands in it; empty when there is nothing, None where there never is."""
    if path == DEADLINE:
        return _deadline(case)
    if path.endswith(SCOPE):
        return _scope(case, path)
    # A field of which a file spoke has a place for it, so that typing over it is answered where one looks.
    known = OF_PROVIDERS.get(provider_of_cni(case), "") if path == ENCRYPTS else ""
    if path == CURRENT or path in case.found or path in case.provenance:
        return next((one.text for one in disagreements(case) if one.path == path), known)
    return known or None


def _deadline(case: Case) -> str:
    """Which day or length is counted with; nothing of a text that names no time ("no date")."""
    said = case.context.deadline
    deadline = read_deadline(said)
    if deadline is None:
        return NOT_COUNTED if names_a_time(said) else ""
    if deadline.day:
        day = deadline.day.isoformat()
        return f"This is counted as a deadline on {day}."
    return f"This is counted as a deadline of {counted(as_shown(deadline.months), 'month')} from the day of the answer."


def _scope(case: Case, path: str) -> str:
    """That a scope in words stands for all of the system, or for what the decision covers where that is counted."""
    if not names_no_count(get(case, path)):
        return ""
    counted_once = path != "context.scope" and read_scope(case.context.scope) != WHOLE
    return AS_THE_DECISION if counted_once else UNCOUNTED
