"""Where requests may go, by the address a name resolves to."""

import socket
from ipaddress import ip_address, ip_network

import pytest

from decisions.outbound import BadAddress, Forbidden, Place, why_forbidden
from decisions.outbound.addresses import resolved

OPEN = (ip_network("0.0.0.0/0"), ip_network("::/0"))


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("127.0.0.1", "loopback"),
        ("127.255.0.9", "loopback"),
        ("0.0.0.0", "loopback"),
        ("0.1.2.3", "loopback"),
        ("::1", "loopback"),
        ("::", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::127.0.0.1", "loopback"),
        ("2002:7f00:1::", "loopback"),
        ("64:ff9b::7f00:1", "loopback"),
        ("169.254.1.1", "link-local"),
        ("fe80::1", "link-local"),
        ("::ffff:169.254.7.7", "link-local"),
        ("224.0.0.1", "multicast"),
        ("ff02::1", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
        ("169.254.169.254", "metadata"),
        ("::ffff:169.254.169.254", "metadata"),
        ("64:ff9b::a9fe:a9fe", "metadata"),
        ("fd00:ec2::254", "metadata"),
        ("100.100.100.200", "metadata"),
        ("168.63.129.16", "metadata"),
    ],
)
def test_this_machine_its_link_and_metadata_services_are_forbidden(address: str, word: str) -> None:
    assert word in str(why_forbidden(ip_address(address)))


@pytest.mark.parametrize("address", ["10.1.2.3", "192.168.7.7", "172.20.0.1", "93.184.216.34", "2606:2800:220:1::1"])
def test_private_and_public_networks_are_allowed(address: str) -> None:
    assert why_forbidden(ip_address(address)) is None


def test_a_setting_opens_loopback_but_never_a_metadata_service() -> None:
    assert why_forbidden(ip_address("127.0.0.1"), OPEN) is None
    assert why_forbidden(ip_address("::ffff:127.0.0.1"), OPEN) is None
    for address in ("169.254.169.254", "::ffff:169.254.169.254", "fd00:ec2::254"):
        assert why_forbidden(ip_address(address), OPEN)


@pytest.mark.parametrize("name", ["localhost", "127.1", "2130706433", "0x7f.1", "0177.0.0.1"])
def test_what_counts_is_where_a_name_leads_and_not_how_it_is_written(name: str) -> None:
    with pytest.raises(Forbidden, match="MESHADVISOR_OUTBOUND_ALLOWED"):
        resolved(name, 80, ())


def test_of_several_addresses_only_the_good_ones_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(0, 0, 0, "", (one, 80)) for one in ("127.0.0.1", "10.0.0.7", "fe80::1%eth0")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)
    assert resolved("mixed.example.org", 80, ()) == ["10.0.0.7"]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://Metrics.Example.org", "https://metrics.example.org"),
        (" http://10.0.0.7:9090/ ", "http://10.0.0.7:9090"),
        ("https://a.example.org//prometheus/", "https://a.example.org/prometheus"),
        ("https://a.example.org/prometheus/graph?g0.expr=up", "https://a.example.org/prometheus"),
        ("https://a.example.org/api/v1/query", "https://a.example.org"),
        (
            "https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1/api/v1/remote_write",
            "https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1",
        ),
        ("https://g.example.org/api/datasources/proxy/uid/abc", "https://g.example.org/api/datasources/proxy/uid/abc"),
        ("http://[FD00::7]:9090/", "http://[fd00::7]:9090"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
    ],
)
def test_an_address_is_kept_without_what_the_browser_added(typed: str, address: str) -> None:
    assert Place.of(typed).address == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "prometheus:9090",
        "ftp://a.example.org",
        "file:///etc/passwd",
        "https://user:secret@a.example.org",
        "https://",
        "https://a b.example.org",
        "https://a.example.org:99999",
        "https://a.example.org\\@b.example.org",
        "https://a.example.org/../admin",
        "https://a.example.org/\r\nHost: b",
        "http://[::1",
        f"https://a.example.org/{'x' * 500}",
    ],
)
def test_what_is_no_address_is_said(typed: str) -> None:
    with pytest.raises(BadAddress):
        Place.of(typed)
