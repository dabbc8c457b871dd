"""The catalogue over HTTP."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from ..auth.dependencies import admin
from ..core.pagination import Page
from ..core.routing import anyone
from ..core.schemas import PageRead
from .dependencies import catalog
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

router = Router()


@router.get("/categories", response=CategoryList, auth=anyone)
def list_categories(request: HttpRequest) -> CategoryList:
    return catalog.list_categories()


@router.post("/categories", response={201: CategoryRead}, auth=admin)
def add_category(request: HttpRequest, body: NewCategory, response: HttpResponse) -> Status[CategoryRead]:
    response["Location"] = "/api/v1/categories"
    return Status(201, catalog.add_category(body))


@router.get("/products", response=PageRead[ProductRead], auth=anyone)
def list_products(request: HttpRequest, query: Query[ProductQuery]) -> Page[Product]:
    return catalog.list_products(query)


@router.post("/products", response={201: ProductRead}, auth=admin)
def add_product(request: HttpRequest, body: NewProduct, response: HttpResponse) -> Status[Product]:
    product = catalog.add_product(body)
    response["Location"] = f"/api/v1/products/{product.id}"
    return Status(201, product)


@router.get("/products/{id:product_id}", response=ProductRead, auth=anyone)
def read_product(request: HttpRequest, product_id: UUID) -> Product:
    return catalog.read_product(product_id)


@router.patch("/products/{id:product_id}", response=ProductRead, auth=admin)
def change_product(request: HttpRequest, product_id: UUID, changes: ProductChange) -> Product:
    return catalog.change_product(product_id, changes)


@router.delete("/products/{id:product_id}", response={204: None}, auth=admin)
def remove_product(request: HttpRequest, product_id: UUID) -> Status[None]:
    catalog.remove_product(product_id)
    return Status(204, None)
