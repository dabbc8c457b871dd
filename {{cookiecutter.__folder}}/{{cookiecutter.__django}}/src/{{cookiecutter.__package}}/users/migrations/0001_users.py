"""Users."""

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
                ("email_verified", models.BooleanField()),
                ("name", models.CharField(max_length=100)),
                ("password_hash", models.CharField(max_length=200)),
                ("role", models.CharField(max_length=20)),
                ("is_active", models.BooleanField()),
                ("created_at", models.DateTimeField()),
            ],
            options={"db_table": "users"},
        ),
    ]
