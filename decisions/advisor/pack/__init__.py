"""The roll-out pack: the files a team applies stage by stage, made from the plan. Pure: values in, bytes out."""

from decisions.advisor.pack.archive import zipped
from decisions.advisor.pack.build import build
from decisions.advisor.pack.names import PackError, Place, Targets, targets_of

__all__ = ["PackError", "Place", "Targets", "build", "targets_of", "zipped"]
