"""What a user is about to buy. The stock is looked at by the checkout, not here.

Knows no HTTP and no SQL, and never commits: the request is the transaction.
"""

from collections.abc import Sequence
from uuid import UUID

from ..catalog.models import Product
from ..catalog.service import CatalogService
from ..core.errors import Conflict
from ..users.service import UserService
from .repository import CartRepository
from .schemas import CartItemChange, CartItemRead, CartRead


class CurrencyMismatch(Conflict):
    code = "currency_mismatch"


class CartService:
    def __init__(self, cart: CartRepository, catalog: CatalogService, users: UserService) -> None:
        self.cart = cart
        self.catalog = catalog
        self.users = users

    def read(self, user_id: UUID) -> CartRead:
        return _described(self.list_items(user_id))

    def list_items(self, user_id: UUID) -> Sequence[tuple[Product, int]]:
        """Products with their quantities, all in one currency."""
        return self.cart.list_items(user_id)

    def put_item(self, user_id: UUID, product_id: UUID, change: CartItemChange) -> CartRead:
        self.lock(user_id)
        product = self.catalog.keep_product(product_id)
        items = [item for item, _ in self.list_items(user_id)]
        self.cart.remove_other_items(user_id, items)  # Those that are hidden must not come back in another currency.
        if any(item.currency != product.currency for item in items):
            raise CurrencyMismatch("The cart holds products in another currency.")
        self.cart.save_item(user_id, product, change.quantity)
        return self.read(user_id)

    def remove_item(self, user_id: UUID, product_id: UUID) -> None:
        self.cart.remove_item(user_id, product_id)

    def list_product_ids(self, user_id: UUID) -> Sequence[UUID]:
        return self.cart.list_product_ids(user_id)

    def empty(self, user_id: UUID) -> None:
        self.cart.remove_all(user_id)

    def lock(self, user_id: UUID) -> None:
        """Locks the user until the end of the transaction, so that no other request changes this cart."""
        self.users.lock_current_user(user_id)


def _described(lines: Sequence[tuple[Product, int]]) -> CartRead:
    items = [
        CartItemRead(
            product_id=product.id,
            name=product.name,
            quantity=quantity,
            unit_price_cents=product.price_cents,
            line_total_cents=product.price_cents * quantity,
        )
        for product, quantity in lines
    ]
    total = sum(item.line_total_cents for item in items)
    return CartRead(items=items, total_cents=total, currency=lines[0][0].currency if lines else None)
