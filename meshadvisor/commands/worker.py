"""Do the work beside the pages: sealing, mail, web hooks, re-assessment, reading from Prometheus.

`meshadvisor serve` runs one by itself. Start more of them where there is much to do; they share the work through the
database. What a worker was doing when it was killed is begun anew by the next one on the same host.
"""

import argparse
import os
from threading import Event, Thread

from meshadvisor.commands import Refusal
from meshadvisor.libraries import how_to_install

EXAMPLES = """  meshadvisor worker                 until interrupted
  meshadvisor worker --until-done    what is in line now, then stop
"""

ROUND = 30
"""Seconds between two looks at what is due and what was left behind."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--until-done", action="store_true", help="stop when nothing is left in line")
    parser.add_argument("--of", type=int, metavar="PID", help="stop when this process has ended (set by serve)")


def run(options: argparse.Namespace) -> int:
    """Work until interrupted, or until nothing is left."""
    if advice := how_to_install():
        raise Refusal(advice)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meshadvisor.settings")
    import django  # noqa: PLC0415

    django.setup()
    from django_tasks_db.management.commands.db_worker import Worker  # noqa: PLC0415

    from decisions.tasks import worker_name  # noqa: PLC0415

    look_round()
    stopped = Event()
    Thread(target=keep_looking, args=(stopped, options.of), daemon=True).start()
    worker = Worker(
        queue_names=["*"],
        interval=0.5,
        batch=options.until_done,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=worker_name(),
        excluded_queue_names=[],
    )
    worker.configure_signals()
    try:
        worker.run()
    finally:
        stopped.set()
    return 0


def look_round() -> None:
    """Take back what dead workers left, forget what is long done, put in line what is due."""
    from django.utils import timezone  # noqa: PLC0415

    from decisions.tasks import forget_done, put_due_in_line, take_back  # noqa: PLC0415

    take_back()
    forget_done(timezone.now())
    put_due_in_line(timezone.now())


def keep_looking(stopped: Event, owner: int | None) -> None:
    """Look round every half minute; end the process when the one it belongs to has gone."""
    from django.db import OperationalError, connection  # noqa: PLC0415

    seconds = 0
    while not stopped.wait(1):
        if owner and os.getppid() != owner:
            os._exit(0)  # the server was killed: nobody is left to stop this worker; its task is begun anew
        seconds += 1
        if seconds % ROUND == 0:
            try:
                look_round()
            except OperationalError:
                pass  # a busy or restarting database: the next round comes
            finally:
                connection.close()
