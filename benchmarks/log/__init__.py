"""What the log costs when it is long."""
