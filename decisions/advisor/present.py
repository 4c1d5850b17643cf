"""The mesh that runs today: which one, at which version, and by which mark namespaces are in it."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decisions.advisor.case import Case

AMBIENT = frozenset({"istio-ambient-l4", "istio-ambient-waypoint"})
"""One control plane with two modes: whoever has the one runs the other too."""
ISTIO = AMBIENT | {"istio-sidecar"}
"""One control plane serves them all."""
CONTROL_PLANE = "istiod-ambient"
"""The chart of the control plane of Istio's ambient modes."""
SIDECARS = frozenset({"istio-sidecar", "linkerd", "consul", "kuma"})
"""Products whose proxies leave a pod only when it restarts."""
LABEL, ANNOTATION = "label", "annotation"
ENROLMENT: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "istio-injection": (LABEL, "istio-sidecar"),
        "istio.io/rev": (LABEL, "istio-sidecar"),
        "istio.io/dataplane-mode": (LABEL, "istio-ambient-l4"),
        "linkerd.io/inject": (ANNOTATION, "linkerd"),
        "kuma.io/sidecar-injection": (LABEL, "kuma"),
    }
)
"""The marks by which a namespace is in a mesh: label or annotation, and of which product."""
MARK = re.compile(r"[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?")
"""The value of a mark, as Kubernetes takes one of a label."""
_OUT = frozenset({"disabled", "false", "none"})
"""Values of a mark that keep a namespace out."""


NAMES: Mapping[str, str] = MappingProxyType(
    {"ambient": "istio-ambient-l4", "istio": "istio-sidecar"} | {one: one for one in ("linkerd", "consul", "kuma")}
)
"""Words by which people name a mesh, and the product that is meant; an Istio that is not said to be ambient has
sidecars.
"""
_CLAUSES = re.compile(r"[;\n]|[,.](?=\s|$)|\s[-\u2013\u2014]\s|\bbut\b|\baber\b|\bsondern\b")
"""Where a new thought begins; the dot of a version is no end."""
_DENIED = re.compile(
    r"\b(no|not|never|without|former|formerly|ex|planned|planning|removed|replaced|dropped|instead of|rather than|"
    r"(moved|migrated|switched)( away)? from|kein\w*|nicht|ohne|ehemals|geplant\w*|statt)\b[ -]"
    r"((a|an|any|the|our|service|mesh|meshes|like|such|as|using|use|on|yet|more|running|for|of|kind|plans?|today|nor|or|"
    r"and|sidecars?|istio|ambient|linkerd|consul|kuma|ein\w*)\W+)*$"
)
"""Stands right before a name that does not run: what lies between is none but small words and other names."""
_GONE = re.compile(
    r"(?<!to be )(?<!will be )(?<!should be )(?<!not )(?<!not yet )"
    r"\b(removed|uninstalled|taken out|abandoned|rejected|retired|decommissioned|dropped|replaced by|entfernt)\b"
    r"(?! from)"
    r"|^\W*(\S+ ){0,3}(is |was |are |were |only |just |still |ist |wird )*"
    r"(planned|considered|evaluated|proposed|discussed|geplant)\b"
    r"|\b(not|never)( yet)? (installed|used|in use|running|deployed|adopted|rolled out|live)\b|\bno longer\b"
    r"|\b(pilot|trial|poc)\b.*\b(ended|failed|stopped)\b"
)
"""Stands somewhere behind a name that does not run (any more, or yet)."""


@lru_cache(maxsize=1024)
def present_mesh(current: str | None) -> str:
    """The product id of the mesh that a description of the present system says is running, or an empty text.

    People write half sentences. A name counts unless it is denied in its own clause: right before it ("no Istio",
    "replaced Linkerd"), or behind it as something removed or only planned. What else is lacking there says nothing of
    the mesh: "Istio sidecars without an egress gateway" run.
    """
    for clause in clauses_of(current or ""):
        for name, product in NAMES.items():
            found = re.search(rf"\b{name}\b", clause)
            if found and not is_denied(clause[: found.start()]) and not is_gone(clause[found.end() :]):
                return product
    return ""


def clauses_of(said: str) -> list[str]:
    """What people wrote, thought by thought, in small letters."""
    return _CLAUSES.split(said.lower())


def is_denied(before: str) -> bool:
    """Whether what stands before a name in its clause says that it does not run."""
    return bool(_DENIED.search(before))


def is_gone(behind: str) -> bool:
    """Whether what stands behind a name in its clause says that it does not run, or not yet."""
    return bool(_GONE.search(behind))


def minor_of(current: str | None) -> tuple[int, int] | None:
    """Major and minor of the mesh that is said to run, where its version stands beside its name; else None."""
    found = version_beside(current)
    return (found[0], found[1]) if found else None


def same_mesh(product: str, present: str) -> bool:
    """Whether a product is the mesh that runs today; the two modes of ambient share their control plane."""
    return bool(present) and (product == present or {product, present} <= AMBIENT)


