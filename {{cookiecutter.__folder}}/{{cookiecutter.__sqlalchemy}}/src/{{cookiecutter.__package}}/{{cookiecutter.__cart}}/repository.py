"""Every query on carts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from ..catalog.models import Product
from ..core.database import insert
from .models import CartItem


class CartRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def list_items(self, user_id: UUID) -> Sequence[tuple[Product, int]]:
        """Products with their quantities, without those that have been archived or got another currency meanwhile."""
        query = select(Product, CartItem.quantity).join(CartItem, CartItem.product_id == Product.id)
        query = query.where(CartItem.user_id == user_id, CartItem.currency == Product.currency)
        rows = self.session.execute(query.where(Product.archived_at.is_(None)).order_by(CartItem.id))
        return [(product, quantity) for product, quantity in rows]

    def list_product_ids(self, user_id: UUID) -> Sequence[UUID]:
        return self.session.scalars(select(CartItem.product_id).where(CartItem.user_id == user_id)).all()

    def save_item(self, user_id: UUID, product: Product, quantity: int) -> None:
        changes = {"quantity": quantity, "currency": product.currency}
        row = insert(CartItem).values(id=uuid7(), user_id=user_id, product_id=product.id, **changes)
        self.session.execute(row.on_conflict_do_update(index_elements=["user_id", "product_id"], set_=changes))

    def remove_item(self, user_id: UUID, product_id: UUID) -> None:
        query = delete(CartItem).where(CartItem.user_id == user_id, CartItem.product_id == product_id)
        self.session.execute(query)

    def remove_other_items(self, user_id: UUID, products: Sequence[Product]) -> None:
        ids = [product.id for product in products]
        self.session.execute(delete(CartItem).where(CartItem.user_id == user_id, CartItem.product_id.not_in(ids)))

    def remove_all(self, user_id: UUID) -> None:
        self.session.execute(delete(CartItem).where(CartItem.user_id == user_id))
