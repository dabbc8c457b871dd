"""The catalogue over HTTP."""

from uuid import UUID

from flask import Blueprint

from ..auth.dependencies import ADMIN
from ..core.pagination import Page
from ..core.routing import ANYONE, operation
from ..core.schemas import PageRead
from .dependencies import catalog_service
from .models import Product
from .schemas import (
    CategoryList,
    CategoryRead,
    NewCategory,
    NewProduct,
    ProductChange,
    ProductQuery,
    ProductRead,
)

bp = Blueprint("catalog", __name__)


@bp.get("/categories")
@operation(ANYONE, returns=CategoryList)
def list_categories() -> CategoryList:
    return catalog_service().list_categories()


@bp.post("/categories")
@operation(ADMIN, returns=CategoryRead, status=201)
def add_category(body: NewCategory) -> tuple[CategoryRead, dict[str, str]]:
    return catalog_service().add_category(body), {"Location": "/api/v1/categories"}


@bp.get("/products")
@operation(ANYONE, returns=PageRead[ProductRead])
def list_products(query: ProductQuery) -> Page[Product]:
    return catalog_service().list_products(query)


@bp.post("/products")
@operation(ADMIN, returns=ProductRead, status=201)
def add_product(body: NewProduct) -> tuple[Product, dict[str, str]]:
    product = catalog_service().add_product(body)
    return product, {"Location": f"/api/v1/products/{product.id}"}


@bp.get("/products/<id:product_id>")
@operation(ANYONE, returns=ProductRead)
def read_product(product_id: UUID) -> Product:
    return catalog_service().read_product(product_id)


@bp.patch("/products/<id:product_id>")
@operation(ADMIN, returns=ProductRead)
def change_product(product_id: UUID, changes: ProductChange) -> Product:
    return catalog_service().change_product(product_id, changes)


@bp.delete("/products/<id:product_id>")
@operation(ADMIN, returns=None, status=204)
def remove_product(product_id: UUID) -> None:
    catalog_service().remove_product(product_id)
