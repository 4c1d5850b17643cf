"""What the sheets say of each other: a name must have its sheet, a product its figures."""

from collections.abc import Collection, Iterator

from decisions.advisor.catalog.sheets import AddOnSheet, Catalog, Product


def dangling(catalog: Catalog, projected: Collection[str]) -> Iterator[str]:
    """Every name without what it names, as a problem in words. `projected` are the products with overhead figures."""
    for product in catalog.products.values():
        yield from _without_figures(product, projected)
    for add_on in catalog.add_ons.values():
        yield from _unknown_products(add_on, catalog)


def _without_figures(product: Product, projected: Collection[str]) -> Iterator[str]:
    known = ", ".join(projected)
    if product.projected_as and product.projected_as not in projected:
        yield f"{product.id}: projected_as: {product.projected_as!r} is not one of {known}"
    elif not product.projected_as and product.id not in projected:
        yield (
            f"{product.id}: projected_as is missing: there are no overhead figures for this product; "
            f"name the one whose figures fit best, of {known}"
        )


def _unknown_products(add_on: AddOnSheet, catalog: Catalog) -> Iterator[str]:
    for one in add_on.exclusive_to:
        if one not in catalog.products:
            yield f"{add_on.id}: exclusive_to: {one!r} is not one of {', '.join(catalog.products)}"