def same_control_plane(product: str, present: str) -> bool:
    """Whether the control plane of a product, and with it its certificate authority, runs with today's mesh."""
    return same_mesh(product, present) or (bool(present) and {product, present} <= ISTIO)


@dataclass(frozen=True, kw_only=True)
class Present:
    """Today's mesh; `product` is empty where none runs.

    `version` is empty where nobody wrote it down. `way` is how namespaces join: injection_label, revision_label,
    each_pod, or empty where nobody said. `revision` belongs to the second. `marks` are labels and annotations by
    namespace, as far as they are known; `listed` are all namespaces that were given, with marks or without.
    """

    product: str = ""
    said: str = ""
    version: str = ""
    way: str = ""
    revision: str = ""
    marks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    listed: frozenset[str] = frozenset()

    def runs(self, product: str) -> bool:
        """Whether the control plane of this product is the one that runs."""
        return same_mesh(product, self.product)

    def shares(self, product: str) -> frozenset[str]:
        """The charts of a product that are installed already, since both are modes of one Istio: what serves today's
        pods is given values, and is never installed or taken out as if it were new.

        Where namespaces join by a revision, the control plane of the other mode comes beside it as one more.
        """
        if self.runs(product) or not same_control_plane(product, self.product):
            return frozenset()
        one_more = product == "istio-sidecar" or self.way == "revision_label"
        return frozenset({"istio-base"} | (set() if one_more else {CONTROL_PLANE}))

    def carries(self, namespace: str) -> bool:
        """Whether it is known that a namespace is in the mesh."""
        return any(_joins(key, value) for key, value in self.marks.get(namespace, {}).items())

    def leaves_out(self, namespace: str) -> bool:
        """Whether it is known that a namespace is not in the mesh: it was listed with the others, and has no mark.

        Where no namespace has one, or pods join one by one, the list says nothing of it.
        """
        told = bool(self.marks) and self.way != "each_pod" and namespace in self.listed
        return told and not self.carries(namespace)

    @property
    def mark(self) -> Mapping[str, str]:
        """What a namespace of Istio with sidecars carries to join; assumed where nobody said."""
        return {"istio.io/rev": self.revision} if self.revision else {"istio-injection": "enabled"}

    @property
    def assumed(self) -> str:
        """What the files take for granted about it, in words; empty where it was said."""
        if self.product == "istio-sidecar" and not self.way:
            return (
                "Assumed, since nobody said: the revision that runs is the default one, and namespaces join by "
                "istio-injection=enabled. See it by kubectl get namespaces -L istio-injection,istio.io/rev, answer it "
                "in step 5, and the files are written for it."
            )
        if self.way == "revision_label" and not self.revision:
            return (
                "Namespaces join by a revision, and nobody said which: the files have istio-injection=enabled in its "
                "place. See it by kubectl get namespaces -L istio.io/rev, answer it in step 5, and write them again."
            )
        return ""


def _joins(key: str, value: str) -> bool:
    return key in ENROLMENT and value not in _OUT


def version_beside(said: str | None) -> tuple[int, ...]:
    """The version beside the name of the mesh that runs, two numbers or three; empty where nobody wrote it down."""
    product = present_mesh(said)
    name = "istio" if product.startswith("istio") else product
    found = re.search(rf"{name}{_BESIDE}([1-9]\d*\.\d+(?:\.\d+)?){_NO_AMOUNT}", (said or "").lower())
    return tuple(int(one) for one in found.group(1).split(".")) if product and found else ()


def runs_a_mesh(case: "Case") -> bool:
    """Whether some mesh runs today: one is named, or sidecars were counted whatever they are of."""
    return bool(case.baseline.sidecars or present_mesh(case.context.current))


def present_of(case: "Case") -> Present:
    """What the case says of the mesh that runs today."""
    said = case.context.current or ""
    product = present_mesh(said)
    if not product:
        return Present(marks=case.marks, listed=frozenset(case.namespaces))
    revisions = Counter(one["istio.io/rev"] for one in case.marks.values() if "istio.io/rev" in one)
    labelled = sum(one.get("istio-injection") == "enabled" for one in case.marks.values())
    numbers = version_beside(said)
    way, revision = case.plan.present_enrolment or "", (case.plan.present_revision or "").strip()
    if not way and product == "istio-sidecar":
        way = "injection_label" if labelled > revisions.total() else "revision_label" if revisions else ""
    if way == "revision_label" and not revision and revisions:
        revision = revisions.most_common(1)[0][0]
    return Present(
        product=product,
        said=said,
        version=".".join(map(str, numbers)) if len(numbers) == 3 else "",
        way=way,
        revision=revision if way == "revision_label" else "",
        marks=case.marks,
        listed=frozenset(case.namespaces),
    )


_BESIDE = "[^0-9,;]{0,40}"
"""What may stand between the name of a mesh and its version."""
_NO_AMOUNT = r"(?![\d.]*\s*(?:%|x\b|v?cpus?\b|cores?\b|[kmgt]i?b\b|ms\b|seconds?\b|million|k\b|m\b))"
"""A number with a unit behind it is no version: "Istio sidecars take 1.5 vCPU"."""
