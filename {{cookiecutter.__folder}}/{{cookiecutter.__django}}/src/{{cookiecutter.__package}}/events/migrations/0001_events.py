"""Events."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(null=True, unique=True)),
                ("type", models.CharField(max_length=64)),
                ("data", models.JSONField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "events",
                "indexes": [models.Index(fields=["type", "number"], name="ix_events_type_number")],
            },
        ),
    ]
