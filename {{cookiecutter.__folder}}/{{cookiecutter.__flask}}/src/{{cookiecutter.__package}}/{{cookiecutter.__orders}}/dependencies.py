"""What the routes of orders need."""

from ..core.routing import current_session
from .service import OrderService
from .transactions import orders_of


def order_service() -> OrderService:
    return orders_of(current_session())
