"""When who tried to sign in, for the limit on that."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_refresh"),
    ]

    operations = [
        migrations.CreateModel(
            name="LoginAttempts",
            fields=[
                ("network", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("times", models.JSONField()),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "login_attempts"},
        ),
    ]
