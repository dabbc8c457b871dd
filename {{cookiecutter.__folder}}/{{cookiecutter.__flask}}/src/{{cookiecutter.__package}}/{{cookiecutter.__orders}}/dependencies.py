"""What the routes of orders need."""

from ..cart.dependencies import cart_service
from ..catalog.dependencies import catalog_service
from ..core.routing import current_session
from .repository import OrderRepository
from .service import OrderService


def order_service() -> OrderService:
    return OrderService(OrderRepository(current_session()), cart_service(), catalog_service())
