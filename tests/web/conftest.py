"""What web tests need on top of tests/conftest.py."""

from typing import Any

import pytest
from django.db.backends.sqlite3.operations import DatabaseOperations


@pytest.fixture(scope="session", autouse=True)
def append_only_tables_can_be_emptied_between_tests(django_db_setup: None) -> Any:
    """SQLite empties tables with DELETE, which the append-only triggers refuse: lift them for that moment alone."""
    flush = DatabaseOperations.execute_sql_flush

    def lifted(self: DatabaseOperations, sql_list: list[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
        flush(self, sql_list)
        with self.connection.cursor() as cursor:
            for _, sql in triggers:
                cursor.execute(sql)

    DatabaseOperations.execute_sql_flush = lifted  # type: ignore[method-assign]
    yield
    DatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
