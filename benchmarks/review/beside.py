"""django-adr 2.0.0 with as many decisions, measured as ours are: run by its own interpreter, which has it installed.

It takes, on standard input, {"size", "warm", "timed", "text"}, and prints {page: {median_ms, p99_ms, queries, bytes}}.
Each decision gets the same text, the Markdown of one of our records. Its pages need no sign-in and have no roles; it
has no search and no board. What takes long is asked for less often, and the figures say how often. It answers in this
process, without a network, on SQLite in memory, which favours it.
"""

import json
import statistics
import sys
import time
from typing import Any

import django
from django.conf import settings

PATIENCE, FEWEST = 60.0, 2
"""Seconds after which a page is asked for no more, once so many answers were timed."""


def main() -> int:
    """Measure and print."""
    asked: dict[str, Any] = json.load(sys.stdin)
    settings.configure(
        SECRET_KEY="benchmark",
        ALLOWED_HOSTS=["testserver"],
        ROOT_URLCONF="django_adr.urls",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", "django_adr"],
        REST_FRAMEWORK={"DEFAULT_PERMISSION_CLASSES": [], "DEFAULT_AUTHENTICATION_CLASSES": []},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        STATIC_URL="/static/",
    )
    django.setup()
    from django.core.management import call_command
    from django.urls import include, path
    from django_adr.models import ADR

    call_command("migrate", verbosity=0)
    sys.modules["beside_urls"] = type(sys)("beside_urls")
    found = [path("", include("django_adr.urls", namespace="django_adr"))]
    sys.modules["beside_urls"].urlpatterns = found  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = "beside_urls"
    text, size = asked["text"], asked["size"]
    rows = (ADR(title=f"Decision {place}", status="accepted", context=text) for place in range(size))
    ADR.objects.bulk_create(rows, batch_size=500)
    pages = {
        "list": ["/"],
        "detail": [f"/{1 + size // 20 * place}/" for place in range(20)],
        "API list": ["/api/adrs/"],
    }
    print(json.dumps({name: timed(addresses, asked) for name, addresses in pages.items()}))
    return 0


def timed(addresses: list[str], asked: dict[str, Any]) -> dict[str, float]:
    """What our own benchmark measures, and the size of the longest answer."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, times, work, queries, longest = Client(), [], [], 0, 0
    for address in addresses:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        queries, longest = max(queries, len(captured)), max(longest, len(answer.content))
    started = time.perf_counter()
    for turn in range(asked["warm"] + asked["timed"]):
        if time.perf_counter() - started > PATIENCE and len(times) >= FEWEST:
            break
        begun, worked = time.perf_counter(), time.process_time()
        client.get(addresses[turn % len(addresses)])
        if turn >= asked["warm"]:
            times.append((time.perf_counter() - begun) * 1000)
            work.append((time.process_time() - worked) * 1000)
    print(f"  processor: median {statistics.median(work):.1f} ms", file=sys.stderr)
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    median, p99 = round(statistics.median(times), 1), round(cuts[98], 1)
    found = {"median_ms": median, "p99_ms": p99, "cpu_median_ms": round(statistics.median(work), 1)}
    return found | {"queries": queries, "bytes": longest, "requests": len(times)}


if __name__ == "__main__":
    sys.exit(main())
