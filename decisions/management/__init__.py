"""What administrators do from the command line."""
