"""Every query on orders. With `owner_id`, only on those of this user; with None, on all."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from .models import Order, OrderItem


class OrderRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def add_order(self, order: Order, items: Sequence[OrderItem]) -> None:
        self.session.add(order)
        self.session.flush()
        self.session.add_all(items)

    def list_orders(self, user_id: UUID, below: UUID | None, limit: int, *, status: str | None) -> Sequence[Order]:
        query = select(Order).where(Order.user_id == user_id).order_by(Order.id.desc()).limit(limit)
        if below is not None:
            query = query.where(Order.id < below)
        if status is not None:
            query = query.where(Order.status == status)
        return self.session.scalars(query).all()

    def list_items(self, order_ids: Sequence[UUID]) -> Sequence[OrderItem]:
        """The items of all these orders."""
        query = select(OrderItem).where(OrderItem.order_id.in_(order_ids)).order_by(OrderItem.order_id, OrderItem.id)
        return self.session.scalars(query).all()

    def find_order(self, order_id: UUID, owner_id: UUID | None) -> Order | None:
        return self.session.scalar(_one(order_id, owner_id))

    def lock_order(self, order_id: UUID, owner_id: UUID | None) -> Order | None:
        """Locks the row until the end of the transaction."""
        query = _one(order_id, owner_id).with_for_update()
        return self.session.scalar(query.execution_options(populate_existing=True))

    def update_order(self, order: Order, **changes: object) -> None:
        for name, value in changes.items():
            setattr(order, name, value)


def _one(order_id: UUID, owner_id: UUID | None) -> Select[Order]:
    query = select(Order).where(Order.id == order_id)
    return query if owner_id is None else query.where(Order.user_id == owner_id)
