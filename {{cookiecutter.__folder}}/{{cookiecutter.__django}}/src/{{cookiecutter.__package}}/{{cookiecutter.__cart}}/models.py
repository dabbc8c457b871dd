"""Tables of carts."""

from django.db import models

from ..catalog.models import Product
from ..users.models import User


class CartItem(models.Model):
    id = models.UUIDField(primary_key=True)  # Grows with time: items are listed as they were added.
    user = models.ForeignKey(User, on_delete=models.DB_CASCADE, db_index=False)
    product = models.ForeignKey(Product, on_delete=models.DB_CASCADE)
    quantity = models.IntegerField()
    currency = models.CharField(max_length=3)  # Of the product when it was added.

    class Meta:
        db_table = "cart_items"
        constraints = (models.UniqueConstraint(fields=("user", "product"), name="uq_cart_items_user_id_product_id"),)

    def __str__(self) -> str:
        return f"{self.quantity} of {self.product_id}"
