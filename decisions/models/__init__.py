"""What we remember. Every read goes through `Model.objects.of(user)`: a stranger finds nothing."""

from decisions.models.baselines import Baseline, Measurement, System
from decisions.models.decision import ConflictError, Decision, DecisionQuerySet, KeptError, Status
from decisions.models.event import Event
from decisions.models.log import LogCheckpoint, LogEntry, LogHead, LogNode
from decisions.models.people import Membership, Organisation, Role, Team, User
from decisions.models.record import Edition, Meaning, Record, Rendering, Signature

__all__ = [
    "Baseline",
    "ConflictError",
    "Decision",
    "DecisionQuerySet",
    "Edition",
    "Event",
    "KeptError",
    "LogCheckpoint",
    "LogEntry",
    "LogHead",
    "LogNode",
    "Meaning",
    "Measurement",
    "Membership",
    "Organisation",
    "Record",
    "Rendering",
    "Role",
    "Signature",
    "Status",
    "System",
    "Team",
    "User",
]
