"""Sign-ins: sessions, their refresh tokens, the tokens of mails, and the attempts that limits count."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("users", "0001_users"),
    ]

    operations = [
        migrations.CreateModel(
            name="LoginSession",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("user_agent", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey("users.User", on_delete=models.DB_CASCADE, related_name="sessions"),
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
                ("used_at", models.DateTimeField(null=True)),
                (
                    "session",
                    models.ForeignKey(
                        "service_auth.LoginSession", on_delete=models.DB_CASCADE, related_name="refresh_tokens"
                    ),
                ),
            ],
            options={"db_table": "refresh_tokens"},
        ),
        migrations.CreateModel(
            name="EmailToken",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("token_hash", models.CharField(max_length=64, null=True, unique=True)),
                ("purpose", models.CharField(max_length=20)),
                ("email", models.CharField(max_length=254)),
                ("expires_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        "users.User", db_index=False, on_delete=models.DB_CASCADE, related_name="email_tokens"
                    ),
                ),
            ],
            options={
                "db_table": "email_tokens",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "purpose"), name="uq_email_tokens_user_id_purpose")
                ],
            },
        ),
        migrations.CreateModel(
            name="LoginAttempts",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("times", models.JSONField()),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "login_attempts"},
        ),
    ]
