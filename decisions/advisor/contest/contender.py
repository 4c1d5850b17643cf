"""One composition in one case of a contest, with what it is ordered by."""

from decisions.advisor.contest.entries import Entry
from decisions.advisor.contest.run import Figures, Run
from decisions.advisor.once import once
from decisions.advisor.order import infeasibility, precedence, priced
from decisions.advisor.rules.limits import overshoot

LIMITED = {
    "cpu_vcpu": "cpu_vcpu",
    "memory_gib": "memory_gib",
    "p99_ms": "on_top_ms",
    "money_per_month": "money_per_month",
}
"""The figure that is held against each ceiling."""


class Contender:
    """One composition in one case, with what it is ordered by; see `Composition` for what each means."""

    def __init__(self, run: Run, entry: Entry) -> None:
        self._run, self.entry = run, entry
        self.product, self.approach = entry.product, entry.product.approach

    @once
    def open(self) -> int:
        """What is left open."""
        return self._run.open(self.entry)

    @property
    def ruled_out(self) -> bool:
        """Whether a must stays open or the platform does not allow it."""
        return bool(self.entry.unmet or self._run.weight(self.entry)[0])

    @once
    def pressed(self) -> int:
        """How many musts are met under strain; limits aside."""
        return self._run.weight(self.entry)[1] + self.entry.strained

    @once
    def _over(self) -> tuple[int, float]:
        """How many limits are broken, and by how much together."""
        overs, key = self._run.overs, self._run.limited_as(self.entry)
        if key not in overs:
            found = [(getattr(self, LIMITED[name]), limit) for name, limit in self._run.limits]
            broken = [overshoot(likely, limit) for likely, limit in found if likely > limit]
            overs[key] = len(broken), sum(broken)
        return overs[key]

    @once
    def on_top_ms(self) -> float:
        """Likely milliseconds added to the p99 of today; see `limits.on_top`."""
        own, present = self.p99_ms, self._run.present
        return max(0.0, own - self._run.displaced_ms) if present else own

    @once
    def strains(self) -> int:
        """How many musts are met under strain or limits are broken."""
        return self.pressed + self._over[0]

    @once
    def feasibility(self) -> tuple[int, int, int]:
        """Open, strains, overshoot."""
        return infeasibility(self.open, self.strains, self._over[1])

    @once
    def likely_hours(self) -> float:
        """The likely hours a month."""
        return self._run.hours(self.entry)

    @once
    def least_hours(self) -> float:
        """Hours a month that it costs at least."""
        return self._run.least_hours(self.entry)

    @property
    def small_hours(self) -> float:
        """Those of them that the small measures take."""
        return self._run.small_hours(self.entry)

    @once
    def money_per_month(self) -> float:
        """The likely money a month."""
        return self._run.prices.likely_money(self.likely_hours, self.cpu_vcpu, self.memory_gib)

    @once
    def _figures(self) -> Figures:
        return self._run.figures(self.entry)

    @property
    def cpu_vcpu(self) -> float:
        """Likely vCPU."""
        found = self._run.reserved
        if found and found.product == self.product.id:
            return found.cpu_vcpu
        return self._figures.cpu_vcpu

    @property
    def memory_gib(self) -> float:
        """Likely GiB."""
        found = self._run.reserved
        if found and found.product == self.product.id:
            return found.memory_gib
        return self._figures.memory_gib

    @property
    def p99_ms(self) -> float:
        """Likely milliseconds added to the p99 of the critical path."""
        return self._figures.p99_ms

    @once
    def burden(self) -> float:
        """Hours a month with CPU and memory turned into hours."""
        return self.money_per_month / self._run.prices.hour.likely

    @once
    def price(self) -> tuple[float, float, str]:
        """The order of what is equally feasible."""
        return priced(self.burden, self.p99_ms, self.product)

    @property
    def key(self) -> tuple[object, ...]:
        """The order of approaches."""
        return *self.feasibility, *self.price

    @property
    def precedence(self) -> int:
        """What decides between products whose hours are close."""
        return precedence(self.product, self._run.present)

    @property
    def add_on_ids(self) -> list[str]:
        """The add-ons, to make the order total."""
        return [one.sheet.id for one in self.entry.add_ons]
