"""What records cost: printing and sealing one, and taking in and giving out a thousand."""
