"""What the routes of the cart need."""

from ..catalog.dependencies import catalog_service
from ..core.routing import current_session
from ..users.dependencies import user_service
from .repository import CartRepository
from .service import CartService


def cart_service() -> CartService:
    return CartService(CartRepository(current_session()), catalog_service(), user_service())
