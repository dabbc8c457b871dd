"""What the routes of events need."""

from .transactions import events as events
