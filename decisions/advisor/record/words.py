"""How numbers and lists are said: ranges with their likely value, units, counts, enumerations."""

from collections.abc import Iterable
from math import floor, log10

from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import APPROACH_TITLES, AddOn, Approach


def number(value: float, decimals: int | None = None) -> str:
    """A number as people write it: two to three significant digits, thousands separated, no trailing zeros."""
    if decimals is None:
        decimals = fitting_decimals(value)
    text = f"{round(value, decimals):,.{max(decimals, 0)}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def fitting_decimals(value: float) -> int:
    """Decimals that leave two significant digits (three from 100 up); negative means tens, hundreds and so on."""
    if value == 0:
        return 0
    magnitude = floor(log10(abs(value)))
    if magnitude >= 2:
        return min(0, 2 - magnitude)
    return max(0, 1 - magnitude)


def exact(value: object) -> str:
    """A given number as it was given, with thousands separated; anything else as text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{int(value):,}" if value.is_integer() else f"{value:,.6g}"
    return str(value)


def between(quantity: Range, unit: str = "") -> str:
    """ "4 to 9 hours a month, likely 6"; one number when the ends agree; "none" for nothing at all."""
    if quantity.high == 0:
        return "none"
    low, likely, high = _same_precision(quantity)
    suffix = f" {unit}" if unit else ""
    if low == high:
        return f"{likely}{suffix.replace(' hours', ' hour', 1) if likely == '1' else suffix}"
    return f"{low} to {high}{suffix}, likely {likely}"


def ends(quantity: Range) -> str:
    """The interval alone, for tables: "4 to 9"; one number when the ends agree."""
    low, _, high = _same_precision(quantity)
    return low if low == high else f"{low} to {high}"


def likely(quantity: Range) -> str:
    """The likely value alone."""
    return _same_precision(quantity)[1]


def _same_precision(quantity: Range) -> tuple[str, str, str]:
    # No value is said more precisely than the likely one bears, nor than it bears itself: "0.9 to 2.6, likely 1.6"
    # and "2 to 18, likely 6.8", never "0.92 to 2.6" or "2 to 17.6".
    most = fitting_decimals(quantity.likely or quantity.high)
    low, likely_value, high = (
        number(value, min(most, fitting_decimals(value))) for value in (quantity.low, quantity.likely, quantity.high)
    )
    return low, likely_value, high


def count(amount: int, one: str, many: str = "") -> str:
    """ "1 service", "412 services"."""
    return f"{exact(amount)} {one if amount == 1 else many or one + 's'}"


def listed(items: Iterable[str]) -> str:
    """ "a", "a and b", "a, b and c"; "a; b; c, d and e" where a comma stands within one of them."""
    words = list(items)
    if len(words) < 2:
        return "".join(words)
    if any(", " in one for one in words):
        return "; ".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def stages_named(numbers: list[int]) -> str:
    """ "stage 1", "stages 0 and 2", "stages 0 to 4"."""
    if len(numbers) == 1:
        return f"stage {numbers[0]}"
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"stages {numbers[0]} to {numbers[-1]}"
    return f"stages {listed(str(number) for number in numbers)}"


COMMANDS = frozenset({"kubectl", "istioctl", "helm", "calicoctl", "kumactl"})
"""Words to be typed: with a capital they would be other words."""


def sentence(text: str) -> str:
    """The text with a capital at the start and a full stop at the end."""
    text = text.strip()
    if not text:
        return ""
    first = text.split(" ", 1)[0].rstrip(".,:;")
    if first.isalpha() and first.islower() and first not in COMMANDS:  # p99, mTLS and k6 are spelled as they are
        text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?:" or text.endswith((".)", '."')) else f"{text}."


def measure(add_on: AddOn) -> str:
    """The title of an add-on inside a sentence: "network policies", but "TLS in the application"."""
    first = add_on.title.split(" ", 1)[0]
    return add_on.title[:1].lower() + add_on.title[1:] if first.istitle() else add_on.title


def composition(approach: Approach | str, product_title: str, add_ons: Iterable[AddOn] = ()) -> str:
    """ "CNI-level encryption: Cilium with WireGuard, plus network policies"."""
    title = APPROACH_TITLES[Approach(approach)]
    if product_title and product_title.lower() != title.lower():
        title = f"{title}: {product_title}"
    extras = listed(measure(add_on) for add_on in add_ons)
    return f"{title}, plus {extras}" if extras else title


VERBS = frozenset({"Also", "Leaves", "Meets"})
"""How a point begins that has no subject of its own: it speaks of the option."""
ORDINARY = (
    " a added all an and any about at because both canary certificates community connections each encryption even "
    "every falling few for from given half how identity if in it its keys likely long many memory milliseconds money "
    "most mutual network no nobody node none not nothing on one only other our planning pods policy proof proxies "
    "rates requests retries routing routes same services sidecars skills small some staying that the their there these "
    "they this those three today's traffic two under until what when where which why with without workload you your "
)
"""First words that take a small letter inside a sentence; any other may be a name."""


def continued(text: str) -> str:
    """A sentence as it goes on after "because": a small letter where the first word is an ordinary one."""
    first = text.split(" ", 1)[0].rstrip(",:")
    small = text[:1].lower() + text[1:]
    if first in VERBS:
        return f"it {small}"
    return small if f" {first.lower()} " in ORDINARY else text
