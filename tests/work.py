"""A task for the tests of the worker."""

from django_tasks import task

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
