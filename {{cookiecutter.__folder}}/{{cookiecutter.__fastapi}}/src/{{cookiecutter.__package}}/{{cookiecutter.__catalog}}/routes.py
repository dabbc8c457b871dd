"""The catalogue over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from ..auth.dependencies import Admin
from ..core.pagination import Page
from ..core.routing import ANYONE, api_router
from ..core.schemas import PageRead
from .dependencies import Catalog
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

router = api_router()


@router.get("/categories", dependencies=[ANYONE])
def list_categories(catalog: Catalog) -> CategoryList:
    return catalog.list_categories()


@router.post("/categories", status_code=201)
def add_category(body: NewCategory, _admin: Admin, catalog: Catalog, response: Response) -> CategoryRead:
    response.headers["Location"] = "/api/v1/categories"
    return catalog.add_category(body)


@router.get("/products", response_model=PageRead[ProductRead], dependencies=[ANYONE])
def list_products(query: Annotated[ProductQuery, Query()], catalog: Catalog) -> Page[Product]:
    return catalog.list_products(query)


@router.post("/products", status_code=201, response_model=ProductRead)
def add_product(body: NewProduct, _admin: Admin, catalog: Catalog, response: Response) -> Product:
    product = catalog.add_product(body)
    response.headers["Location"] = f"/api/v1/products/{product.id}"
    return product


@router.get("/products/{product_id:id}", response_model=ProductRead, dependencies=[ANYONE])
def read_product(product_id: UUID, catalog: Catalog) -> Product:
    return catalog.read_product(product_id)


@router.patch("/products/{product_id:id}", response_model=ProductRead)
def change_product(product_id: UUID, changes: ProductChange, _admin: Admin, catalog: Catalog) -> Product:
    return catalog.change_product(product_id, changes)


@router.delete("/products/{product_id:id}", status_code=204)
def remove_product(product_id: UUID, _admin: Admin, catalog: Catalog) -> None:
    catalog.remove_product(product_id)
