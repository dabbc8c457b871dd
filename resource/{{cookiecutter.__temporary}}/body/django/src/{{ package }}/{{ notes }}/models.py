"""Tables of {{ many }}."""

from django.db import models

from ..users.models import User
{% for ref in refs %}
from ..{{ ref.target.feature }}.models import {{ ref.target.model }}
{% endfor %}


class {{ Note }}(models.Model):
    id = models.UUIDField(primary_key=True)
{% if owned %}
    user = models.ForeignKey(User, on_delete=models.DB_CASCADE, related_name="+", db_index=False)
{% endif %}
{% for field in fields %}
{% if field.kind == "ref" %}
    {{ field.name }} = models.ForeignKey({{ field.target.model }}, on_delete=models.{{ "DB_SET_NULL, null=True" if field.optional else "DB_CASCADE" }}, related_name="+", db_index=False)
{% else %}
    {{ field.column }} = {{ field.django_field("unique=True" if field.unique and not owned else "") }}
{% endif %}
{% endfor %}
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "{{ notes }}"
{% if indexes %}
        indexes = (
{% for columns in indexes %}
            models.Index({% for _, name in columns %}"{{ name }}"{{ ", " if not loop.last }}{% endfor %}, name="{{ index_name(notes, columns | map("first") | list) }}"),
{% endfor %}
        )
{% endif %}
{% if unique and owned %}
        constraints = (models.UniqueConstraint(fields=("user", "{{ unique.column }}"), name="uq_{{ notes }}_user_id_{{ unique.column }}"),)
{% endif %}
