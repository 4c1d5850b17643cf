"""One request: where it goes, how long it takes, how much it reads, and what it says when it fails."""

import gzip
import socket
import time
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from threading import Thread

import pytest

from decisions.outbound import Credentials, Forbidden, Response, Unreachable, ask, session
from tests.outbound.certificates import Authority
from tests.outbound.servers import Handler, serving


@pytest.fixture(autouse=True)
def loopback(settings) -> None:
    settings.OUTBOUND_ALLOWED = [ip_network("127.0.0.0/8")]


def to(answer: Callable[[Handler], None], **options: object) -> Response:
    with serving(answer) as address:
        return ask("POST", f"{address}/api", data={"query": "up"}, **options)


def test_status_type_and_body_come_back_whatever_the_status() -> None:
    found = to(lambda handler: handler.say(422, handler.body, "application/JSON; charset=utf-8"))
    assert (found.status, found.content_type, found.body) == (422, "application/json", b"query=up")


def test_loopback_is_refused_unless_a_setting_allows_it_and_nothing_is_sent(settings) -> None:
    settings.OUTBOUND_ALLOWED = []
    seen: list[str] = []
    with pytest.raises(Forbidden, match="loopback"):
        to(lambda handler: seen.append(handler.path))
    assert seen == []


def test_a_name_that_changes_its_answer_gains_nothing(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address is looked at in the moment of connecting, and it is the one that is connected to."""
    settings.OUTBOUND_ALLOWED = []
    answers = ["10.0.0.7", "127.0.0.1"]
    reached: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], *_: object, **__: object) -> None:
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (answers.pop(0), 80))])
    monkeypatch.setattr(session, "create_connection", connect)
    with pytest.raises(Unreachable, match="refuses"):
        ask("GET", "http://rebinding.example.org/")
    with pytest.raises(Forbidden):
        ask("GET", "http://rebinding.example.org/")
    assert reached == [("10.0.0.7", 80)]


def test_redirects_are_followed_on_the_same_host_only() -> None:
    def answer(handler: Handler) -> None:
        if handler.path == "/api":
            handler.say(307, Location="/prometheus/api")
        else:
            handler.say(200, handler.path.encode() + b" " + handler.command.encode() + b" " + handler.body)

    assert to(answer).body == b"/prometheus/api POST query=up"

    seen: list[str] = []
    with serving(lambda handler: seen.append(handler.path)) as elsewhere:
        for target in (elsewhere, "http://169.254.169.254/latest", "https://login.example.org/?from=x"):
            with pytest.raises(Unreachable, match="login page"):
                to(lambda handler, target=target: handler.say(302, Location=target))
    assert seen == []


def test_a_circle_of_redirects_ends() -> None:
    with pytest.raises(Unreachable, match="circle"):
        to(lambda handler: handler.say(302, Location="/api"))


def test_an_answer_that_is_too_large_is_not_read_to_its_end_even_when_it_is_packed() -> None:
    with pytest.raises(Unreachable, match="larger than 1 MiB"):
        to(lambda handler: handler.say(200, b"x" * 3_000_000), most_bytes=2**20)
    packed = gzip.compress(b"x" * 30_000_000)
    with pytest.raises(Unreachable, match="larger than 1 MiB"):
        to(lambda handler: handler.say(200, packed, Content_Encoding="gzip"), most_bytes=2**20)


@pytest.mark.parametrize("where", ["before the headers", "in the headers", "in the body"])
def test_a_server_that_drips_is_left_after_the_time_for_all_of_it(where: str) -> None:
    def drip(handler: Handler) -> None:
        if where == "in the headers":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        if where == "in the body":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(40):
            time.sleep(0.1)
            if where != "before the headers":
                handler.wfile.write(b"x")
                handler.wfile.flush()

    began = time.monotonic()
    with pytest.raises(Unreachable, match=r"within 0\.5 seconds"):
        to(drip, seconds=0.5)
    assert time.monotonic() - began < 2


def test_what_went_wrong_is_said_in_words() -> None:
    with serving(lambda handler: handler.say(200)) as gone:
        pass
    with pytest.raises(Unreachable, match="refuses the connection"):
        ask("GET", gone)
    with pytest.raises(Unreachable, match=r"no host named nowhere\.invalid"):
        ask("GET", "http://nowhere.invalid/")
    with serving(lambda handler: handler.say(200)) as plain, pytest.raises(Unreachable, match="no TLS"):
        ask("GET", plain.replace("http:", "https:"))
    with pytest.raises(Unreachable, match="in the middle"):
        to(lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"))
    with pytest.raises(Unreachable, match="in the middle"):
        to(lambda handler: handler.wfile.write(b"no HTTP at all\r\n\r\n"))


def test_each_way_to_sign_in_reaches_the_server() -> None:
    def echo(handler: Handler) -> None:
        handler.say(200, str(handler.headers).encode())

    assert (
        b"Authorization: Basic YW5uOnBhc3M=" in to(echo, credentials=Credentials(username="ann", password="pass")).body
    )
    assert b"Authorization: Bearer t0ken" in to(echo, credentials=Credentials(token="t0ken")).body
    assert b"X-Scope-OrgID: shop|payments" in to(echo, headers={"X-Scope-OrgID": "shop|payments"}).body
    signed = to(
        echo,
        credentials=Credentials(
            access_key="AKIDEXAMPLE", secret_key="s3cret", region="eu-west-1", session_token="sess"
        ),
    ).body
    assert b"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/" in signed
    assert b"/eu-west-1/aps/aws4_request" in signed
    assert b"x-amz-security-token: sess" in signed.lower()
    assert b"s3cret" not in signed
    assert b"Authorization" not in to(echo).body


def test_credentials_never_show_their_secrets() -> None:
    shown = repr(Credentials(username="ann", password="p1", token="p2", key="p3", secret_key="p4", session_token="p5"))
    assert not [secret for secret in ("p1", "p2", "p3", "p4", "p5") if secret in shown]


def test_proxies_and_passwords_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login root password toor\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert b"Authorization" not in to(lambda handler: handler.say(200, str(handler.headers).encode())).body


def test_a_server_is_trusted_by_its_authority_and_knows_its_client_by_a_certificate(tmp_path: Path) -> None:
    ours, other = Authority(), Authority()
    certificate, key = ours.issue("client")
    known = Credentials(authority=ours.pem, certificate=certificate, key=key)
    with serving(lambda handler: handler.say(200, b"ok"), ours.server(tmp_path, asks_for_a_client=True)) as address:
        assert ask("GET", address, credentials=known).body == b"ok"
        with pytest.raises(Unreachable, match="not trusted"):
            ask("GET", address)
        with pytest.raises(Unreachable, match="not trusted"):
            ask("GET", address, credentials=Credentials(authority=other.pem, certificate=certificate, key=key))
        with pytest.raises(Unreachable):
            ask("GET", address, credentials=Credentials(authority=ours.pem))
    with pytest.raises(ValueError, match="do not fit together"):
        Credentials(certificate=certificate, key=ours.issue("other")[1]).context()


def test_requests_of_several_threads_do_not_disturb_each_other() -> None:
    found: list[bytes] = []
    with serving(lambda handler: handler.say(200, handler.path.encode())) as address:
        threads = [Thread(target=lambda n=n: found.append(ask("GET", f"{address}/{n}").body)) for n in range(6)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert sorted(found) == [f"/{n}".encode() for n in range(6)]
