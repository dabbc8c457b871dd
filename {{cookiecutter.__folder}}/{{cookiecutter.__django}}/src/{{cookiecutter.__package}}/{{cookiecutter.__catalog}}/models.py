"""Tables of the catalogue."""

from django.db import models


class Category(models.Model):
    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=80)
    slug = models.CharField(max_length=80, unique=True)

    class Meta:
        db_table = "categories"

    def __str__(self) -> str:
        return self.name


class CatalogVersion(models.Model):
    """`version` is replaced whenever the list of categories would look different; caches are compared with it."""

    name = models.CharField(max_length=20, primary_key=True)
    version = models.UUIDField()

    class Meta:
        db_table = "catalog_versions"

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    id = models.UUIDField(primary_key=True)
    sku = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    search_name = models.CharField(max_length=200)
    description = models.CharField(max_length=4000)
    price_cents = models.IntegerField()
    currency = models.CharField(max_length=3)
    category = models.ForeignKey(Category, on_delete=models.RESTRICT, related_name="products", db_index=False)
    stock = models.BigIntegerField()  # What cancelled orders put back may exceed what can be set.
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)  # Hidden since then; orders refer to it.

    class Meta:
        db_table = "products"
        # For the list of a category, newest first.
        indexes = (models.Index("category", "id", name="ix_products_category_id_id"),)

    def __str__(self) -> str:
        return self.name
