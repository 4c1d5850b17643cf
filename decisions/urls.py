"""The map of the site. View, address and template of a page share one name."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, path, register_converter

from decisions.views import (
    account,
    baseline,
    beside,
    compare,
    decision,
    home,
    listing,
    measured,
    method,
    review,
    sign,
    verify,
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


register_converter(NumberConverter, "number")

ONE = "<slug:organisation>/<number:number>/"

account_urls = [
    path(
        "sign-in/",
        LoginView.as_view(template_name="account/login.html", redirect_authenticated_user=True),
        name="login",
    ),
    path("sign-out/", LogoutView.as_view(), name="logout"),
    path("account/password/", account.password, name="password"),
]

wizard_urls = [
    path("new/", home.new, name="new"),
    path(f"{ONE}tasks/", wizard.tasks, name="tasks"),
    path(f"{ONE}step/<int:place>/", wizard.step, name="step"),
    path(f"{ONE}baseline/", baseline.baseline, name="baseline"),
    path(f"{ONE}sign/", sign.sign, name="sign"),
    path(f"{ONE}preview/", sign.preview, name="preview"),
]

measured_urls = [
    path("baselines/<int:key>/", measured.measured, name="measured"),
    path("baselines/<int:key>/beside/", beside.beside, name="beside"),
]

review_urls = [
    path("decisions/", listing.decisions, name="decisions"),
    path(ONE, decision.decision, name="decision"),
    path(f"{ONE}revision/<int:revision>/", decision.revision, name="revision"),
    path(f"{ONE}revision/<int:revision>/<slug:kind>/", decision.download, name="download"),
    path(f"{ONE}compare/", compare.compare, name="compare"),
    path(f"{ONE}approve/", review.approve, name="approve"),
    path(f"{ONE}reject/", review.reject, name="reject"),
    path(f"{ONE}withdraw/", review.withdraw, name="withdraw"),
    path(f"{ONE}deprecate/", review.deprecate, name="deprecate"),
    path(f"{ONE}supersede/", review.supersede, name="supersede"),
    path(f"{ONE}delete/", review.delete, name="delete"),
]

public_urls = [
    path("verify/", verify.verify, name="verify"),
    path("verify/certificate.pem", verify.certificate, name="certificate"),
    path("method/", method.method, name="method"),
    path("method/<slug:sheet>/", method.sheet, name="sheet"),
]

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    *account_urls,
    *wizard_urls,
    *measured_urls,
    *review_urls,
    *public_urls,
]
