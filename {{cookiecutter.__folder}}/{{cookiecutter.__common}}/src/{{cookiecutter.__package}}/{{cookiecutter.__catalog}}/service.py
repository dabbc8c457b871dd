"""What the shop sells: everybody may look, administrators may change.

Knows no HTTP and no SQL, and never commits: the request is the transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from threading import Lock
from uuid import UUID

from cachetools import TTLCache, cached
from uuid_utils.compat import uuid7

from ..core.errors import Conflict, Duplicate, Invalid, NotFound
from ..core.pagination import Cursors, Page
from .models import Category, Product
from .repository import CatalogRepository
from .schemas import CategoryList, CategoryRead, NewCategory, NewProduct, ProductChange, ProductQuery

product_cursors = Cursors("products")


class SlugTaken(Conflict):
    code = "slug_taken"


class SkuTaken(Conflict):
    code = "sku_taken"


class UnknownCategory(Invalid):
    code = "unknown_category"
    field = "category_id"


class ProductNotFound(NotFound):
    code = "product_not_found"


class CatalogService:
    """`record` writes an event."""

    def __init__(self, catalog: CatalogRepository, record: Callable[..., None]) -> None:
        self.catalog = catalog
        self.record = record

    def list_categories(self) -> CategoryList:
        """From the cache of this worker, unless the version in the database is another one: each change stores a new
        version, so every worker counts again. The five minutes are for changes by hand.
        """
        return _counted_categories(self.catalog, self.catalog.read_version())

    def add_category(self, new: NewCategory) -> CategoryRead:
        category = Category(id=uuid7(), **new.model_dump())
        try:
            self.catalog.add_category(category)
        except Duplicate:
            raise SlugTaken("There is already a category with this slug.") from None
        self.catalog.change_version()
        return _with_count(category, 0)

    def list_products(self, query: ProductQuery) -> Page[Product]:
        filters = query.filters() | {"q": query.q and searchable(query.q)}
        return product_cursors.page(query, partial(self.catalog.list_products, **filters))

    def read_product(self, product_id: UUID) -> Product:
        return _found(self.catalog.find_product(product_id))

    def keep_product(self, product_id: UUID) -> Product:
        """A weak lock: until the end of the transaction, nobody can remove it."""
        return _found(self.catalog.keep_product(product_id))

    def lock_products(self, product_ids: Sequence[UUID]) -> None:
        """Until the end of the transaction, nobody changes them. Sorted, so that two checkouts do not deadlock."""
        self.catalog.lock_products(product_ids)

    def take_stock(self, quantities: Mapping[UUID, int]) -> list[UUID]:
        """Of locked products. Returns those of which there are too few. The others have been taken: the caller must
        raise then.
        """
        return [id_ for id_ in quantities if not self.catalog.take_stock(id_, quantities[id_])]

    def put_back(self, quantities: Mapping[UUID, int]) -> None:
        """Sorted, as in `lock_products`."""
        for product_id in sorted(quantities):
            self.catalog.put_back(product_id, quantities[product_id])

    def add_product(self, new: NewProduct) -> Product:
        self._require_category(new.category_id)
        now = datetime.now(UTC)
        product = Product(
            id=uuid7(), search_name=searchable(new.name), created_at=now, updated_at=now, **new.model_dump()
        )
        try:
            self.catalog.add_product(product)
        except Duplicate:
            raise SkuTaken("There is already a product with this SKU.") from None
        self.catalog.change_version()
        self.record("product.created", product_id=product.id, sku=product.sku)
        return product

    def change_product(self, product_id: UUID, changes: ProductChange) -> Product:
        product = _found(self.catalog.lock_product(product_id))
        changed = {name: value for name, value in changes.model_dump().items() if getattr(product, name) != value}
        if not changed:
            return product
        if "category_id" in changed:
            self._require_category(changed["category_id"])
        if "name" in changed:
            changed["search_name"] = searchable(changed["name"])
        self.catalog.update_product(product, **changed, updated_at=datetime.now(UTC))
        if "category_id" in changed:
            self.catalog.change_version()
        self.record("product.updated", product_id=product.id, sku=product.sku, changed=sorted(changed))
        return product

    def remove_product(self, product_id: UUID) -> None:
        product = _found(self.catalog.lock_product(product_id))
        if not self.catalog.remove_product(product):
            self.catalog.update_product(product, archived_at=datetime.now(UTC))
        self.catalog.change_version()
        self.record("product.deleted", product_id=product_id, sku=product.sku)

    def _require_category(self, category_id: UUID) -> None:
        if not self.catalog.keep_category(category_id):
            raise UnknownCategory("There is no such category.")


@cached(TTLCache(maxsize=1, ttl=300), key=lambda _catalog, version: version, lock=Lock())
def _counted_categories(catalog: CatalogRepository, _version: UUID | None) -> CategoryList:
    rows = sorted(catalog.list_categories(), key=lambda row: (row[0].name, row[0].id))
    return CategoryList(items=[_with_count(category, count) for category, count in rows])


def searchable(text: str) -> str:
    """For a search that ignores the case of ASCII letters, and of no others."""
    return text.encode().lower().decode()  # `str.lower` would change the others, too.


def _found(product: Product | None) -> Product:
    if product is None:
        raise ProductNotFound("There is no such product.")
    return product


def _with_count(category: Category, count: int) -> CategoryRead:
    return CategoryRead(id=category.id, name=category.name, slug=category.slug, product_count=count)
