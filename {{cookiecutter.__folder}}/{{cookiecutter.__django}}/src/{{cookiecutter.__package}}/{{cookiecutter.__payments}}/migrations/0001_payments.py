"""Payments, and the events of the payment provider."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("orders", "0001_orders")]

    operations = [
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("status", models.CharField(max_length=20)),
                ("amount_cents", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("created_at", models.DateTimeField()),
                ("order", models.ForeignKey(db_index=False, on_delete=models.RESTRICT, to="orders.order")),
            ],
            options={
                "db_table": "payments",
                "indexes": [models.Index("order", "id", name="ix_payments_order_id_id")],
            },
        ),
        migrations.CreateModel(
            name="ReceivedEvent",
            fields=[
                ("id", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("received_at", models.DateTimeField()),
            ],
            options={"db_table": "payment_events"},
        ),
    ]
