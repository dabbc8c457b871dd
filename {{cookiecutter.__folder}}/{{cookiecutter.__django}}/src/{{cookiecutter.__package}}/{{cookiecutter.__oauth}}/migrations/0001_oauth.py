"""Identities at Google and GitHub, and sign-ins that have begun."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("users", "0001_users")]

    operations = [
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("provider", models.CharField(max_length=20)),
                ("issuer", models.CharField(max_length=255)),
                ("subject", models.CharField(max_length=255)),
                ("email", models.CharField(max_length=254)),
                ("created_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(on_delete=models.DB_CASCADE, related_name="identities", to="users.user"),
                ),
            ],
            options={
                "db_table": "oauth_identities",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "issuer", "subject"), name="uq_oauth_identities_subject"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OAuthState",
            fields=[
                ("state_hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("provider", models.CharField(max_length=20)),
                ("redirect_uri", models.CharField(max_length=2000)),
                ("code_challenge", models.CharField(max_length=43)),
                ("code_verifier", models.CharField(max_length=43)),
                ("nonce", models.CharField(max_length=43)),
                ("session_id", models.UUIDField(null=True)),
                ("user_id", models.UUIDField(null=True)),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "oauth_states"},
        ),
    ]
