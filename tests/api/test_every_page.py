"""The pages beside the interface: each address of the site has its operations, or a reason why not."""

from decisions.urls import urlpatterns
from tests.api.permitted import TABLE

SELF = "somebody's own account, sign-in and second factor: a program has a token instead"
PERSON = "a decision or a signature that a person has to stand for"
LOOKS = "how things look, for people"
PUBLIC = "open to everybody without an account, as files and text that programs can fetch"
BEGET = "a token must not beget the next one"


PAGES: dict[str, str | tuple[str, ...]] = {
    **dict.fromkeys(("sign-out-everywhere", "account", "password", "forgotten", "owed", "language", "demo"), SELF),
    **dict.fromkeys(("login", "logout", "signing_keys", "key_options", "retire", "sessions", "invitation"), SELF),
    **dict.fromkeys(("feeds", "calendar", "atom"), SELF),
    "allowed_signers": PUBLIC,
    "waiting": ("decisions",),
    "home": ("decisions",),
    "organisation": ("settings", "settle"),
    "people": ("people",),
    "member": ("change_role", "end_membership"),
    "invitations": ("invitations", "make_invitation"),
    "withdraw-invitation": ("withdraw_invitation",),
    "teams": ("teams", "make_team"),
    "groups": ("list_groups", "make_group"),
    "remove-group": ("remove_group",),
    "services": BEGET,
    "tokens": ("tokens",),
    "revoke-token": ("revoke_token",),
    "hooks": ("list_hooks", "make_hook"),
    "hook": ("remove_hook",),
    "new": ("start_decision",),
    "tasks": ("decision",),
    "step": ("decision", "answer"),
    "ahead": ("advice",),
    "flips": ("advice",),
    "baseline": ("measure_draft", "upload", "keep_upload", "call_off_upload"),
    "prometheus": (
        *("connections", "add_connection", "check_connection", "remove_connection"),
        *("ask", "run", "call_off_run", "keep_run"),
    ),
    "sign": ("propose",),
    "preview": ("advice",),
    "options": ("advice",),
    "plan": ("plan", "answer"),
    "pack": ("pack",),
    "pilot": ("checks", "check_stage"),  # a person keeps a check, under a statement
    "calibration": ("calibration",),
    "outcome": ("outcome",),
    "addendum": ("addendum",),
    "measured": ("baselines", "send_baseline", "sent", "keep_sent", "call_off_sent"),
    "beside": LOOKS,
    "decisions": ("decisions",),
    "board": ("board", "rounds"),
    "reassess": ("reassess",),
    "judge_again": ("reassess",),
    "system": ("systems", "events"),
    "export": ("decisions",),
    "save_filter": ("filters", "save_filter"),
    "delete_filter": ("delete_filter",),
    "decision": ("decision", "judgements"),
    "revision": ("file",),
    "comment": ("comments", "comment"),
    "files": ("file",),
    "seal": "asks for pages that were never made; they are made by themselves",
    **dict.fromkeys(("dsse", "instance_ssh", "instance_signers", "seal_certificate"), ("proof",)),
    "flavoured": ("flavoured",),
    "download": ("file",),
    "compare": ("compare",),
    "lineage": ("kin", "follow", "unfollow"),
    **dict.fromkeys(("approve", "approve_passkey", "reject", "deprecate"), PERSON),
    "changes": ("ask_for_changes",),
    "withdraw": ("withdraw",),
    "supersede": ("succeed",),
    "delete": ("delete",),
    "imports": ("imports",),
    "bring": ("bring",),
    "found": LOOKS,
    "imported": ("imports",),
    "source_file": ("source",),
    **dict.fromkeys(("verify", "certificate", "trust_bundle", "log", "log_key", "checkpoint", "checkpoint_at"), PUBLIC),
    **dict.fromkeys(("consistency", "inclusion", "method", "sheet"), PUBLIC),
    "styleguide": LOOKS,
}
BY_ALLAUTH = ("account_", "mfa_", "socialaccount_", "openid_connect_", "usersessions_")
WITHOUT_A_PAGE = {"due"}
"""Operations that no page of ours has in this form: the command and the feeds do."""


def test_every_page_has_its_operations_or_a_reason_why_not() -> None:
    names = {str(one.name) for one in urlpatterns if not str(one.name).startswith(BY_ALLAUTH)}
    assert names == set(PAGES)


def test_every_operation_is_that_of_a_page() -> None:
    named = {operation for said in PAGES.values() if isinstance(said, tuple) for operation in said}
    assert named | WITHOUT_A_PAGE == set(TABLE)
