"""Tables of orders."""

from django.db import models

from ..catalog.models import Product
from ..users.models import User


class Order(models.Model):
    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.DB_SET_NULL, null=True, db_index=False)
    status = models.CharField(max_length=20)
    total_cents = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "orders"
        indexes = (
            models.Index("user", "id", name="ix_orders_user_id_id"),
            models.Index("user", "status", "id", name="ix_orders_user_id_status_id"),
        )

    def __str__(self) -> str:
        return str(self.id)


class OrderItem(models.Model):
    """A product as it was when it was ordered."""

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.RESTRICT, db_index=False)
    product = models.ForeignKey(Product, on_delete=models.RESTRICT)
    sku = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    quantity = models.IntegerField()
    unit_price_cents = models.IntegerField()

    class Meta:
        db_table = "order_items"
        indexes = (models.Index("order", "id", name="ix_order_items_order_id_id"),)

    def __str__(self) -> str:
        return f"{self.quantity} of {self.name}"
