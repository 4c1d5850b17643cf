"""What each operation of the interface needs: the scope of the token and the role of its account, as a table."""

from decisions.models import Role
from decisions.models.people import AUTHORS
from decisions.tokens import Scope

HERE = "in the team of the decision"
WHOLE = "in the whole organisation"
ANY = tuple(Role)
APPROVE = (Role.APPROVER, Role.ADMINISTRATOR)
ADMINISTER = (Role.ADMINISTRATOR,)
OVERSEE = (Role.ADMINISTRATOR, Role.AUDITOR)
AUTHOR = tuple(AUTHORS)

ONE = "/decisions/{slug}/{draft}"
PROPOSED = "/decisions/{slug}/{proposed}"
ACCEPTED = "/decisions/{slug}/{accepted}"
FILE = object()
"""Stands for an upload."""

# Name -> method, path, body, scope, roles that are let in, where they have to be held, whether a stranger's token
# reaches something of its own there.
TABLE: dict[str, tuple[str, str, object, Scope, tuple[Role, ...], str, bool]] = {
    "decisions": ("GET", "/decisions", None, Scope.READ, ANY, HERE, True),
    "start_decision": (
        "POST",
        "/decisions",
        {"title": "x", "team": "Payments", "system": "y"},
        Scope.WRITE,
        AUTHOR,
        HERE,
        True,
    ),
    "decision": ("GET", ONE, None, Scope.READ, ANY, HERE, False),
    "answer": ("PATCH", f"{ONE}/answers", {"answers": {}}, Scope.WRITE, AUTHOR, HERE, False),
    "propose": ("POST", f"{ONE}/propose", {"agreed": False}, Scope.WRITE, AUTHOR, HERE, False),
    "withdraw": ("POST", f"{PROPOSED}/withdraw", None, Scope.WRITE, AUTHOR, HERE, False),
    "succeed": ("POST", f"{ACCEPTED}/successor", None, Scope.WRITE, AUTHOR, HERE, False),
    "delete": ("DELETE", ONE, None, Scope.WRITE, AUTHOR, HERE, False),
    "file": ("GET", f"{PROPOSED}/revisions/1/json", None, Scope.READ, ANY, HERE, False),
    "comments": ("GET", f"{PROPOSED}/revisions/1/comments", None, Scope.READ, ANY, HERE, False),
    "comment": ("POST", f"{PROPOSED}/revisions/1/comments", {"text": "Why?"}, Scope.WRITE, AUTHOR, HERE, False),
    "ask_for_changes": ("POST", f"{PROPOSED}/changes", {"text": "Measure."}, Scope.WRITE, APPROVE, HERE, False),
    "events": ("GET", f"{ONE}/events", None, Scope.READ, ANY, HERE, False),
    "judgements": ("GET", f"{ACCEPTED}/judgements", None, Scope.READ, ANY, HERE, False),
    "kin": ("GET", f"{ONE}/lineage", None, Scope.READ, ANY, HERE, False),
    "follow": ("POST", f"{ONE}/lineage", {"number": "{accepted}"}, Scope.WRITE, AUTHOR, HERE, False),
    "unfollow": ("DELETE", f"{ONE}/lineage/{{accepted}}", None, Scope.WRITE, AUTHOR, HERE, False),
    "compare": ("GET", f"{PROPOSED}/comparison?before={{accepted}}/1", None, Scope.READ, ANY, HERE, False),
    "plan": ("GET", f"{ONE}/plan", None, Scope.READ, ANY, HERE, False),
    "pack": ("GET", f"{ONE}/rollout.zip", None, Scope.READ, ANY, HERE, False),
    "checks": ("GET", f"{PROPOSED}/checks", None, Scope.READ, ANY, HERE, False),
    "check_stage": ("POST", f"{PROPOSED}/checks", FILE, Scope.MEASURE, AUTHOR, HERE, False),
    "outcome": ("GET", "/checks/{outcome}", None, Scope.READ, ANY, HERE, False),
    "addendum": ("GET", "/checks/{outcome}/json", None, Scope.READ, ANY, HERE, False),
    "calibration": ("GET", "/calibration", None, Scope.READ, ANY, HERE, True),
    "proof": ("GET", f"{PROPOSED}/revisions/1/proofs/seal.pem", None, Scope.READ, ANY, HERE, False),
    "flavoured": ("GET", f"{PROPOSED}/revisions/1/flavours/nygard", None, Scope.READ, ANY, HERE, False),
    "systems": ("GET", "/systems", None, Scope.READ, ANY, HERE, True),
    "baselines": ("GET", "/systems/{system}/baselines", None, Scope.READ, ANY, HERE, False),
    "send_baseline": ("POST", "/systems/{system}/baselines", FILE, Scope.MEASURE, AUTHOR, HERE, False),
    "sent": ("GET", "/systems/{system}/uploads/1", None, Scope.MEASURE, AUTHOR, HERE, False),
    "keep_sent": ("POST", "/systems/{system}/uploads/1/keep", None, Scope.MEASURE, AUTHOR, HERE, False),
    "call_off_sent": ("DELETE", "/systems/{system}/uploads/1", None, Scope.MEASURE, AUTHOR, HERE, False),
    "measure_draft": ("POST", f"{ONE}/measurements", FILE, Scope.MEASURE, AUTHOR, HERE, False),
    "upload": ("GET", f"{ONE}/uploads/1", None, Scope.MEASURE, AUTHOR, HERE, False),
    "keep_upload": ("POST", f"{ONE}/uploads/1/keep", None, Scope.MEASURE, AUTHOR, HERE, False),
    "call_off_upload": ("DELETE", f"{ONE}/uploads/1", None, Scope.MEASURE, AUTHOR, HERE, False),
    "advice": (
        "POST",
        "/advice",
        {"case": {"schema": "meshadvisor-case/1", "title": "x"}},
        Scope.READ,
        ANY,
        HERE,
        True,
    ),
    "due": ("GET", "/due", None, Scope.READ, ANY, HERE, True),
    "board": ("GET", "/board", None, Scope.READ, OVERSEE, WHOLE, True),
    "rounds": ("GET", "/reassessments", None, Scope.READ, OVERSEE, WHOLE, True),
    "reassess": ("POST", "/reassessments", None, Scope.ADMINISTER, ADMINISTER, WHOLE, True),
    "filters": ("GET", "/filters", None, Scope.READ, ANY, HERE, True),
    "save_filter": (
        "POST",
        "/filters",
        {"name": "a", "query": "status=accepted"},
        Scope.WRITE,
        ANY,
        HERE,
        True,
    ),
    "delete_filter": ("DELETE", "/filters/{filter}", None, Scope.WRITE, ANY, HERE, False),
    "imports": ("GET", "/imports", None, Scope.READ, ANY, HERE, True),
    "bring": ("POST", "/imports", FILE, Scope.WRITE, AUTHOR, HERE, True),
    "source": ("GET", "/imports/{imported}/source", None, Scope.READ, ANY, HERE, False),
    "settings": ("GET", "/organisation", None, Scope.READ, OVERSEE, WHOLE, True),
    "settle": ("PUT", "/organisation", {}, Scope.ADMINISTER, ADMINISTER, WHOLE, True),
    "teams": ("GET", "/teams", None, Scope.READ, ANY, HERE, True),
    "make_team": ("POST", "/teams", {"name": "New"}, Scope.ADMINISTER, ADMINISTER, WHOLE, True),
    "people": ("GET", "/people", None, Scope.READ, OVERSEE, WHOLE, True),
    "change_role": ("PATCH", "/people/{member}", {"role": "author"}, Scope.ADMINISTER, ADMINISTER, WHOLE, False),
    "end_membership": ("DELETE", "/people/{member}", None, Scope.ADMINISTER, ADMINISTER, WHOLE, False),
    "invitations": ("GET", "/invitations", None, Scope.READ, OVERSEE, WHOLE, True),
    "make_invitation": (
        "POST",
        "/invitations",
        {"email": "ben@example.org", "role": "viewer"},
        Scope.ADMINISTER,
        ADMINISTER,
        WHOLE,
        True,
    ),
    "withdraw_invitation": ("DELETE", "/invitations/{invitation}", None, Scope.ADMINISTER, ADMINISTER, WHOLE, False),
    "list_hooks": ("GET", "/hooks", None, Scope.READ, OVERSEE, WHOLE, True),
    "make_hook": (
        "POST",
        "/hooks",
        {"address": "https://chat.example.org/hooks/decisions"},
        Scope.ADMINISTER,
        ADMINISTER,
        WHOLE,
        True,
    ),
    "remove_hook": ("DELETE", "/hooks/{hook}", None, Scope.ADMINISTER, ADMINISTER, WHOLE, False),
    "list_groups": ("GET", "/groups", None, Scope.READ, OVERSEE, WHOLE, True),
    "make_group": (
        "POST",
        "/groups",
        {"group": "platform", "role": "author"},
        Scope.ADMINISTER,
        ADMINISTER,
        WHOLE,
        True,
    ),
    "remove_group": ("DELETE", "/groups/{group}", None, Scope.ADMINISTER, ADMINISTER, WHOLE, False),
    "tokens": ("GET", "/tokens", None, Scope.READ, OVERSEE, WHOLE, True),
    "revoke_token": ("DELETE", "/tokens/{token}", None, Scope.ADMINISTER, ADMINISTER, WHOLE, False),
    "connections": ("GET", f"{ONE}/connections", None, Scope.MEASURE, AUTHOR, HERE, False),
    "add_connection": (
        "POST",
        f"{ONE}/connections",
        {"address": "ftp://metrics.example.org"},
        Scope.MEASURE,
        AUTHOR,
        HERE,
        False,
    ),
    "check_connection": ("POST", f"{ONE}/connections/{{connection}}/test", None, Scope.MEASURE, AUTHOR, HERE, False),
    "remove_connection": ("DELETE", f"{ONE}/connections/{{connection}}", None, Scope.MEASURE, AUTHOR, HERE, False),
    "ask": ("POST", f"{ONE}/connections/{{connection}}/runs", {"source": "x"}, Scope.MEASURE, AUTHOR, HERE, False),
    "run": ("GET", f"{ONE}/runs/{{run}}", None, Scope.MEASURE, AUTHOR, HERE, False),
    "call_off_run": ("DELETE", f"{ONE}/runs/{{run}}", None, Scope.MEASURE, AUTHOR, HERE, False),
    "keep_run": ("POST", f"{ONE}/runs/{{run}}/keep", {"use": []}, Scope.MEASURE, AUTHOR, HERE, False),
}
