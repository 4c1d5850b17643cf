"""What people type to add a connection and to ask over a window."""

import datetime as dt
import re
import ssl
from collections.abc import Mapping

from django import forms
from django.utils import timezone

from decisions.intake.sources import SOURCES
from decisions.languages.moulds import shown
from decisions.models import Connection
from decisions.outbound import BadAddress, Credentials, Place
from decisions.prometheus.connection import Method

_VISIBLE = re.compile(r"[\x21-\x7e]+")
# Grafana Mimir, "About tenant IDs": at most 150 of these characters; | joins several tenants.
_TENANT = re.compile(r"[A-Za-z0-9!_.*'()|-]{1,150}")
_PEM = "Paste the whole text from -----BEGIN to -----END."
MOST_PEM = 32_000


def _secret(label: str, help_text: str = "", *, required: bool = True) -> forms.CharField:
    """A field whose value is never sent back to the browser."""
    widget = forms.PasswordInput({"autocomplete": "off"}, render_value=False)
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=4000, widget=widget)


def _pem(label: str, help_text: str = _PEM, *, required: bool = True) -> forms.CharField:
    widget = forms.Textarea({"rows": 3, "spellcheck": "false", "autocomplete": "off"})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=MOST_PEM, widget=widget)


class _UnshownArea(forms.Textarea):
    """A text area that comes back empty: what was typed is secret."""

    def format_value(self, value: object) -> str:
        """Nothing."""
        return ""


def _key() -> forms.CharField:
    field = _pem("Private key", f"Without a passphrase. {_PEM}")
    field.widget = _UnshownArea({"rows": 3, "spellcheck": "false", "autocomplete": "off"})
    return field


def _fields(method: Method) -> dict[str, forms.CharField]:
    """The fields of one way to sign in; their names are those of Credentials."""
    text = forms.CharField
    return {
        Method.NONE: {},
        Method.BASIC: {"username": text(label="User name", max_length=200), "password": _secret("Password")},
        Method.BEARER: {"token": _secret("Token", "Without the word Bearer before it.")},
        Method.MTLS: {"certificate": _pem("Client certificate"), "key": _key()},
        Method.SIGV4: {
            "access_key": text(label="Access key ID", max_length=128),
            "secret_key": _secret("Secret access key"),
            "session_token": _secret("Session token", "Only with temporary credentials.", required=False),
            "region": text(label="Region", max_length=40, help_text="For example eu-west-1"),
        },
    }[method]


class ConnectionForm(forms.Form):
    """A connection, with the fields that its way to sign in needs."""

    address = forms.CharField(
        label="Address",
        max_length=500,
        help_text="With its path, if it has one: https://metrics.example.org/prometheus",
        widget=forms.URLInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    tenant = forms.CharField(
        label="Tenant (X-Scope-OrgID)", required=False, max_length=150, help_text="Only Mimir, Cortex and the like."
    )

    def __init__(self, method: Method, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        self.method = method
        self.fields |= _fields(method)
        self.fields["authority"] = _pem(
            "Certificate of its authority",
            f"Only where the server has a certificate of your own. {_PEM}",
            required=False,
        )

    def clean_address(self) -> Place:
        """The address, taken apart."""
        try:
            place = Place.of(self.cleaned_data["address"])
        except BadAddress as error:
            raise forms.ValidationError(str(error)) from error
        if self.method is Method.MTLS and place.scheme != "https":
            raise forms.ValidationError("A client certificate needs an address that begins with https://.")
        return place

    def clean_tenant(self) -> str:
        """The tenant, of the characters that Mimir allows."""
        tenant: str = self.cleaned_data["tenant"].strip()
        if tenant and not _TENANT.fullmatch(tenant):
            raise forms.ValidationError("A tenant has letters, digits and ! - _ . * ' ( ) only; | joins several.")
        return tenant

    def clean(self) -> None:
        """Certificates that can be used, and credentials that can be sent."""
        given = {name: str(self.cleaned_data.get(name) or "") for name in Credentials.__dataclass_fields__}
        for name in ("token", "access_key", "secret_key", "session_token", "region"):
            if given[name] and not _VISIBLE.fullmatch(given[name]):
                self.add_error(name, "This has spaces, line ends or letters that no such value has.")
        if self.errors:
            return
        try:
            Credentials(**given).context()
        except ssl.SSLError:
            self.add_error("authority", f"This is no certificate that can be read. {_PEM}")
        except ValueError as error:
            self.add_error("certificate", str(error))
        self.secret = given


HOURS = ((1, "1 hour"), (6, "6 hours"), (24, "1 day"), (72, "3 days"), (168, "7 days"), (720, "30 days"))


class WindowForm(forms.Form):
    """What to ask: over how long, until when, from which source."""

    hours = forms.TypedChoiceField(
        label="Over the last", choices=[(one, shown(text)) for one, text in HOURS], coerce=int, initial=24
    )
    until = forms.DateTimeField(
        label="Until (UTC), empty for now",
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    source = forms.ChoiceField(label="Requests from")

    def __init__(self, connection: Connection, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data, auto_id=f"id_{connection.pk}_%s")
        source = self.fields["source"]
        if isinstance(source, forms.ChoiceField):
            source.choices = [(one["source"], shown(_named(one))) for one in connection.found]

    def clean_until(self) -> dt.datetime:
        """The end of the window; never in the future."""
        until: dt.datetime | None = self.cleaned_data["until"]
        now = timezone.now()
        if until and until > now + dt.timedelta(minutes=5):
            raise forms.ValidationError("This lies in the future.")
        return until or now


def _named(found: Mapping[str, object]) -> str:
    label = SOURCES[str(found["source"])].label
    if not found["latency"]:
        return f"{label} (without latency)"
    return f"{label} (native histograms)" if found["native"] else label
