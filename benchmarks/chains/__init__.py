"""Call paths that were measured, against what the projection says of them."""
