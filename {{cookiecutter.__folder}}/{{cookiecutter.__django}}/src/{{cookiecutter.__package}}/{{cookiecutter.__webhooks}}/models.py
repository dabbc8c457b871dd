"""Tables of webhooks."""

from django.db import models


class Webhook(models.Model):
    """The secrets are stored as they are, because a hash of them could sign nothing. `old_secrets` has pairs: a secret,
    and until when it signs, too. Until `sending_until`, something is being sent; until `paused_until`, nothing is. At
    `wake_at`, a job looks what is due.
    """

    id = models.UUIDField(primary_key=True)
    url = models.CharField(max_length=2000)
    types = models.JSONField()
    description = models.CharField(max_length=200)
    is_active = models.BooleanField()
    secret = models.CharField(max_length=100)
    old_secrets = models.JSONField()
    failures = models.IntegerField()
    sending_until = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(null=True)
    is_removed = models.BooleanField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "webhooks"

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """Of one event to one webhook. `next_attempt_at` is None for one that has ended."""

    id = models.UUIDField(primary_key=True)
    webhook = models.ForeignKey(Webhook, on_delete=models.DB_CASCADE, db_index=False, related_name="deliveries")
    event_id = models.UUIDField(db_index=True)
    event_type = models.CharField(max_length=64)
    event = models.JSONField()
    status = models.CharField(max_length=20)
    attempts = models.IntegerField()
    last_status = models.IntegerField(null=True)
    last_attempt_at = models.DateTimeField(null=True)
    next_attempt_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "webhook_deliveries"
        constraints = (
            models.UniqueConstraint(fields=("webhook", "event_id"), name="uq_webhook_deliveries_webhook_id_event_id"),
        )
        indexes = (
            models.Index("webhook", "id", name="ix_webhook_deliveries_id"),
            models.Index("webhook", "status", "id", name="ix_webhook_deliveries_status"),
            models.Index("webhook", "next_attempt_at", name="ix_webhook_deliveries_next"),
        )

    def __str__(self) -> str:
        return f"{self.event_type} {self.id}"
