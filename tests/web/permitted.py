"""Who may open each address of the site, and who may send a form to it: what the product promises, as a table."""

ROLES = ("nobody", "outsider", "viewer", "author", "approver", "team administrator", "auditor", "administrator")
READERS = ("nobody", "outsider", "viewer", "auditor")
"""Who changes nothing of an organisation, whatever they send where. The outsider administers another one."""

# What a request ends in. "in" is every answer of a view that let the person in: a page, the way to another one, or
# what is wrong with an empty form.
SIGN_IN, NOT_FOUND, FORBIDDEN, IN, METHOD, TOKEN = "sign in", "not found", "forbidden", "in", "method", "token"

# Who is let in, and what the others are told. A stranger is told the same as about what does not exist.
LEVELS = {
    "public": dict.fromkeys(ROLES, IN),
    "nowhere": dict.fromkeys(ROLES, NOT_FOUND),
    "token": dict.fromkeys(ROLES, TOKEN),
    "only read": dict.fromkeys(ROLES, METHOD),
    "person": dict.fromkeys(ROLES, IN) | {"nobody": SIGN_IN},
    "method": dict.fromkeys(ROLES, METHOD) | {"nobody": SIGN_IN},
    "own": dict.fromkeys(ROLES, NOT_FOUND) | {"nobody": SIGN_IN, "author": IN},
    "refused": dict.fromkeys(ROLES, TOKEN) | {"nobody": SIGN_IN},
    "not set up": dict.fromkeys(ROLES, NOT_FOUND) | {"nobody": SIGN_IN},
    "member": dict.fromkeys(ROLES, IN) | {"nobody": SIGN_IN, "outsider": NOT_FOUND},
}
LEVELS["author"] = LEVELS["member"] | {"viewer": FORBIDDEN, "auditor": FORBIDDEN}
LEVELS["approver"] = LEVELS["author"] | {"author": FORBIDDEN}
LEVELS["manager"] = LEVELS["approver"] | {"approver": FORBIDDEN}
LEVELS["people"] = LEVELS["manager"] | {"auditor": IN}
LEVELS["overseer"] = LEVELS["people"] | {"team administrator": FORBIDDEN}
LEVELS["administrator"] = LEVELS["overseer"] | {"auditor": FORBIDDEN}
# These two are about no one organisation: the outsider is let in to what is their own.
LEVELS["writer"] = LEVELS["author"] | {"outsider": IN}
LEVELS["board"] = LEVELS["people"] | {"outsider": IN}
LEVELS["board manager"] = LEVELS["administrator"] | {"outsider": IN}

