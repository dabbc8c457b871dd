"""Items of carts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("catalog", "0001_catalog"), ("users", "0001_users")]

    operations = [
        migrations.CreateModel(
            name="CartItem",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("quantity", models.IntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("product", models.ForeignKey(on_delete=models.DB_CASCADE, to="catalog.product")),
                ("user", models.ForeignKey(db_index=False, on_delete=models.DB_CASCADE, to="users.user")),
            ],
            options={
                "db_table": "cart_items",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "product"), name="uq_cart_items_user_id_product_id")
                ],
            },
        ),
    ]
