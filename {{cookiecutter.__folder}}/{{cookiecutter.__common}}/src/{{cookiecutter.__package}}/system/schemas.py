"""What the probes answer."""

from typing import Literal

from ..core.schemas import ResponseBody


class Health(ResponseBody):
    status: Literal["ok"]


class Checks(ResponseBody):
    database: Literal["ok"]
    migrations: Literal["ok"]


class Readiness(ResponseBody):
    status: Literal["ready"]
    checks: Checks
