"""What surrounds the requirements: deadline, scope, threats, and what a smaller fix would meet."""

from dataclasses import dataclass

from decisions.advisor.questions.asking import Kind, Prefill, also, ask
from decisions.advisor.questions.conditions import must_by_rule, said, wanted

YES_NO = (("yes", "Yes"), ("no", "No"))

THREATS = (
    ("network", "Someone on the network between nodes"),
    ("compromised_pod", "A hacked pod"),
    ("compromised_node", "A hacked node"),
    ("provider_staff", "The cloud or hosting provider's staff"),
    ("own_mistakes", "Mistakes by our own teams"),
)

ASSESSOR = (("yes", "Yes"), ("no", "No, it does not ask for this"), ("not_asked", "Not asked, or no answer yet"))

CLOUD = (("yes", "Yes, and we may use it as evidence"), ("no", "No"), ("not_applicable", "Not in a cloud"))


@dataclass(frozen=True, kw_only=True)
class Context:
    """Answers about the surroundings; None where nothing was said."""

    deadline: str | None = ask(
        "requirements",
        "When must it be in place?",
        Kind.TEXT,
        help='A date, a span such as "5 months", or "no date"',
        why="A short deadline favours what needs no change to applications. One team with five months and fifty "
        "services could not put TLS into each of them, and that settled its choice.",
        moves="Short deadlines count against fixes in code and against changing the CNI",
        label="Deadline",
        placeholder="5 months",
    )
    scope: str | None = ask(
        "requirements",
        "Which namespaces do the must-haves cover?",
        Kind.LONG_TEXT,
        help="Name them, or say whole cluster; a must-have can narrow this in its own row",
        why="A must-have of one namespace is no must-have of the cluster. Meshes can be switched on namespace by "
        "namespace; encryption in the CNI is a setting of the whole cluster.",
        moves="Narrow scopes help ambient and sidecar meshes and TLS in a few services",
        seconds=30,
        label="Namespaces",
        prefill=Prefill.INVENTORY,
        placeholder="payments, ledger",
    )
    threats: tuple[str, ...] | None = ask(
        "requirements",
        "Who are you protecting against?",
        Kind.CHOICES,
        help="Choose all that you would defend in front of the approver",
        why="Each answer asks for something different. A tap on the network is met by encryption between nodes. A "
        "hacked pod has a valid address, so it takes identity and segmentation. A hacked node holds the keys of "
        "everything that runs on it, and an encryption key per node does not help. If the provider is the threat, its "
        "own encryption does not count.",
        moves="Encryption or identity, provider encryption, and one proxy a node or one a pod",
        seconds=25,
        choices=THREATS,
    )
    assessor_confirmed: str | None = ask(
        "requirements",
        "Has your assessor confirmed this reading in writing?",
        Kind.CHOICE,
        help="The reading that makes the rule a must-have here. Of a contract the other party is the assessor",
        why="Rules are often narrower than the meeting remembers. PCI DSS 4.2.1, for example, speaks of open, public "
        "networks, which the network between your nodes may not be. A written reading saves building for the wrong "
        "one.",
        moves="Confidence in every must-have that rests on a rule",
        seconds=30,
        when=must_by_rule,
        choices=ASSESSOR,
        prefill=Prefill.PRIOR,
    )
    assessor_note: str | None = also(
        Kind.LONG_TEXT,
        "Who confirmed it, when, and where it is filed",
        when=said("context.assessor_confirmed", "yes", "no"),
    )
    current: str | None = ask(
        "measure",
        "What handles traffic between services today?",
        Kind.LONG_TEXT,
        help="A mesh in place, libraries in the services, policies, an ingress: whatever is there",
        why="Replacing something that runs is a migration with two systems side by side. And what is there may "
        "already meet a must-have that would otherwise be bought again.",
        moves="The plan, and the burden of changing over",
        seconds=15,
        label="Today",
        placeholder="NetworkPolicy in all namespaces, retries in a Go library",
    )
    languages: int | None = ask(
        "simplest",
        "How much code would a fix in the services touch?",
        Kind.INTEGER,
        help="Languages or frameworks to change, and the teams that own them",
        why="A fix in a library dies on the number of teams, not on its code. Up to about three languages and eight "
        "teams it is usually the smaller job; both figures are planning values of ours, not measurements.",
        moves="No mesh with fixes in code: helped by few languages and teams, hurt by many",
        label="Languages or frameworks",
        unit="languages",
        prefill=Prefill.INVENTORY,
        maximum=1000,
    )
    application_teams: int | None = also(
        Kind.INTEGER,
        "Teams that own the services",
        unit="teams",
        needed=True,
        prefill=Prefill.INVENTORY,
        maximum=100_000,
    )
    fix_days_per_service: float | None = ask(
        "simplest",
        "How many days would the smallest fix take for each service?",
        Kind.NUMBER,
        help="Include the review and the release, not only the change",
        why="One-off days in the services are set against the hours a month that a mesh asks for over three years. "
        "Without this figure we use a planning range, and say so.",
        moves="No mesh with fixes in code",
        label="Effort",
        unit="days a service",
        maximum=1000,
    )
    cloud_encryption_accepted: str | None = ask(
        "simplest",
        "Does your cloud provider already encrypt between instances, and may you use that as evidence?",
        Kind.CHOICE,
        help="Several providers do so for certain instance types or for all traffic inside their network",
        why="It may meet the rule with nothing for you to run. It does not protect against the provider itself, and "
        "your assessor has to accept a control that somebody else operates.",
        moves="No mesh: meets encryption between nodes when accepted",
        seconds=15,
        when=wanted("encryption_between_nodes"),
        choices=CLOUD,
        prefill=Prefill.INVENTORY,
    )
    cloud_encryption_note: str | None = also(
        Kind.LONG_TEXT,
        "Instance types, and who accepts it as evidence",
        when=said("context.cloud_encryption_accepted", "yes", "no"),
    )
    cni_can_encrypt: str | None = ask(
        "simplest",
        "Can the CNI you run today switch encryption on?",
        Kind.CHOICE,
        help="Cilium (GKE's Dataplane V2 is one), Calico, Antrea and Flannel can, each under conditions of its own",
        why="With yes it is a setting and a roll-out of node agents. With no it is a change of CNI, which touches "
        "every node and is slow to undo.",
        moves="CNI-level encryption and eBPF mesh",
        seconds=5,
        when=wanted("encryption_between_nodes"),
        choices=YES_NO,
        prefill=Prefill.INVENTORY,
    )
    cni_note: str | None = also(
        Kind.LONG_TEXT, "What stands in the way, or which mode", when=said("context.cni_can_encrypt", "yes", "no")
    )
