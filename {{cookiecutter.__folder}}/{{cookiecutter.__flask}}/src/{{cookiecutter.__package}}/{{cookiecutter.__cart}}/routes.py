"""The cart over HTTP."""

from uuid import UUID

from flask import Blueprint

from ..auth.dependencies import SIGNED_IN
from ..auth.service import CurrentUser
from ..core.routing import operation
from .dependencies import cart_service
from .schemas import CartItemChange, CartRead

bp = Blueprint("cart", __name__)


@bp.get("/cart")
@operation(SIGNED_IN, returns=CartRead)
def read_cart(current_user: CurrentUser) -> CartRead:
    return cart_service().read(current_user.id)


@bp.put("/cart/items/<id:product_id>")
@operation(SIGNED_IN, returns=CartRead)
def put_cart_item(product_id: UUID, change: CartItemChange, current_user: CurrentUser) -> CartRead:
    return cart_service().put_item(current_user.id, product_id, change)


@bp.delete("/cart/items/<id:product_id>")
@operation(SIGNED_IN, returns=None, status=204)
def remove_cart_item(product_id: UUID, current_user: CurrentUser) -> None:
    cart_service().remove_item(current_user.id, product_id)
