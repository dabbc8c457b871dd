"""Every query on events."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Max

from ..core.database import catch_duplicate
from .models import Event

NUMBERED_AT_ONCE = 1000
SWEPT = 1000


class EventRepository:
    def add_event(self, event: Event) -> None:
        event.save(force_insert=True)

    def has_new_events(self) -> bool:
        return Event.objects.filter(number=None).exists()

    def number_new_events(self) -> None:
        """Locks them until the end of the transaction: two that number at once do it one after the other. Raises
        Duplicate if they number different events, which they do only when there are very many.
        """
        new_events = list(Event.objects.filter(number=None).order_by("id").select_for_update()[:NUMBERED_AT_ONCE])
        last = Event.objects.aggregate(last=Max("number"))["last"] or 0
        for number, event in enumerate(new_events, last + 1):
            event.number = number
        with catch_duplicate():
            Event.objects.bulk_update(new_events, ["number"])

    def find_number(self, event_id: UUID) -> int | None:
        return Event.objects.filter(id=event_id).values_list("number", flat=True).first()

    def remove_events_below(self, event_id: UUID) -> int:
        """Removes up to SWEPT. Returns how many."""
        old = list(Event.objects.filter(id__lt=event_id).values_list("id", flat=True)[:SWEPT])
        return Event.objects.filter(id__in=old).delete()[0]

    def list_events(self, last_seen: int, event_type: str | None, limit: int) -> Sequence[Event]:
        events = Event.objects.filter(number__gt=last_seen).order_by("number")
        return list((events.filter(type=event_type) if event_type else events)[:limit])
