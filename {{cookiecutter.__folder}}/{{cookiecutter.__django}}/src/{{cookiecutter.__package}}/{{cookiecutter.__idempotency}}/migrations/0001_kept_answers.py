"""Kept answers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("users", "0001_users")]

    operations = [
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("operation", models.CharField(max_length=100)),
                ("key", models.CharField(max_length=255)),
                ("content_hash", models.CharField(max_length=64)),
                ("status", models.IntegerField()),
                ("headers", models.JSONField()),
                ("body", models.BinaryField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("user", models.ForeignKey(db_index=False, on_delete=models.DB_CASCADE, to="users.user")),
            ],
            options={
                "db_table": "kept_answers",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "operation", "key"), name="uq_kept_answers_user_id_operation_key"
                    )
                ],
            },
        ),
    ]
