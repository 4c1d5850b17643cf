"""Which mesh a description of the present system says is running."""

import pytest

from decisions.advisor.case import read
from decisions.advisor.present import present_mesh, present_of


@pytest.mark.parametrize(
    ("said", "product"),
    [
        ("Istio 1.24 sidecars in all namespaces since 2023; the two who knew it left", "istio-sidecar"),
        ("Istio 1.24 sidecars in all namespaces without an egress gateway", "istio-sidecar"),
        ("Linkerd everywhere with no incident", "linkerd"),
        ("Linkerd 2.19 in all namespaces for three years - no incident caused by it", "linkerd"),
        ("No incidents with Linkerd since 2021", "linkerd"),
        ("Istio ambient with waypoints in all namespaces", "istio-ambient-l4"),
        ("Istio sidecars, not ambient", "istio-sidecar"),
        ("Istio with sidecars, to be removed next year", "istio-sidecar"),
        ("Istio sidecars, should be removed by summer", "istio-sidecar"),
        ("Linkerd and no Istio", "linkerd"),
        ("Not Istio but Linkerd", "linkerd"),
        ("Linkerd replaced Istio in 2023", "linkerd"),
        ("Istio was removed in 2022. Kuma 2.13 runs now", "kuma"),
        ("Istio is installed but not used for ingress", "istio-sidecar"),
        ("Consul Connect 1.19, no CRDs", "consul"),
        ("An Istio 1.22 pilot was removed in August", ""),
        ("an Istio ambient pilot was removed in August after three outages", ""),
        ("No Istio, no Linkerd", ""),
        ("no service mesh such as Istio or Linkerd", ""),
        ("We do not use Istio", ""),
        ("Istio planned for 2027", ""),
        ("Istio is only planned", ""),
        ("An Istio pilot failed in May", ""),
        ("Istio was never rolled out", ""),
        ("Kein Istio, geplant", ""),
        ("Calico; our consultants want a mesh", ""),
        ("k3s with the bundled Flannel", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_name_counts_unless_it_is_itself_denied(said: str | None, product: str) -> None:
    assert present_mesh(said) == product


def test_the_dot_of_a_version_ends_no_clause() -> None:
    case = read({"schema": "meshadvisor-case/1", "title": "A", "context": {"current": "Istio 1.24.3 sidecars"}})
    assert present_of(case).version == "1.24.3"
