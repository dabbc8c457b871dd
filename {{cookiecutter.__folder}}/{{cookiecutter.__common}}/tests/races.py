"""A second request that comes in the middle of the first."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest


@dataclass
class Second:
    waited: bool = False
    result: Any = None


@contextmanager
def meanwhile(owner: type, method: str, work: Callable[[], object]) -> Iterator[Second]:
    """Does the work in another thread when `method` is called first, which goes on when the work is done or waits."""
    original, second = getattr(owner, method), Second()
    with ThreadPoolExecutor(1) as pool, pytest.MonkeyPatch.context() as patch:
        futures = []

        def interrupted(*arguments: Any, **named: Any) -> Any:
            patch.undo()
            futures.append(pool.submit(work))
            second.waited = bool(wait(futures, timeout=0.3).not_done)
            return original(*arguments, **named)

        patch.setattr(owner, method, interrupted)
        yield second
        [future] = futures
        second.result = future.result()