# Name of the address -> who may open it, who may send an empty form to it.
TABLE: dict[str, tuple[str, str]] = {
    # Signing in, and one's own account. What is behind a recent confirmation leads to that first.
    "account_login": ("public", "public"),
    "login": ("public", "public"),
    "account_inactive": ("public", "only read"),
    "account_signup": ("public", "public"),
    "mfa_authenticate": ("public", "public"),
    "mfa_login_webauthn": ("public", "public"),
    "socialaccount_login_cancelled": ("public", "only read"),
    "socialaccount_login_error": ("refused", "method"),  # it says so with a 401
    "socialaccount_signup": ("public", "public"),
    "openid_connect_login": ("nowhere", "nowhere"),  # no provider is set up
    "openid_connect_callback": ("nowhere", "nowhere"),
    "account_logout": ("public", "public"),
    "logout": ("public", "public"),
    "sign-out-everywhere": ("method", "person"),
    "account": ("person", "person"),
    "password": ("person", "person"),
    "signing_keys": ("person", "person"),
    "key_options": ("method", "person"),
    "retire": ("method", "own"),
    "allowed_signers": ("member", "method"),
    "account_reauthenticate": ("person", "person"),
    "mfa_reauthenticate": ("person", "person"),
    "mfa_reauthenticate_webauthn": ("person", "person"),
    "usersessions_list": ("person", "person"),
    "sessions": ("person", "person"),
    "mfa_index": ("person", "method"),
    "mfa_activate_totp": ("person", "person"),
    "mfa_deactivate_totp": ("not set up", "not set up"),
    "mfa_view_recovery_codes": ("not set up", "method"),
    "mfa_generate_recovery_codes": ("person", "person"),
    "mfa_download_recovery_codes": ("not set up", "not set up"),
    "mfa_list_webauthn": ("person", "method"),
    "mfa_add_webauthn": ("person", "person"),
    "mfa_edit_webauthn": ("person", "person"),
    "mfa_remove_webauthn": ("person", "person"),
    # An organisation.
    "waiting": ("person", "method"),
    "invitation": ("public", "public"),  # whoever holds the link
    "organisation": ("overseer", "administrator"),
    "people": ("people", "method"),
    "member": ("method", "manager"),
    "invitations": ("method", "manager"),
    "withdraw-invitation": ("method", "manager"),
    "teams": ("method", "administrator"),
    "groups": ("method", "administrator"),
    "remove-group": ("method", "administrator"),
    "services": ("overseer", "administrator"),
    "tokens": ("method", "administrator"),
    "revoke-token": ("method", "administrator"),
    "hooks": ("overseer", "administrator"),
    "hook": ("method", "administrator"),
    # A draft.
    "home": ("person", "person"),
    "new": ("writer", "writer"),
    "tasks": ("member", "member"),
    "step": ("author", "author"),
    "flips": ("author", "author"),
    "baseline": ("author", "author"),
    "prometheus": ("author", "author"),
    "sign": ("author", "author"),
    "preview": ("member", "member"),
    "lineage": ("author", "author"),
    "delete": ("author", "author"),
    # What is measured.
    "plan": ("member", "author"),
    "pack": ("member", "method"),
    "pilot": ("member", "author"),
    "calibration": ("person", "method"),
    "outcome": ("member", "method"),
    "addendum": ("member", "method"),
    "measured": ("member", "method"),
    "beside": ("member", "method"),
    # Past decisions.
    "decisions": ("person", "person"),
    "board": ("board", "method"),
    "reassess": ("method", "board manager"),
    "system": ("member", "method"),
    "feeds": ("person", "person"),
    "calendar": ("public", "only read"),  # whoever holds the secret
    "atom": ("public", "only read"),
    "export": ("person", "method"),
    "save_filter": ("method", "person"),
    "delete_filter": ("method", "own"),
    "decision": ("member", "method"),
    "revision": ("member", "method"),
    "comment": ("author", "author"),
    "files": ("member", "method"),
    "seal": ("method", "author"),
    "dsse": ("member", "method"),
    "instance_ssh": ("member", "method"),
    "instance_signers": ("member", "method"),
    "seal_certificate": ("member", "method"),
    "download": ("member", "method"),
    "compare": ("member", "member"),
    "approve": ("approver", "approver"),
    "approve_passkey": ("method", "approver"),
    "changes": ("approver", "approver"),
    "reject": ("approver", "approver"),
    "withdraw": ("author", "author"),
    "deprecate": ("approver", "approver"),
    "supersede": ("author", "author"),
    # Records from elsewhere.
    "imports": ("person", "method"),
    "bring": ("writer", "writer"),
    "found": ("own", "own"),
    "imported": ("member", "method"),
    "source_file": ("member", "method"),
    # What anybody may look at.
    "verify": ("public", "public"),
    "certificate": ("public", "only read"),
    "trust_bundle": ("public", "only read"),
    "log": ("public", "public"),
    "log_key": ("public", "only read"),
    "checkpoint": ("public", "only read"),
    "checkpoint_at": ("public", "only read"),
    "consistency": ("public", "only read"),
    "inclusion": ("public", "only read"),
    "method": ("public", "public"),
    "sheet": ("public", "public"),
    "styleguide": ("public", "only read"),
    # Programs: being signed in as a person opens nothing here.
    "api:openapi-json": ("public", "public"),
    "api:decisions": ("token", "token"),
    "api:start_decision": ("token", "token"),
    "api:decision": ("token", "only read"),
    "api:delete": ("token", "only read"),
    "api:answer": ("only read", "only read"),
    "api:propose": ("only read", "token"),
    "api:withdraw": ("only read", "token"),
    "api:succeed": ("only read", "token"),
    "api:file": ("token", "only read"),
    "api:systems": ("token", "only read"),
    "api:baselines": ("token", "token"),
    "api:send_baseline": ("token", "token"),
    "api:measure_draft": ("only read", "token"),
    "api:advice": ("only read", "token"),
    "api:api-root": ("nowhere", "nowhere"),
    "nothing_here": ("nowhere", "nowhere"),
}
