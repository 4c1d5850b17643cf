"""Coverage-guided fuzzing of the reading of files, by hand: what must never happen is an exception, a hang or a flood.

    python -m benchmarks.intake.fuzz SEEDS -max_total_time=600 -rss_limit_mb=1024 -timeout=10

SEEDS is a folder of files to begin with; what is found is added to it, so give a copy. atheris prints the executions. A
finding is written as crash-*, timeout-* or oom-* into the working directory.
"""

import json
import sys

import atheris

with atheris.instrument_imports(include=["decisions.intake"]):
    from decisions.intake import answers, as_inspect, read


def test_one_input(data: bytes) -> None:
    """Any bytes give readings that can be written as JSON, and a refusal says what was expected."""
    for one in read(data, "file"):
        json.dumps(as_inspect(one), allow_nan=False)
        answers(one)
        if one.kind == "refused" and not one.advice:
            message = "refused without advice"
            raise RuntimeError(message)


if __name__ == "__main__":
    atheris.Setup(sys.argv, test_one_input)
    atheris.Fuzz()
