"""The cart over HTTP."""

from uuid import UUID

from ninja import Router, Status

from ..auth.dependencies import SignedInRequest, signed_in
from .dependencies import cart
from .schemas import CartItemChange, CartRead

router = Router()


@router.get("/cart", response=CartRead, auth=signed_in)
def read_cart(request: SignedInRequest) -> CartRead:
    return cart.read(request.auth.id)


@router.put("/cart/items/{id:product_id}", response=CartRead, auth=signed_in)
def put_cart_item(request: SignedInRequest, product_id: UUID, change: CartItemChange) -> CartRead:
    return cart.put_item(request.auth.id, product_id, change)


@router.delete("/cart/items/{id:product_id}", response={204: None}, auth=signed_in)
def remove_cart_item(request: SignedInRequest, product_id: UUID) -> Status[None]:
    cart.remove_item(request.auth.id, product_id)
    return Status(204, None)
