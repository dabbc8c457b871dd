"""Tables of payments."""

from django.db import models

from ..orders.models import Order


class Payment(models.Model):
    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.RESTRICT, db_index=False)
    status = models.CharField(max_length=20)
    amount_cents = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "payments"
        indexes = (models.Index("order", "id", name="ix_payments_order_id_id"),)

    def __str__(self) -> str:
        return str(self.id)


class ReceivedEvent(models.Model):
    """An event of the payment provider, which may send it again."""

    id = models.CharField(max_length=255, primary_key=True)
    received_at = models.DateTimeField()

    class Meta:
        db_table = "payment_events"

    def __str__(self) -> str:
        return self.id
