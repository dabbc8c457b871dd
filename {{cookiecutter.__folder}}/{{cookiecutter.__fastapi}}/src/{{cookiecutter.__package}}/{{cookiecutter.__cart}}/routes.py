"""The cart over HTTP."""

from uuid import UUID

from ..auth.dependencies import SignedIn
from ..core.routing import api_router
from .dependencies import Cart
from .schemas import CartItemChange, CartRead

router = api_router()


@router.get("/cart")
def read_cart(current_user: SignedIn, cart: Cart) -> CartRead:
    return cart.read(current_user.id)


@router.put("/cart/items/{product_id:id}")
def put_cart_item(product_id: UUID, change: CartItemChange, current_user: SignedIn, cart: Cart) -> CartRead:
    return cart.put_item(current_user.id, product_id, change)


@router.delete("/cart/items/{product_id:id}", status_code=204)
def remove_cart_item(product_id: UUID, current_user: SignedIn, cart: Cart) -> None:
    cart.remove_item(current_user.id, product_id)
