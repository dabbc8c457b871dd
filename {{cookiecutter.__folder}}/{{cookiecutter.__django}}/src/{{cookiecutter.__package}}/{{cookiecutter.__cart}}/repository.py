"""Every query on carts."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F
from uuid_utils.compat import uuid7

from ..catalog.models import Product
from .models import CartItem


class CartRepository:
    def list_items(self, user_id: UUID) -> Sequence[tuple[Product, int]]:
        """Products with their quantities, without those that have been archived or got another currency meanwhile."""
        items = CartItem.objects.filter(user_id=user_id, currency=F("product__currency"), product__archived_at=None)
        return [(item.product, item.quantity) for item in items.select_related("product").order_by("id")]

    def list_product_ids(self, user_id: UUID) -> Sequence[UUID]:
        return list(CartItem.objects.filter(user_id=user_id).values_list("product_id", flat=True))

    def save_item(self, user_id: UUID, product: Product, quantity: int) -> None:
        item = CartItem(id=uuid7(), user_id=user_id, product=product, quantity=quantity, currency=product.currency)
        CartItem.objects.bulk_create(
            [item],
            update_conflicts=True,
            unique_fields=["user", "product"],
            update_fields=["quantity", "currency"],
        )

    def remove_item(self, user_id: UUID, product_id: UUID) -> None:
        CartItem.objects.filter(user_id=user_id, product_id=product_id).delete()

    def remove_other_items(self, user_id: UUID, products: Sequence[Product]) -> None:
        CartItem.objects.filter(user_id=user_id).exclude(product__in=products).delete()

    def remove_all(self, user_id: UUID) -> None:
        CartItem.objects.filter(user_id=user_id).delete()
