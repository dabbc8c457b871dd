"""The functions that the worker runs: `@job` and `@scheduled`, in `jobs.py` of a feature."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from inspect import iscoroutinefunction

from cronsim import CronSim, CronSimError
from pydantic import validate_call

from ..features import feature_modules

_validated = validate_call(config={"hide_input_in_errors": True})


@dataclass(frozen=True)
class RegisteredJob:
    """`schedule` is None for one that runs only when it is enqueued."""

    name: str
    run: Callable[..., object]
    schedule: str | None


_registered: dict[str, RegisteredJob] = {}


def job[Function: Callable[..., object]](function: Function) -> Function:
    """Services enqueue it by the names of its feature and of the function: `notes.export`. Its arguments come as JSON
    and are converted to the types of its parameters. It may run twice: a worker can die before it says that it is done.
    """
    register(function)
    return function


def scheduled[Function: Callable[[], object]](schedule: str) -> Callable[[Function], Function]:
    """A job that runs at these times, in UTC, written as for cron: minute, hour, day, month, weekday. It runs once,
    however many workers there are, and if none was up, as soon as one is.
    """

    def decorate(function: Function) -> Function:
        register(function, schedule)
        return function

    return decorate


def register(
    function: Callable[..., object], schedule: str | None = None, run: Callable[..., object] | None = None
) -> str:
    """Returns the name of the job. `run` calls the function, if that needs more than arguments of the right types.
    Raises LookupError, with what to do, for one that could not run.
    """
    module = function.__module__
    name = ".".join([module.split(".")[-2], function.__name__])
    if iscoroutinefunction(function):
        raise LookupError(f"{module}: the job {name} is async, but jobs run in threads; make it a plain function.")
    if schedule is not None and not is_schedule(schedule):
        raise LookupError(f"{module}: the schedule of {name} should be like 30 4 * * *, as for cron.")
    if name in _registered:
        raise LookupError(f"{module}: there is another job {name}; rename one of them.")
    _registered[name] = RegisteredJob(name, run or _validated(function), schedule)
    return name


def is_schedule(text: str) -> bool:
    try:
        next_time(text, datetime.now(UTC))
    except (CronSimError, StopIteration):
        return False
    return True


def next_time(schedule: str, now: datetime) -> datetime:
    return next(CronSim(schedule, now))


@cache
def registered_jobs() -> dict[str, RegisteredJob]:
    """Those of all features, by name."""
    for module in ("jobs", "handlers"):
        list(feature_modules(module))
    return _registered
