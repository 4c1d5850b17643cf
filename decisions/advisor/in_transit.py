"""Encryption between nodes that runs today, read from what people write of their system."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from decisions.advisor.case import Case
from decisions.advisor.present import clauses_of, is_denied, is_gone
from decisions.advisor.recommendation import Approach
from decisions.advisor.rollout import Change, Phase

if TYPE_CHECKING:
    from decisions.advisor.setting import Setting

BETWEEN_NODES = "encryption_between_nodes"
_KINDS = ("wireguard", "ipsec")
_OF_PODS = re.compile(
    r"\b(cilium|calico|antrea|flannel|cni|nodes?|pods?|cluster|encrypt\w*|verschlüssel\w*|on|runs?|running|enabled|active|"
    r"an|läuft|aktiv\w*|eingeschaltet)\b"
)
"""Beside the name: it is the network of the pods that is meant, or it is said to run."""
_ELSEWHERE = re.compile(r"\b(vpn|site|sites|office|laptops?|developers?|bastion|remote access|standort\w*|büro)\b")
_ONLY_POSSIBLE = re.compile(
    r"\b(can|could|may|might|would|should|will|supports?|able|wants?|plans?|planned|to|tests?|tested|trial|pilot|"
    r"kann|könnte|soll\w*|will|wollen|geplant\w*|prüf\w*)\b"
)
"""Before the name: it could run, or somebody would like it to."""
_OFF = re.compile(
    r"\b(off|disabled|inactive|possible|available|planned|missing|not|later|next|soon|aus|ausgeschaltet|nicht|möglich|"
    r"geplant|fehlt|später)\b"
)
"""Behind the name: it does not run."""


@lru_cache(maxsize=1024)
def _runs(said: str) -> str:
    for clause in clauses_of(said):
        for kind in _KINDS:
            found = re.search(rf"\b{kind}\b", clause)
            if not found or _ELSEWHERE.search(clause) or not _OF_PODS.search(clause):
                continue
            before, behind = clause[: found.start()], clause[found.end() :]
            if not (is_denied(before) or _ONLY_POSSIBLE.search(before) or is_gone(behind) or _OFF.search(behind)):
                return kind
    return ""


def encryption_today(case: Case) -> str:
    """What the CNI encrypts with today: wireguard, ipsec, or empty where nobody said that it does."""
    return _runs(case.context.current or "") or _runs(case.baseline.cni or "")


def name_of_today(case: Case) -> str:
    """The same as people call it."""
    return NAMES[encryption_today(case)]


def stands_already(setting: "Setting", change: Change) -> bool:
    """Whether a change of the product switches on what the CNI does today."""
    today = encryption_today(setting.case)
    on = change.at_once and change.phase is Phase.INSTALL and BETWEEN_NODES in change.meets
    if not today or not on or setting.has_own_cni is False:
        return False
    return setting.stands_in or today == ("ipsec" if "ipsec" in f"{setting.product.id} {change.id}" else "wireguard")


def is_on(setting: "Setting") -> bool:
    """Whether the product is the encryption that the CNI does today, so that nothing has to be switched on."""
    today = encryption_today(setting.case)
    if not today or setting.approach is not Approach.CNI_ENCRYPTION or setting.has_own_cni is False:
        return False
    return setting.stands_in or today in setting.product.id


NAMES = {"wireguard": "WireGuard", "ipsec": "IPsec"}
