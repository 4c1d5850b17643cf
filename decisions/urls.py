"""The map of the site. View, address and template of a page share one name."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, path, register_converter

from decisions.views import account, baseline, home, sign, wizard


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

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    *account_urls,
    *wizard_urls,
]
