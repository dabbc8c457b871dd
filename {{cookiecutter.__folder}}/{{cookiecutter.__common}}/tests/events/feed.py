"""Follows the list of events as a client does."""

from typing import Any

import httpx2


class Feed:
    """Begins after what has happened so far."""

    def __init__(self, admin: httpx2.Client) -> None:
        self.admin = admin
        self.after: str | None = None
        self.read()

    def read(self, limit: int = 100) -> list[dict[str, Any]]:
        """What has happened since the last call."""
        parameters: dict[str, str | int] = {"limit": limit} | ({"after": self.after} if self.after else {})
        page = self.admin.get("/api/v1/events", params=parameters).json()
        self.after = page["next_after"]
        events: list[dict[str, Any]] = page["items"]
        return events

    def read_about(self, *subjects: str) -> list[tuple[str, dict[str, Any]]]:
        """The types and data of those about `user`, for example."""
        events = [(event["type"], event["data"]) for event in self.read()]
        return [(kind, data) for kind, data in events if kind.partition(".")[0] in subjects]
