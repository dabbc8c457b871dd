"""Tables of events."""

from django.db import models


class Event(models.Model):
    """`number` is the place in the list. It is given after the commit, so that a lower one never appears later."""

    id = models.UUIDField(primary_key=True)
    number = models.BigIntegerField(null=True, unique=True)
    type = models.CharField(max_length=64)
    data = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "events"
        indexes = (models.Index(fields=("type", "number"), name="ix_events_type_number"),)

    def __str__(self) -> str:
        return f"{self.type} {self.id}"
