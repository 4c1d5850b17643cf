"""What every answer carries: the Content-Security-Policy, and for pages the encoding they are sent in."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class ContentSecurityPolicy:
    """Sends settings.CONTENT_SECURITY_POLICY unless the view has set a policy of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = "; ".join(f"{name} {sources}" for name, sources in settings.CONTENT_SECURITY_POLICY.items())

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer with the header."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


class CompressedPages(GZipMiddleware):
    """Sends HTML as gzip to whoever takes it; a step of the wizard shrinks to a sixth.

    Files and answers of the API stay as they are: their ETags are compared strongly, and a PDF does not shrink. Django
    pads what it compresses at random, and masks the CSRF token anew each time, against the BREACH attack.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer, compressed when it is a page."""
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
