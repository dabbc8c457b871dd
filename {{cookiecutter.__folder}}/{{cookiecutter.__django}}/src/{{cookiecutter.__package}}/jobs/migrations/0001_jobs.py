"""Jobs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("arguments", models.JSONField()),
                ("schedule", models.CharField(max_length=100, null=True)),
                ("request_id", models.CharField(max_length=64, null=True)),
                ("traceparent", models.CharField(max_length=55, null=True)),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(db_index=True, null=True)),
                ("claim_id", models.UUIDField(null=True)),
                ("attempts", models.IntegerField()),
                ("failed_at", models.DateTimeField(null=True)),
                ("error", models.CharField(max_length=500, null=True)),
            ],
            options={"db_table": "jobs"},
        ),
    ]
