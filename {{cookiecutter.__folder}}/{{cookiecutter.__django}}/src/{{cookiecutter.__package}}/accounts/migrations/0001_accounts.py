"""Users, their sessions and refresh tokens."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("email", models.CharField(max_length=254, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("password_hash", models.CharField(max_length=200)),
                ("role", models.CharField(max_length=20)),
                ("is_active", models.BooleanField()),
                ("created_at", models.DateTimeField()),
            ],
            options={"db_table": "users"},
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("user_agent", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey("accounts.User", on_delete=models.DB_CASCADE, related_name="sessions"),
                ),
            ],
            options={"db_table": "sessions"},
        ),
        migrations.CreateModel(
            name="RefreshToken",
            fields=[
                ("token_hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "session",
                    models.ForeignKey("accounts.Session", on_delete=models.DB_CASCADE, related_name="refresh_tokens"),
                ),
            ],
            options={"db_table": "refresh_tokens"},
        ),
    ]
