"""How often the verdict on a pilot is wrong: simulated runs, cut in two halves that are the same system."""
