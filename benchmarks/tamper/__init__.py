"""Changes a sealed record in many ways and writes down who notices: `python -m benchmarks.tamper`."""
