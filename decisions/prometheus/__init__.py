"""Measurements read from a team's Prometheus: the connection, its questions, and a run of them beside the pages."""
