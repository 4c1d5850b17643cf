"""What we remember. Every read goes through `Model.objects.of(user)`: a stranger finds nothing."""

from decisions.models.admission import GroupRule, Invitation, ServiceToken
from decisions.models.answers import KeptAnswer
from decisions.models.baselines import Baseline, Measurement, System
from decisions.models.decision import ConflictError, Decision, DecisionQuerySet, KeptError, Status
from decisions.models.event import Event
from decisions.models.imported import ImportDraft, ImportedRecord
from decisions.models.lists import FeedAddress, SavedFilter
from decisions.models.log import LogCheckpoint, LogEntry, LogHead, LogNode
from decisions.models.need import Need
from decisions.models.outcome import Outcome
from decisions.models.people import Membership, Organisation, Role, Team, User
from decisions.models.prometheus import Collection, Connection, Progress
from decisions.models.reassessment import Outlook, Reassessment, ReassessmentRound
from decisions.models.record import Edition, Meaning, Record, Rendering, Signature
from decisions.models.review import Comment, Delivery, Mailing, WebHook
from decisions.models.signing import Sealing, SealState, SigningKey
from decisions.models.succession import Succession
from decisions.models.uploads import Upload

__all__ = [
    "Baseline",
    "Collection",
    "Comment",
    "ConflictError",
    "Connection",
    "Decision",
    "DecisionQuerySet",
    "Delivery",
    "Edition",
    "Event",
    "FeedAddress",
    "GroupRule",
    "ImportDraft",
    "ImportedRecord",
    "Invitation",
    "KeptAnswer",
    "KeptError",
    "LogCheckpoint",
    "LogEntry",
    "LogHead",
    "LogNode",
    "Mailing",
    "Meaning",
    "Measurement",
    "Membership",
    "Need",
    "Organisation",
    "Outcome",
    "Outlook",
    "Progress",
    "Reassessment",
    "ReassessmentRound",
    "Record",
    "Rendering",
    "Role",
    "SavedFilter",
    "SealState",
    "Sealing",
    "ServiceToken",
    "Signature",
    "SigningKey",
    "Status",
    "Succession",
    "System",
    "Team",
    "Upload",
    "User",
    "WebHook",
]
