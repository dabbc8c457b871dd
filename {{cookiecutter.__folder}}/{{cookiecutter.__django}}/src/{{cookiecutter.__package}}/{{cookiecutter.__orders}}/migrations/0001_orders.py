"""Orders and their items."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("catalog", "0001_catalog"), ("users", "0001_users")]

    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("status", models.CharField(max_length=20)),
                ("total_cents", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(db_index=False, null=True, on_delete=models.DB_SET_NULL, to="users.user"),
                ),
            ],
            options={
                "db_table": "orders",
                "indexes": [
                    models.Index("user", "id", name="ix_orders_user_id_id"),
                    models.Index("user", "status", "id", name="ix_orders_user_id_status_id"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderItem",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("sku", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=200)),
                ("quantity", models.IntegerField()),
                ("unit_price_cents", models.IntegerField()),
                ("order", models.ForeignKey(db_index=False, on_delete=models.RESTRICT, to="orders.order")),
                ("product", models.ForeignKey(on_delete=models.RESTRICT, to="catalog.product")),
            ],
            options={
                "db_table": "order_items",
                "indexes": [models.Index("order", "id", name="ix_order_items_order_id_id")],
            },
        ),
    ]
