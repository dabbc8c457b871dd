"""Categories and products."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Category",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("slug", models.CharField(max_length=80, unique=True)),
            ],
            options={"db_table": "categories"},
        ),
        migrations.CreateModel(
            name="CatalogVersion",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("version", models.UUIDField()),
            ],
            options={"db_table": "catalog_versions"},
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("sku", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("search_name", models.CharField(max_length=200)),
                ("description", models.CharField(max_length=4000)),
                ("price_cents", models.IntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("stock", models.BigIntegerField()),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("archived_at", models.DateTimeField(null=True)),
                (
                    "category",
                    models.ForeignKey(
                        db_index=False, on_delete=models.RESTRICT, related_name="products", to="catalog.category"
                    ),
                ),
            ],
            options={
                "db_table": "products",
                "indexes": [models.Index("category", "id", name="ix_products_category_id_id")],
            },
        ),
    ]
