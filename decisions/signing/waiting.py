"""Calls into pyHanko, which runs an event loop of its own and cannot do so where one is running already."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def outside_any_loop(call: Callable[[], T]) -> T:
    """The result of the call: made in this thread, or in one of its own when this one has a running event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return call()
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call).result()
