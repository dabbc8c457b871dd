"""Webhooks and their deliveries."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Webhook",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("url", models.CharField(max_length=2000)),
                ("types", models.JSONField()),
                ("description", models.CharField(max_length=200)),
                ("is_active", models.BooleanField()),
                ("secret", models.CharField(max_length=100)),
                ("old_secrets", models.JSONField()),
                ("failures", models.IntegerField()),
                ("sending_until", models.DateTimeField(null=True)),
                ("paused_until", models.DateTimeField(null=True)),
                ("wake_at", models.DateTimeField(null=True)),
                ("is_removed", models.BooleanField()),
                ("created_at", models.DateTimeField()),
            ],
            options={"db_table": "webhooks"},
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("event_id", models.UUIDField(db_index=True)),
                ("event_type", models.CharField(max_length=64)),
                ("event", models.JSONField()),
                ("status", models.CharField(max_length=20)),
                ("attempts", models.IntegerField()),
                ("last_status", models.IntegerField(null=True)),
                ("last_attempt_at", models.DateTimeField(null=True)),
                ("next_attempt_at", models.DateTimeField(null=True)),
                (
                    "webhook",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.DB_CASCADE,
                        related_name="deliveries",
                        to="webhooks.webhook",
                    ),
                ),
            ],
            options={
                "db_table": "webhook_deliveries",
                "indexes": [
                    models.Index("webhook", "id", name="ix_webhook_deliveries_id"),
                    models.Index("webhook", "status", "id", name="ix_webhook_deliveries_status"),
                    models.Index("webhook", "next_attempt_at", name="ix_webhook_deliveries_next"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("webhook", "event_id"), name="uq_webhook_deliveries_webhook_id_event_id"
                    )
                ],
            },
        ),
    ]
