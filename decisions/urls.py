"""The map of the site. View, address and template of a page share one name."""

from allauth.account import views as local
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.socialaccount import views as provider
from allauth.socialaccount.providers.openid_connect import views as oidc
from allauth.usersessions import views as sessions
from django.urls import URLPattern, path, register_converter

from decisions.views import (
    account,
    approve,
    baseline,
    beside,
    board,
    calibration,
    compare,
    decision,
    demo,
    detached,
    exports,
    feeds,
    flavoured,
    home,
    hooks,
    imported,
    invitation,
    language,
    lineage,
    listing,
    log,
    measured,
    method,
    options,
    organisation,
    people,
    pilot,
    plan,
    prometheus,
    remarks,
    review,
    saved,
    services,
    sign,
    signing_keys,
    styleguide,
    timeline,
    verify,
    waiting,
    wizard,
)


class NumberConverter:
    """The number of a decision, DR-0042."""

    regex = r"DR-\d{4,}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


class PersonConverter(NumberConverter):
    """The key of a person as django-allauth writes it in the link to a new password."""

    regex = "[0-9A-Za-z]+"


register_converter(NumberConverter, "number")
register_converter(PersonConverter, "uid")

ONE = "<slug:organisation>/<number:number>/"

# django-allauth finds its pages by names of its own. Of two names for one page, ours comes last.
account_urls = [
    path("sign-in/", local.login, name="account_login"),
    path("sign-in/", local.login, name="login"),
    path("sign-in/closed/", local.account_inactive, name="account_inactive"),
    path("sign-in/by-invitation/", local.signup, name="account_signup"),
    path("sign-in/second-factor/", second.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey/", keys.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/cancelled/", provider.login_cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/failed/", provider.login_error, name="socialaccount_login_error"),
    path("sign-in/refused/", provider.signup, name="socialaccount_signup"),
    path("sign-in/with/<slug:provider_id>/", oidc.login, name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/answer/", oidc.callback, name="openid_connect_callback"),
    path("sign-out/", local.logout, name="account_logout"),
    path("sign-out/", local.logout, name="logout"),
    path("sign-out/everywhere/", account.sign_out_everywhere, name="sign-out-everywhere"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("sign-in/forgotten/", account.forgotten, name="account_reset_password"),
    path("sign-in/forgotten/", account.forgotten, name="forgotten"),
    path("sign-in/forgotten/sent/", account.sent, name="account_reset_password_done"),
    path(
        "sign-in/forgotten/<uid:uidb36>-<str:key>/",
        local.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("sign-in/forgotten/done/", local.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("account/second-factor-first/", account.owed, name="owed"),
    path("account/signing-keys/", signing_keys.signing_keys, name="signing_keys"),
    path("account/signing-keys/passkey/", signing_keys.key_options, name="key_options"),
    path("account/signing-keys/<int:key>/retire/", signing_keys.retire, name="retire"),
    path("account/allowed-signers/<slug:organisation>/", signing_keys.allowed_signers, name="allowed_signers"),
    path("account/confirm/", local.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/code/", second.reauthenticate, name="mfa_reauthenticate"),
    path("account/confirm/key/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/sessions/", sessions.list_usersessions, name="usersessions_list"),
    path("account/sessions/", sessions.list_usersessions, name="sessions"),
    path("account/second-factor/", second.index, name="mfa_index"),
    path("account/second-factor/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-factor/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/second-factor/recovery/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/second-factor/recovery/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/second-factor/recovery/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("account/second-factor/keys/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("account/second-factor/keys/add/", keys.add_webauthn, name="mfa_add_webauthn"),
    path("account/second-factor/keys/<int:pk>/", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/second-factor/keys/<int:pk>/remove/", keys.remove_webauthn, name="mfa_remove_webauthn"),
]

ORGANISATION = "organisation/<slug:organisation>/"

organisation_urls = [
    path("waiting/", waiting.waiting, name="waiting"),
    path("invitation/<str:token>/", invitation.invitation, name="invitation"),
    path(f"{ORGANISATION}settings/", organisation.organisation, name="organisation"),
    path(f"{ORGANISATION}people/", people.people, name="people"),
    path(f"{ORGANISATION}people/<int:pk>/", people.member, name="member"),
    path(f"{ORGANISATION}invitations/", people.invitations, name="invitations"),
    path(f"{ORGANISATION}invitations/<int:pk>/", people.withdraw_invitation, name="withdraw-invitation"),
    path(f"{ORGANISATION}teams/", people.teams, name="teams"),
    path(f"{ORGANISATION}groups/", people.groups, name="groups"),
    path(f"{ORGANISATION}groups/<int:pk>/", people.remove_group, name="remove-group"),
    path(f"{ORGANISATION}services/", services.services, name="services"),
    path(f"{ORGANISATION}services/<int:pk>/", services.tokens, name="tokens"),
    path(f"{ORGANISATION}tokens/<int:pk>/", services.revoke_token, name="revoke-token"),
    path(f"{ORGANISATION}hooks/", hooks.hooks, name="hooks"),
    path(f"{ORGANISATION}hooks/<int:pk>/", hooks.hook, name="hook"),
]

wizard_urls = [
    path("new/", home.new, name="new"),
    path(f"{ONE}tasks/", wizard.tasks, name="tasks"),
    path(f"{ONE}step/<int:place>/", wizard.step, name="step"),
    path(f"{ONE}step/<int:place>/ahead/", wizard.ahead, name="ahead"),
    path(f"{ONE}flips/", wizard.flips, name="flips"),
    path(f"{ONE}baseline/", baseline.baseline, name="baseline"),
    path(f"{ONE}prometheus/", prometheus.prometheus, name="prometheus"),
    path(f"{ONE}sign/", sign.sign, name="sign"),
    path(f"{ONE}preview/", sign.preview, name="preview"),
]

measured_urls = [
    path(f"{ONE}plan/", plan.plan, name="plan"),
    path(f"{ONE}plan/pack.zip", plan.pack, name="pack"),
    path(f"{ONE}pilot/", pilot.pilot, name="pilot"),
    path("calibration/", calibration.calibration, name="calibration"),
    path("checks/<int:key>/", pilot.outcome, name="outcome"),
    path("checks/<int:key>/<slug:kind>/", pilot.addendum, name="addendum"),
    path("baselines/<int:key>/", measured.measured, name="measured"),
    path("baselines/<int:key>/beside/", beside.beside, name="beside"),
]

review_urls = [
    path("decisions/", listing.decisions, name="decisions"),
    path("board/", board.board, name="board"),
    path("board/reassess/", board.reassess, name="reassess"),
    path("systems/<int:pk>/", timeline.system, name="system"),
    path("account/feeds/", feeds.feeds, name="feeds"),
    path("feeds/<str:secret>/reviews.ics", feeds.calendar, name="calendar"),
    path("feeds/<str:secret>/reviews.atom", feeds.atom, name="atom"),
    path("decisions/export/<slug:kind>/", exports.export, name="export"),
    path("decisions/filters/", saved.save_filter, name="save_filter"),
    path("decisions/filters/<int:pk>/delete/", saved.delete_filter, name="delete_filter"),
    path(ONE, decision.decision, name="decision"),
    path(f"{ONE}revision/<int:revision>/", decision.revision, name="revision"),
    path(f"{ONE}revision/<int:revision>/comment/", remarks.comment, name="comment"),
    path(f"{ONE}revision/<int:revision>/files/", decision.files, name="files"),
    path(f"{ONE}revision/<int:revision>/seal/", decision.seal, name="seal"),
    path(f"{ONE}revision/<int:revision>/dsse.json", detached.dsse, name="dsse"),
    path(f"{ONE}revision/<int:revision>/record.json.sig", detached.ssh, name="instance_ssh"),
    path(f"{ONE}revision/<int:revision>/allowed_signers", detached.signers, name="instance_signers"),
    path(f"{ONE}revision/<int:revision>/seal.pem", detached.certificate, name="seal_certificate"),
    path(f"{ONE}revision/<int:revision>/as/<slug:flavour>/", flavoured.flavoured, name="flavoured"),
    path(f"{ONE}revision/<int:revision>/<slug:kind>/", decision.download, name="download"),
    path(f"{ONE}options/", options.options, name="options"),
    path(f"{ONE}compare/", compare.compare, name="compare"),
    path(f"{ONE}lineage/", lineage.lineage, name="lineage"),
    path(f"{ONE}approve/", approve.approve, name="approve"),
    path(f"{ONE}approve/passkey/", approve.approve_passkey, name="approve_passkey"),
    path(f"{ONE}changes/", remarks.changes, name="changes"),
    path(f"{ONE}reject/", review.reject, name="reject"),
    path(f"{ONE}withdraw/", review.withdraw, name="withdraw"),
    path(f"{ONE}deprecate/", review.deprecate, name="deprecate"),
    path(f"{ONE}supersede/", review.supersede, name="supersede"),
    path(f"{ONE}judge-again/", review.judge_again, name="judge_again"),
    path(f"{ONE}delete/", review.delete, name="delete"),
]

imported_urls = [
    path("imported/", imported.imports, name="imports"),
    path("imported/new/", imported.bring, name="bring"),
    path("imported/new/<int:pk>/", imported.found, name="found"),
    path("imported/<int:pk>/", imported.imported, name="imported"),
    path("imported/<int:pk>/source/", imported.source, name="source_file"),
]

public_urls = [
    path("verify/", verify.verify, name="verify"),
    path("verify/certificate.pem", verify.certificate, name="certificate"),
    path("verify/trust.json", verify.trust_bundle, name="trust_bundle"),
    path("log/", log.log, name="log"),
    path("log/key.txt", log.key, name="log_key"),
    path("log/checkpoint", log.checkpoint, name="checkpoint"),
    path("log/checkpoint/<int:size>", log.checkpoint, name="checkpoint_at"),
    path("log/consistency/<int:old>/<int:new>/", log.consistency, name="consistency"),
    path("log/inclusion/<slug:digest>/", log.inclusion, name="inclusion"),
    path("language/", language.language, name="language"),
    path("demo/", demo.demo, name="demo"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("method/", method.method, name="method"),
    path("method/<slug:sheet>/", method.sheet, name="sheet"),
]

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    *account_urls,
    *organisation_urls,
    *wizard_urls,
    *measured_urls,
    *review_urls,
    *imported_urls,
    *public_urls,
]
