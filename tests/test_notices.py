"""Web hooks and mail over real connections, on loopback."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_network

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Keep
from django.utils import timezone

from decisions.drafting import log
from decisions.models import Decision, Delivery, Role, User, WebHook
from decisions.notices import SIGNATURE, deliver, purpose, signature
from decisions.vault import lock
from tests import factories

pytestmark = pytest.mark.django_db
SECRET = "k" * 40


class Server(HTTPServer):
    """Keeps what it is sent, and answers with `status`."""

    status = 204
    taken: list[tuple[dict[str, str], bytes]]


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.taken.append((dict(self.headers), body))
            self.send_response(found.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    found = Server(("127.0.0.1", 0), Handler)
    found.taken = []
    thread = threading.Thread(target=found.serve_forever)
    thread.start()
    yield found
    found.shutdown()
    thread.join()
    found.server_close()


def hook(decision: Decision, server: Server) -> WebHook:
    address = f"http://127.0.0.1:{server.server_port}/hook"
    return WebHook.objects.create(
        organisation=decision.organisation,
        address=address,
        locked_secret=lock(purpose(address), {"secret": SECRET}),
        created_by=decision.author,
        created_at=timezone.now(),
    )


@pytest.fixture
def decision() -> Decision:
    return factories.decision()


def test_a_hook_gets_the_facts_under_its_key(decision: Decision, server: Server, settings: object) -> None:
    settings.OUTBOUND_ALLOWED = [ip_network("127.0.0.0/8")]
    hook(decision, server)
    log(decision, decision.author, "rejected", timezone.now(), reason="Too early")
    ((headers, body),) = server.taken
    seconds = int(headers[SIGNATURE].partition(",")[0].removeprefix("t="))
    at = timezone.datetime.fromtimestamp(seconds, tz=timezone.get_current_timezone())
    assert headers[SIGNATURE] == signature(SECRET, body, at)
    assert headers[SIGNATURE] != signature("other", body, at)
    told = json.loads(body)
    assert (told["event"], told["number"], told["reason"]) == ("rejected", decision.number, "Too early")
    assert "case" not in told
    delivery = Delivery.objects.get()
    assert delivery.delivered_at is not None
    deliver.call(delivery.pk)
    assert len(server.taken) == 1, "what was taken is not sent again"


def test_a_hook_that_fails_is_tried_again_with_the_same_bytes(
    decision: Decision, server: Server, settings: object
) -> None:
    settings.OUTBOUND_ALLOWED = [ip_network("127.0.0.0/8")]
    server.status = 500
    hook(decision, server)
    log(decision, decision.author, "rejected", timezone.now(), reason="x")
    delivery = Delivery.objects.get()
    assert delivery.problem == "It answered with status 500."
    server.status = 200
    deliver.call(delivery.pk, 2)
    delivery.refresh_from_db()
    assert (delivery.attempts, delivery.problem) == (2, "")
    assert server.taken[0][1] == server.taken[1][1]


def test_a_hook_on_this_machine_is_refused_after_the_name_is_resolved(decision: Decision, server: Server) -> None:
    hook(decision, server)
    log(decision, decision.author, "rejected", timezone.now(), reason="x")
    assert not server.taken
    assert "127.0.0.1" in Delivery.objects.get().problem


def test_everyday_acts_tell_nobody(decision: Decision, server: Server) -> None:
    hook(decision, server)
    log(decision, decision.author, "answered", timezone.now())
    assert not Delivery.objects.exists()


def test_mail_goes_through_a_real_server(decision: Decision, settings: object) -> None:
    kept: list[str] = []

    class Inbox(Keep):
        def handle_message(self, message: object) -> None:
            kept.append(message.as_string())

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    inbox = Controller(Inbox(), hostname="127.0.0.1", port=port)
    inbox.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        approver = factories.member(decision.team, Role.APPROVER)
        User.objects.filter(pk=approver.pk).update(email="app@example.org")
        Decision.objects.filter(pk=decision.pk).update(title="Line\nbreak")
        decision.refresh_from_db()
        log(decision, decision.author, "proposed", timezone.now(), revision=1)
    finally:
        inbox.stop()
    (message,) = kept
    assert "To: app@example.org" in message
    assert decision.number in message
