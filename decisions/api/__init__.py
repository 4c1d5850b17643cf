"""The REST interface: what the pages can do, for programs with a token of a service account.

Django Ninja reads the annotations of the functions here and publishes them as OpenAPI 3.1 under /api/v1/openapi.json;
errors are problem documents (RFC 9457). Approving stays with people: a program cannot stand for a decision.
"""

from decisions.api.application import addresses, api, nothing_here
from decisions.api.page import interface

__all__ = ["addresses", "api", "interface", "nothing_here"]
