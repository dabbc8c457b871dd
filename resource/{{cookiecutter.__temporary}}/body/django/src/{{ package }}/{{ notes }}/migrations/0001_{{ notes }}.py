"""{{ many | capitalize }}."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
{% for feature, migration in depends_on.items() %}
        ("{{ feature }}", "{{ migration }}"),
{% endfor %}
    ]

    operations = [
        migrations.CreateModel(
            name="{{ Note }}",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
{% for field in fields if field.kind != "ref" %}
                ("{{ field.column }}", {{ field.django_field("unique=True" if field.unique and not owned else "") }}),
{% endfor %}
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
{% for ref in refs %}
                ("{{ ref.name }}", models.ForeignKey(db_index=False, {{ "null=True, " if ref.optional }}on_delete=models.{{ "DB_SET_NULL" if ref.optional else "DB_CASCADE" }}, related_name="+", to="{{ ref.target.feature }}.{{ ref.target.model | lower }}")),
{% endfor %}
{% if owned %}
                ("user", models.ForeignKey(db_index=False, on_delete=models.DB_CASCADE, related_name="+", to="users.user")),
{% endif %}
            ],
            options={
                "db_table": "{{ notes }}",
{% if indexes %}
                "indexes": [
{% for columns in indexes %}
                    models.Index({% for _, name in columns %}"{{ name }}"{{ ", " if not loop.last }}{% endfor %}, name="{{ index_name(notes, columns | map("first") | list) }}"),
{% endfor %}
                ],
{% endif %}
{% if unique and owned %}
                "constraints": [models.UniqueConstraint(fields=("user", "{{ unique.column }}"), name="uq_{{ notes }}_user_id_{{ unique.column }}")],
{% endif %}
            },
        ),
    ]
