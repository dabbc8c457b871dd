"""A catalogue for development."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import batched, product
from uuid import UUID

from uuid_utils.compat import uuid7

from .models import Category, Product
from .service import searchable
from .transactions import catalog_in_transaction

CATEGORIES = {"chairs": "Chairs", "tables": "Tables", "lamps": "Lamps", "shelves": "Shelves"}
THINGS = {"chairs": "chair", "tables": "table", "lamps": "lamp", "shelves": "shelf"}
WOODS = ["Oak", "Ash", "Beech", "Walnut", "Birch"]
PLACES = ["kitchen", "garden", "office", "bedroom", "hall"]
BATCH = 1000


def seed(products: int) -> None:
    """What is there already stays as it is. Demo products are no events."""
    with catalog_in_transaction() as catalog:
        catalog.add_new_categories([Category(id=uuid7(), name=name, slug=slug) for slug, name in CATEGORIES.items()])
        ids = {category.slug: category.id for category, _ in catalog.list_categories()}
        for batch in batched(_products(products, ids), BATCH, strict=False):
            catalog.add_new_products(batch)
        catalog.change_version()
    print(f"{len(CATEGORIES)} categories: have at least {products} products")


def _products(count: int, category_ids: dict[str, UUID]) -> Iterator[Product]:
    now = datetime.now(UTC)
    kinds = list(product(WOODS, PLACES, THINGS.items()))
    for number in range(count):
        wood, place, (slug, thing) = kinds[number % len(kinds)]
        name = f"{wood} {place} {thing} {number // len(kinds) + 1}"
        yield Product(
            id=uuid7(),
            sku=f"{slug[:5].upper()}-{number + 1:06}",
            name=name,
            search_name=searchable(name),
            description=f"A {thing} of {wood.lower()} for the {place}.",
            price_cents=1900 + number * 37 % 50_000,
            currency="EUR",
            category_id=category_ids[slug],
            stock=number * 7 % 50 + 1,
            created_at=now,
            updated_at=now,
        )
