"""What the operations on orders need."""

from ..cart.dependencies import cart
from ..catalog.dependencies import catalog
from ..payments.repository import PaymentRepository
from .repository import OrderRepository
from .service import OrderService

orders = OrderService(OrderRepository(), cart, catalog, PaymentRepository().mark_refund_due)
