"""When a conditional question applies, judged from the answers so far."""

from typing import TYPE_CHECKING

from decisions.advisor.present import present_mesh
from decisions.advisor.questions.asking import When
from decisions.advisor.versions import older

if TYPE_CHECKING:
    from decisions.advisor.case import Case

NEWEST_KERNEL, NEWEST_KUBERNETES = "5.10", "1.31"
"""The newest kernel and Kubernetes that a sheet of the catalogue names as its oldest."""
MAY_MATTER = {"must", "nice", "not_sure"}


def wanted(*requirements: str) -> When:
    """True when at least one of the requirements was sorted as anything but "not needed"."""

    def holds(case: "Case") -> bool:
        return any(case.answer(one).need in MAY_MATTER for one in requirements)

    return holds


def not_excluded(requirement: str) -> When:
    """True unless the requirement was sorted as "not needed"; a row nobody sorted yet still counts."""

    def holds(case: "Case") -> bool:
        return case.answer(requirement).need != "not_needed"

    return holds


def said(path: str, *values: object) -> When:
    """True when the answer at the path is one of the values."""
    section, _, name = path.partition(".")

    def holds(case: "Case") -> bool:
        return getattr(getattr(case, section), name) in values

    return holds


def must_by_rule(case: "Case") -> bool:
    """True when a must-have rests on a law, standard or contract clause."""
    return any(one.need == "must" and one.evidence.kind == "rule" for one in case.requirements.values())


def sidecars_run(case: "Case") -> bool:
    """True when sidecars are in place already."""
    return bool(case.baseline.sidecars)


def istio_injects(case: "Case") -> bool:
    """True when Istio runs with sidecars: the one mesh of the catalogue that namespaces join in more ways than one."""
    return present_mesh(case.context.current) == "istio-sidecar"


def platform_is_old(case: "Case") -> bool:
    """True when the kernel or Kubernetes is known to be older than the newest that an option of the catalogue needs."""
    baseline = case.baseline
    return older(baseline.kernel_version, NEWEST_KERNEL) or older(baseline.kubernetes_version, NEWEST_KUBERNETES)


def connections_last(case: "Case") -> bool:
    """False only when it was measured that no connection stays open long."""
    return case.baseline.long_lived_connections != 0
