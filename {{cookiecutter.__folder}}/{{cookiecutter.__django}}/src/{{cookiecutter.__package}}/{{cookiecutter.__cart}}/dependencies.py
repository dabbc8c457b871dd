"""What the routes of the cart need."""

from ..catalog.dependencies import catalog
from ..users.dependencies import users
from .repository import CartRepository
from .service import CartService

cart = CartService(CartRepository(), catalog, users)
