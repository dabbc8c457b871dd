"""What the routes of orders need."""

from ..cart.dependencies import cart_service
from ..catalog.dependencies import catalog_service
from ..core.routing import current_session
from ..payments.repository import PaymentRepository
from .repository import OrderRepository
from .service import OrderService


def order_service() -> OrderService:
    session = current_session()
    refund = PaymentRepository(session).mark_refund_due
    return OrderService(OrderRepository(session), cart_service(), catalog_service(), refund)
