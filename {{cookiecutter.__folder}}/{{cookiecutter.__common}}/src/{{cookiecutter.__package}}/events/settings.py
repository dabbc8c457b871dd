"""Settings of events."""

from functools import cache

from pydantic import Field

from ..core.settings import EnvironmentSettings, read_settings


class EventSettings(EnvironmentSettings):
    event_retention_days: int = Field(default=90, ge=1, le=3650)


@cache
def get_settings() -> EventSettings:
    return read_settings(EventSettings)
