"""What a customer has bought, and what becomes of it.

Knows no HTTP and no SQL, and never commits: the request is the transaction.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import structlog
from uuid_utils.compat import uuid7

from ..cart.service import CartService
from ..catalog.models import Product
from ..catalog.service import CatalogService
from ..core.errors import Conflict, FieldError, Forbidden, NotFound
from ..core.pagination import Cursors, Page
from ..users.models import User
from ..users.schemas import Role
from .models import Order, OrderItem
from .repository import OrderRepository
from .schemas import OrderItemRead, OrderQuery, OrderRead, OrderStatus

log = structlog.get_logger()

order_cursors = Cursors("orders")

# Who may change the status, by (from, to). From pending to paid, only a payment does: see `pay`.
OWNER, ADMIN = "owner", "admin"
TRANSITIONS: dict[tuple[str, str], set[str]] = {
    (OrderStatus.PENDING, OrderStatus.CANCELLED): {OWNER, ADMIN},
    (OrderStatus.PAID, OrderStatus.FULFILLED): {ADMIN},
    (OrderStatus.PAID, OrderStatus.CANCELLED): {ADMIN},
}


class CartEmpty(Conflict):
    code = "cart_empty"


class OutOfStock(Conflict):
    code = "out_of_stock"


class InvalidTransition(Conflict):
    code = "invalid_transition"


class OrderNotFound(NotFound):
    code = "order_not_found"


class OrderService:
    """`mark_refund_due` marks the payment of an order that is cancelled, if it was paid. `record` writes an event."""

    def __init__(
        self,
        orders: OrderRepository,
        cart: CartService,
        catalog: CatalogService,
        mark_refund_due: Callable[[UUID], None],
        record: Callable[..., None],
    ) -> None:
        self.orders = orders
        self.cart = cart
        self.catalog = catalog
        self.mark_refund_due = mark_refund_due
        self.record = record

    def check_out(self, user_id: UUID) -> OrderRead:
        """Turns the cart into an order. Takes the stock of all items or, if one of them is short, of none."""
        self.cart.lock(user_id)
        self.catalog.lock_products(self.cart.list_product_ids(user_id))
        lines = self.cart.list_items(user_id)
        if not lines:
            raise CartEmpty("The cart is empty.")
        missing = self.catalog.take_stock({product.id: quantity for product, quantity in lines})
        if missing:
            raise OutOfStock("There is not enough of some products.", _shortages(lines, missing))
        now = datetime.now(UTC)
        total = sum(product.price_cents * quantity for product, quantity in lines)
        order = Order(
            id=uuid7(),
            user_id=user_id,
            status=OrderStatus.PENDING,
            total_cents=total,
            currency=lines[0][0].currency,
            created_at=now,
            updated_at=now,
        )
        items = [
            OrderItem(
                id=uuid7(),
                order_id=order.id,
                product_id=product.id,
                sku=product.sku,
                name=product.name,
                quantity=quantity,
                unit_price_cents=product.price_cents,
            )
            for product, quantity in lines
        ]
        self.orders.add_order(order, items)
        self.cart.empty(user_id)
        self.record("order.created", order_id=order.id, user_id=user_id, total_cents=total, currency=order.currency)
        log.info("order_created", order_id=order.id, user_id=user_id, total_cents=total)
        return _described(order, items)

    def list_orders(self, user_id: UUID, query: OrderQuery) -> Page[OrderRead]:
        page = order_cursors.page(query, partial(self.orders.list_orders, user_id, status=query.status))
        items: dict[UUID, list[OrderItem]] = {order.id: [] for order in page.items}
        for item in self.orders.list_items(list(items)):
            items[item.order_id].append(item)
        return Page([_described(order, items[order.id]) for order in page.items], page.next_cursor)

    def read_order(self, reader: User, order_id: UUID) -> OrderRead:
        order = self.find_order(reader, order_id)
        return _described(order, self.orders.list_items([order.id]))

    def find_order(self, reader: User, order_id: UUID) -> Order:
        return _found(self.orders.find_order(order_id, _only_of(reader)))

    def change_status(self, user: User, order_id: UUID, status: OrderStatus) -> OrderRead:
        order = _found(self.orders.lock_order(order_id, _only_of(user)))
        allowed = TRANSITIONS.get((order.status, status))
        if allowed is None:
            raise InvalidTransition(f"An order that is {order.status} can not become {status}.")
        if (ADMIN if user.role == Role.ADMIN else OWNER) not in allowed:
            raise Forbidden("Only administrators may do this.")
        items = self.orders.list_items([order.id])
        if status == OrderStatus.CANCELLED:
            self.catalog.put_back({item.product_id: item.quantity for item in items})
            self.mark_refund_due(order.id)
        self._set_status(order, status)
        return _described(order, items)

    def lock_own_order(self, user_id: UUID, order_id: UUID) -> Order:
        return _found(self.orders.lock_order(order_id, user_id))

    def lock_order(self, order_id: UUID) -> Order:
        return _found(self.orders.lock_order(order_id, None))

    def is_payable(self, order: Order) -> bool:
        return order.status == OrderStatus.PENDING

    def pay(self, order: Order) -> bool:
        """For an order that is locked. False when it does not need the money: it is cancelled, or paid already."""
        if self.is_payable(order):
            self._set_status(order, OrderStatus.PAID)
            return True
        return False

    def _set_status(self, order: Order, status: OrderStatus) -> None:
        self.orders.update_order(order, status=status, updated_at=datetime.now(UTC))
        self.record(f"order.{status}", order_id=order.id, user_id=order.user_id)
        log.info("order_changed", order_id=order.id, status=status)


def _only_of(user: User) -> UUID | None:
    """Whose orders the user may see. None for an administrator, who may see all."""
    return None if user.role == Role.ADMIN else user.id


def _found(order: Order | None) -> Order:
    if order is None:
        raise OrderNotFound("There is no such order.")
    return order


def _shortages(lines: Sequence[tuple[Product, int]], missing: Collection[UUID]) -> list[FieldError]:
    return [
        FieldError(  # A checkout has no body: the field is the id of the product.
            location="body",
            field=str(product.id),
            message=f"There are fewer than {quantity} of {product.name}.",
            type=OutOfStock.code,
        )
        for product, quantity in lines
        if product.id in missing
    ]


def _described(order: Order, items: Sequence[OrderItem]) -> OrderRead:
    return OrderRead(
        id=order.id,
        status=OrderStatus(order.status),
        items=[OrderItemRead.model_validate(item) for item in items],
        total_cents=order.total_cents,
        currency=order.currency,
        created_at=order.created_at,
        updated_at=order.updated_at,
    )
