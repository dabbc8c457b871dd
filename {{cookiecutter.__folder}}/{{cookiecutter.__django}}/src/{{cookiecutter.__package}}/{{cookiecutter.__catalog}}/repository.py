"""Every query on categories and products."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.db.models import RESTRICT, Count, F, Q

from ..core.database import catch_duplicate
from .models import CatalogVersion, Category, Product

CATEGORIES = "categories"


class CatalogRepository:
    def list_categories(self) -> list[tuple[Category, int]]:
        """Each with the number of its products."""
        products = Count("products", filter=Q(products__archived_at=None))
        return [(category, category.count) for category in Category.objects.annotate(count=products)]

    def read_version(self) -> UUID | None:
        """Of the list of categories. None before the first change."""
        return CatalogVersion.objects.filter(name=CATEGORIES).values_list("version", flat=True).first()

    def change_version(self) -> None:
        row = CatalogVersion(name=CATEGORIES, version=uuid4())
        CatalogVersion.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["name"], update_fields=["version"]
        )

    def keep_category(self, category_id: UUID) -> bool:
        """A lock: until the end of the transaction, nobody can remove it. False when there is none."""
        return Category.objects.filter(id=category_id).select_for_update(no_key=True).exists()

    def add_category(self, category: Category) -> None:
        """Raises Duplicate when there is one with this slug."""
        with catch_duplicate():
            category.save(force_insert=True)

    def add_new_categories(self, categories: Sequence[Category]) -> None:
        """Leaves out those whose slug is there already."""
        Category.objects.bulk_create(categories, ignore_conflicts=True)

    def add_new_products(self, products: Sequence[Product]) -> None:
        """Leaves out those whose SKU is there already."""
        Product.objects.bulk_create(products, ignore_conflicts=True)

    def list_products(
        self,
        below: UUID | None,
        limit: int,
        *,
        category_id: UUID | None,
        q: str | None,
        min_price_cents: int | None,
        max_price_cents: int | None,
    ) -> Sequence[Product]:
        products = Product.objects.filter(archived_at=None).order_by("-id")
        if below is not None:
            products = products.filter(id__lt=below)
        if category_id is not None:
            products = products.filter(category_id=category_id)
        if q is not None:
            products = products.filter(search_name__contains=q)
        if min_price_cents is not None:
            products = products.filter(price_cents__gte=min_price_cents)
        if max_price_cents is not None:
            products = products.filter(price_cents__lte=max_price_cents)
        return list(products[:limit])

    def find_product(self, product_id: UUID) -> Product | None:
        return Product.objects.filter(id=product_id, archived_at=None).first()

    def keep_product(self, product_id: UUID) -> Product | None:
        """A lock: until the end of the transaction, nobody can remove it. Django has no weaker one."""
        products = Product.objects.filter(id=product_id, archived_at=None)
        return products.select_for_update(no_key=True).first()

    def lock_product(self, product_id: UUID) -> Product | None:
        """Locks the row until the end of the transaction."""
        return Product.objects.filter(id=product_id, archived_at=None).select_for_update(no_key=True).first()

    def lock_products(self, product_ids: Sequence[UUID]) -> None:
        products = Product.objects.filter(id__in=product_ids).order_by("id").select_for_update(no_key=True)
        list(products.values_list("id"))

    def add_product(self, product: Product) -> None:
        """Raises Duplicate when there is one with this SKU."""
        with catch_duplicate():
            product.save(force_insert=True)

    def update_product(self, product: Product, **changes: object) -> None:
        for name, value in changes.items():
            setattr(product, name, value)
        product.save(update_fields=changes)

    def take_stock(self, product_id: UUID, quantity: int) -> bool:
        """False when there is less."""
        products = Product.objects.filter(id=product_id, archived_at=None, stock__gte=quantity)
        return products.update(stock=F("stock") - quantity) > 0

    def put_back(self, product_id: UUID, quantity: int) -> None:
        Product.objects.filter(id=product_id).update(stock=F("stock") + quantity)

    def remove_product(self, product: Product) -> bool:
        """False when something must keep it, such as an order."""
        keepers = [relation.field for relation in Product._meta.related_objects if relation.on_delete is RESTRICT]
        if any(field.model._default_manager.filter(**{field.name: product}).exists() for field in keepers):
            return False  # Django itself would load all of them to find this out.
        product.delete()
        return True
