"""Tasks for the tests of the worker, and the worker that does them."""

from django_tasks import task
from django_tasks_db.management.commands.db_worker import Worker

from decisions.tasks import worker_name

DONE: list[str] = []


@task
def note(word: str = "regular") -> None:
    """Remember that it ran."""
    DONE.append(word)


@task
def ask_a_server(word: str, attempt: int = 1) -> bool:
    """Fail, and be put in line again."""
    from decisions.tasks import try_again

    return try_again(ask_a_server, attempt, word, waits=(60, 600))


def work() -> None:
    """Do what is in line, then stop."""
    Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=worker_name(),
        excluded_queue_names=[],
    ).run()
