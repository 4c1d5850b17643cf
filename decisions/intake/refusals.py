"""What looks like a measurement and is none: what it is, what was expected, and the command that gives it."""

import re
from dataclasses import dataclass

from decisions.intake.reading import Reading, Unreadable
from decisions.intake.source import Source


@dataclass(frozen=True, kw_only=True)
class Lookalike:
    """A pattern in the first 64 KiB, and the advice for it."""

    pattern: re.Pattern[str]
    advice: str


def _like(pattern: str, advice: str) -> Lookalike:
    return Lookalike(pattern=re.compile(pattern, re.MULTILINE), advice=advice)


_KUBECTL = (
    "Add -o json: kubectl get nodes,namespaces,pods,services,deployments,jobs,cronjobs,networkpolicies -A -o json"
)
_LOCUST = "Upload the statistics instead: locust --headless --csv=run writes run_stats.csv."
_NIGHTHAWK = "Run: nighthawk_client --output-format json ... > result.json"
LOOKALIKES: tuple[Lookalike, ...] = (
    _like(r"\AHTTP/\d(?:\.\d)? 401", "Prometheus wants credentials (401): add them to the curl command."),
    _like(r"\AHTTP/\d(?:\.\d)? 403", "The server refuses this user (403): ask for read access to its query API."),
    _like(
        r"\AHTTP/\d(?:\.\d)? 404",
        "Nothing is there (404): check the path prefix, for example /prometheus/api/v1/query.",
    ),
    _like(r"\AHTTP/\d(?:\.\d)? 405", "The method is not allowed (405): send the query with GET or POST."),
    _like(
        r"\AHTTP/\d(?:\.\d)? [45]\d\d", "The server answered with an error: repeat the request and upload its answer."
    ),
    _like(
        r"\A(?:Unauthorized|404 page not found)\s{0,9}\Z",
        "This is an error page of the server: check address and login.",
    ),
    _like(
        r"^unable to connect to \S{1,300} ",
        "wrk could not connect: nothing listens at this address, or a firewall drops it. Run it again against a server "
        "that answers.",
    ),
    _like(
        r"^# (?:HELP|TYPE) \w+",
        "These are raw metrics at one moment, which give no rate and no percentile. Ask Prometheus for them instead: "
        "the manual has the curl commands.",
    ),
    _like(
        r"^(?:Error from server|error: You must be logged in|Unable to connect to the server)",
        f"kubectl failed. {_KUBECTL}",
    ),
    _like(
        r"^(?:NAMESPACE[ ]+)?NAME[ ]+(?:READY|STATUS|TYPE|DESIRED|UP-TO-DATE|COMPLETIONS|POD-SELECTOR|SCHEDULE)\b",
        f"This is kubectl's table for people, which leaves most out. {_KUBECTL}",
    ),
    _like(r"\ATimestamp,User Count,", f"This is Locust's history over time. {_LOCUST}"),
    _like(r"\A\"?Method\"?,\"?Name\"?,\"?Error\"?,", f"This is Locust's list of failures. {_LOCUST}"),
    _like(r"\ACount,Message,Traceback,", f"This is Locust's list of exceptions. {_LOCUST}"),
    _like(r"# reqs[ \t]+# fails", f"This is Locust's console text, rounded and repeated. {_LOCUST}"),
    _like(r"(?:INFO|WARNING)/locust\.\w+", f"This is Locust's log. {_LOCUST}"),
    _like(
        r"^worker_\d{1,9}\.\S{1,200}\.samples: ", f"This is nighthawk's dotted output, one line a number. {_NIGHTHAWK}"
    ),
    _like(
        r"^-{4} Global Information -{4}", "This is Gatling's console text. Upload js/global_stats.json of its report."
    ),
    _like(
        r"^summary [=+] +\d{1,15} in ",
        "This is JMeter's console text, which has no percentiles. Upload its results: jmeter -n -t plan.jmx -l "
        "results.jtl",
    ),
    _like(r'"assertions"\s*:\s*\[', "These are Gatling's assertions. Upload js/global_stats.json of the same report."),
    _like(r"<jmeterTestPlan\b", "This is a JMeter test plan. Upload its results: jmeter -n -t plan.jmx -l results.jtl"),
    _like(
        r"^[ \t]*import .{1,200} from ['\"]k6(?:/|['\"])",
        "This is a k6 script. Upload its result: k6 run --summary-export=summary.json script.js",
    ),
    _like(
        r",HTTP/1\.\d,\d{3},[ ]+\d{1,9}\.\d{1,9},",
        "These are siege's single lines. Upload its report: siege -j ... > siege.json",
    ),
    _like(r"┌─+┬|│ Stat[ ]+│", "This is autocannon's table. Run: autocannon -j URL > result.json"),
    _like(
        r"^#\[Histogram log format",
        "This is an HdrHistogram log, which does not say its unit. Upload the report of the tool that wrote it.",
    ),
    _like(
        r"^(?:[Uu]sage: |Usage of )|unrecognized option|unknown (?:shorthand )?flag|flag provided but not defined",
        "This is the usage text of a program: the run did not start. Correct its options and save the result again.",
    ),
)


def read(source: Source) -> Reading | None:
    """Never a reading: raises Unreadable with advice when the content is known, else None."""
    start = source.start
    if start.startswith(b"\x00") and re.match(rb"\x00.{0,4}\d+\.\d+\.\d+", start, re.DOTALL):
        raise Unreadable(
            "This is Gatling's binary log (3.11 and later). Upload js/global_stats.json of its report: "
            "gatling.sh --reports-only FOLDER writes it."
        )
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        raise Unreadable("This is a picture or a PDF. Upload the figures themselves: the tool's JSON, CSV or text.")
    if source.is_markup:
        raise Unreadable(
            "This is a web page, perhaps a login page that answered instead of the tool. Upload the tool's JSON, CSV "
            "or text, not its HTML report."
        )
    for one in LOOKALIKES:
        if one.pattern.search(source.head):
            raise Unreadable(one.advice)
    if b"\x00" in start:
        raise Unreadable("This is a binary file. Upload the tool's JSON, CSV or text.")
    return None
