"""Calls into pyHanko, which runs an event loop of its own and cannot do so where one is running already."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

for library in ("pyhanko", "pyhanko_certvalidator"):
    # What they log about a damaged file or an unknown issuer stands in the report; a stack of it on standard error
    # helps nobody.
    logging.getLogger(library).addHandler(logging.NullHandler())
    logging.getLogger(library).propagate = False


def outside_any_loop(call: Callable[[], T]) -> T:
    """The result of the call: made in this thread, or in one of its own when this one has a running event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return call()
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call).result()
