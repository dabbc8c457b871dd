"""Orders for development, of user@example.com."""

from ..cart.schemas import CartItemChange
from ..catalog.schemas import ProductQuery
from .schemas import OrderQuery, OrderStatus
from .transactions import orders_in_transaction

CUSTOMER = "user@example.com"
ORDERS = 3


def seed() -> None:
    """Does nothing if the customer has orders or a cart already, or if there are too few products."""
    with orders_in_transaction() as orders:
        customer = orders.cart.users.find_active_user(CUSTOMER)
        if customer is None or orders.list_orders(customer.id, OrderQuery(limit=1)).items:
            return
        newest = orders.catalog.list_products(ProductQuery(limit=100)).items
        products = [product for product in newest if product.currency == "EUR" and product.stock > 0]
        if len(products) < 2 * ORDERS or orders.cart.list_product_ids(customer.id):
            return
        made = []
        for number in range(ORDERS):
            for product in products[2 * number : 2 * number + 2]:
                orders.cart.put_item(customer.id, product.id, CartItemChange(quantity=1))
            made.append(orders.check_out(customer.id))
        orders.change_status(customer, made[-1].id, OrderStatus.CANCELLED)
    print(f"{CUSTOMER}: has {ORDERS} orders")
