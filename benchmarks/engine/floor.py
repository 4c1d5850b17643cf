"""The floor: a hand-written loop over the same rules, figures and costs, without reasons, flips, draws or structure.

It judges every product with every choice of add-ons by the product's own functions, one after the other, and keeps the
least. Nothing is pruned, nothing is remembered between products, nothing is explained: what one answer costs before
anybody asks for reasons.
"""

from itertools import product as combinations

from decisions.advisor.case import Case
from decisions.advisor.catalog import Catalog
from decisions.advisor.composition import Composition
from decisions.advisor.compositions import Memory, Workbench


def loop(case: Case, catalog: Catalog) -> Composition:
    """The composition of the least key over all products, found the plain way."""
    best: Composition | None = None
    for product in catalog.products.values():
        bench = Workbench(case=case, catalog=catalog, memory=Memory())
        fits = {must: bench.fit(product, must) for must in (*bench.needs.musts, *bench.needs.nice)}
        for row in combinations(*bench.choices(product, fits)):
            one = bench.composed(product, fits, tuple(measure for measure in row if measure))
            if best is None or one.key < best.key:
                best = one
    if best is None:
        raise ValueError("the catalogue holds no product")
    return best
