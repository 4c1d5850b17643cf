"""What we know: one TOML sheet per product or mode, one per add-on, one table of planning values.

A sheet is strict: unknown keys, missing sources and impossible values are refused with file and key.
"""

from decisions.advisor.catalog.loader import load
from decisions.advisor.catalog.shapes import CatalogError
from decisions.advisor.catalog.sheets import (
    CAPABILITIES,
    AddOnSheet,
    AdvisoryNote,
    Catalog,
    Constraints,
    Fact,
    Level,
    Offer,
    Operations,
    Planning,
    Product,
    Rollout,
)

__all__ = [
    "CAPABILITIES",
    "AddOnSheet",
    "AdvisoryNote",
    "Catalog",
    "CatalogError",
    "Constraints",
    "Fact",
    "Level",
    "Offer",
    "Operations",
    "Planning",
    "Product",
    "Rollout",
    "load",
]
