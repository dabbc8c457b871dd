"""Every query on orders. With `owner_id`, only on those of this user; with None, on all."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from .models import Order, OrderItem


class OrderRepository:
    def add_order(self, order: Order, items: Sequence[OrderItem]) -> None:
        order.save(force_insert=True)
        OrderItem.objects.bulk_create(items)

    def list_orders(self, user_id: UUID, below: UUID | None, limit: int, *, status: str | None) -> Sequence[Order]:
        orders = Order.objects.filter(user_id=user_id).order_by("-id")
        if below is not None:
            orders = orders.filter(id__lt=below)
        if status is not None:
            orders = orders.filter(status=status)
        return list(orders[:limit])

    def list_items(self, order_ids: Sequence[UUID]) -> Sequence[OrderItem]:
        """The items of all these orders."""
        return list(OrderItem.objects.filter(order_id__in=order_ids).order_by("order_id", "id"))

    def find_order(self, order_id: UUID, owner_id: UUID | None) -> Order | None:
        return _one(order_id, owner_id).first()

    def lock_order(self, order_id: UUID, owner_id: UUID | None) -> Order | None:
        """Locks the row until the end of the transaction."""
        return _one(order_id, owner_id).select_for_update().first()

    def update_order(self, order: Order, **changes: object) -> None:
        for name, value in changes.items():
            setattr(order, name, value)
        order.save(update_fields=changes)


def _one(order_id: UUID, owner_id: UUID | None) -> QuerySet[Order]:
    orders = Order.objects.filter(id=order_id)
    return orders if owner_id is None else orders.filter(user_id=owner_id)
