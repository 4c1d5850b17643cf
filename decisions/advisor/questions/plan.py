"""In what order: answers about the first namespace, the gates, the way back and the people."""

from dataclasses import dataclass
from datetime import date

from decisions.advisor.questions.asking import Kind, Prefill, also, ask
from decisions.advisor.questions.conditions import istio_injects, said, wanted

METRICS = (
    ("p99_ms", "p99 of the critical path (ms)"),
    ("error_ratio", "Failed requests (share, 0 to 1)"),
    ("busiest_pod_ratio", "Busiest pod / median pod (times)"),
    ("cpu_vcpu", "CPU added (vCPU)"),
    ("memory_gib", "Memory added (GiB)"),
    ("encrypted_share", "Connections that are encrypted (share, 0 to 1)"),
    ("denied_connections", "Connections denied by mistake (an hour)"),
    ("other", "Another number"),
)
PROOFS = (
    ("packet_capture", "A packet capture between two nodes shows no clear text"),
    ("encrypted_share", "The share of encrypted connections in the metrics is 1"),
    ("denied_call", "A call that must be refused is refused"),
    ("configuration_diff", "The running configuration equals the approved one"),
    ("other", "Another check"),
)
ENROLMENTS = (
    ("injection_label", "By istio-injection=enabled, the default revision"),
    ("revision_label", "By istio.io/rev, a named revision"),
    ("each_pod", "By a label of single pods"),
)
EVENTS = (
    ("new_rule", "A new rule or a new reading of one"),
    ("pods_doubled", "Twice as many pods as today"),
    ("product_end_of_life", "The chosen product or version leaves support"),
    ("second_incident", "A second incident of the same cause"),
    ("nice_becomes_must", "A nice-to-have becomes a must-have"),
)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Answers about the roll-out; None where nothing was said."""

    first_namespace: str | None = ask(
        "incremental",
        "Which namespace goes first, and what happens if it fails?",
        Kind.TEXT,
        help="Ranked by low risk when an inventory is there",
        why="Start where the worst case is bearable and still teaches something: real traffic, a patient owner, no "
        "revenue.",
        moves="Stage 2 of the plan",
        seconds=25,
        label="First namespace",
        placeholder="internal-tools",
        prefill=Prefill.INVENTORY,
    )
    first_failure: str | None = also(
        Kind.LONG_TEXT, "If it fails", placeholder="Reports are an hour late; nobody outside notices", needed=True
    )
    present_enrolment: str | None = ask(
        "incremental",
        "How do namespaces join the Istio that runs today?",
        Kind.CHOICE,
        help="kubectl get namespaces -L istio-injection,istio.io/rev shows it",
        why="The files write the label that fits, and the way back restores the one that was there. A label of the "
        "wrong revision leaves a namespace without proxies after its next restart, and nobody is told.",
        moves="The files of the roll-out and their way back",
        seconds=10,
        when=istio_injects,
        label="Label",
        choices=ENROLMENTS,
        prefill=Prefill.INVENTORY,
    )
    present_revision: str | None = also(
        Kind.TEXT,
        "Revision that runs today",
        placeholder="1-27-1",
        max_length=63,
        when=said("plan.present_enrolment", "revision_label"),
        needed=True,
    )
    stage_changes: str | None = ask(
        "incremental",
        "Would you change anything in the generated stages?",
        Kind.LONG_TEXT,
        help="The stages come from the recommendation: fix tried, installed without effect, first namespace "
        "permissive, first namespace strict, the rest one by one, default for the cluster",
        why="Each stage changes one thing, so that a fault has one cause. What you change goes into the record in "
        "your words.",
        moves="The plan in the record",
        seconds=20,
        label="Changes to the stages",
        placeholder="No change",
        prefill=Prefill.GENERATED,
    )
    measure_metric: str | None = ask(
        "incremental",
        "Which number tells you that a stage worked?",
        Kind.CHOICE,
        help="One number, its limit and for how long it has to hold",
        why="A stage without a number is never finished, and never fails either. Take one that you measured in step "
        "2, so that before and after can be compared.",
        moves="The gates of the stages; a level to reach is asked for where the stages have brought it",
        seconds=20,
        label="Figure",
        choices=METRICS,
        prefill=Prefill.METRICS,
    )
    measure_other: str | None = also(Kind.TEXT, "Which one, and its unit", when=said("plan.measure_metric", "other"))
    measure_threshold: float | None = also(Kind.NUMBER, "Limit", needed=True, prefill=Prefill.METRICS)
    measure_window: str | None = also(Kind.TEXT, "Holds for", placeholder="7 days", needed=True)
    monitoring_namespace: str | None = also(
        Kind.TEXT,
        "Namespace of Prometheus and Grafana",
        max_length=63,
        placeholder="monitoring",
        help="The gates and dashboards of the files go there",
    )
    stop_metric: str | None = ask(
        "incremental",
        "At which number do you go back, and who decides?",
        Kind.CHOICE,
        help="Decided now, in daylight, by name",
        why="In the middle of an incident nobody likes to give up a month of work. A number and a name settled "
        "beforehand take that argument off the table.",
        moves="The stop rule of every stage",
        seconds=15,
        label="Figure",
        choices=METRICS,
    )
    stop_other: str | None = also(Kind.TEXT, "Which one, and its unit", when=said("plan.stop_metric", "other"))
    stop_threshold: float | None = also(Kind.NUMBER, "Go back at", needed=True)
    stop_decides: str | None = also(Kind.TEXT, "Who decides", needed=True)
    proof_check: str | None = ask(
        "incremental",
        "Which daily check proves that the control is on?",
        Kind.CHOICE,
        help="Something that fails when the control is off, not when its configuration is missing",
        why="A control that is declared but not deployed is worse than none: everybody relies on it. An auditor wants "
        "a dated result for every day, not a setting.",
        moves="A task in the plan",
        when=wanted("audit_proof"),
        choices=PROOFS,
    )
    proof_note: str | None = also(Kind.TEXT, "How it runs, and who reads it", placeholder="CronJob, report to security")
    review_date: date | None = ask(
        "incremental",
        "When do you look at this decision again, and what would re-open it earlier?",
        Kind.DATE,
        help="Half a year is a good start",
        why="Products and numbers move: from Istio 1.1 to 1.24 the published CPU for the same request fell by two "
        "thirds. A decision without a review date is kept by habit.",
        moves="The review date in the record",
        seconds=15,
        label="Review date",
        prefill=Prefill.GENERATED,
    )
    reopen_events: tuple[str, ...] | None = also(
        Kind.CHOICES, "Events that re-open it", choices=EVENTS, prefill=Prefill.GENERATED, needed=True
    )
    owner: str | None = ask(
        "incremental",
        "Who owns, reviews and approves it?",
        Kind.TEXT,
        help="Names of people; the approver signs",
        why="The owner answers for the assumptions that are still open, the reviewer has checked the reasoning, the "
        "approver carries the risk. Three roles, best held by three people.",
        moves="The cover of the record and the owners of its assumptions",
        label="Owner",
        prefill=Prefill.PRIOR,
    )
    reviewer: str | None = also(Kind.TEXT, "Reviewer", needed=True, prefill=Prefill.PRIOR)
    approver: str | None = also(Kind.TEXT, "Approver", needed=True, prefill=Prefill.PRIOR)
