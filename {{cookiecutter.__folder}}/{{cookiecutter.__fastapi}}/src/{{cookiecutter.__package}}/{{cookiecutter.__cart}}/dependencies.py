"""What the routes of the cart need."""

from typing import Annotated

from fastapi import Depends

from ..catalog.dependencies import Catalog
from ..core.routing import DbSession
from ..users.dependencies import Users
from .repository import CartRepository
from .service import CartService


async def cart_service(session: DbSession, catalog: Catalog, users: Users) -> CartService:
    return CartService(CartRepository(session), catalog, users)


Cart = Annotated[CartService, Depends(cart_service)]
