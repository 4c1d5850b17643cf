"""Names for a roll-out pack: namespaces with their Services and ports, the least risky namespace first."""

from decisions.advisor.present import ENROLMENT, MARK
from decisions.intake.coverage import candidates, is_system
from decisions.intake.inventory import Inventory, Service

MOST = 500


def places(*inventories: Inventory) -> dict[str, dict[str, int]]:
    """Namespace -> Service -> its first TCP port; system namespaces and Services without a port are left out."""
    found: dict[str, dict[str, int]] = {}
    for inventory in inventories:
        order = [one.namespace for one in candidates(inventory, MOST)]
        names = {one.namespace for one in inventory.services if not is_system(one.namespace)}
        for name in (*order, *sorted(names - set(order))):
            services = [one for one in inventory.services if one.namespace == name]
            ports = {one.name: port for one in sorted(services, key=lambda one: one.name) if (port := _port(one))}
            if ports or name in order:
                found.setdefault(name, {}).update(ports)
    return dict(list(found.items())[:MOST])


def marks(*inventories: Inventory) -> dict[str, dict[str, str]]:
    """Namespace -> label or annotation by which it is in a mesh -> value; namespaces without one are left out."""
    found: dict[str, dict[str, str]] = {}
    for inventory in inventories:
        for one in inventory.namespaces:
            pairs = dict(mark.partition("=")[::2] for mark in sorted(one.marks))
            if here := {key: value for key, value in pairs.items() if key in ENROLMENT and MARK.fullmatch(value)}:
                found[one.name] = here
    return found


def _port(service: Service) -> int | None:
    return next((one.number for one in service.ports if one.protocol == "TCP" and one.number), None)
