{% set user = ", user_id: UUID" if owned else "" %}
{% set of_user = ", user_id=user_id" if owned else "" %}
{% if not owned %}
"""Every query on {{ many }}."""
{% elif refs | map(attribute="target") | rejectattr("is_owned") | list %}
"""Every query on {{ many }}. Each names the user, except those on what belongs to nobody."""
{% else %}
"""Every query on {{ many }}. Each names the user, so that nobody reaches what belongs to others."""
{% endif %}

from collections.abc import Sequence
from uuid import UUID

from ..core.database import catch_duplicate
{% for ref in refs %}
from ..{{ ref.target.feature }}.models import {{ ref.target.model }}
{% endfor %}
from .models import {{ Note }}


class {{ Note }}Repository:
    def list_{{ notes }}(self, {{ "user_id: UUID, " if owned }}below: UUID | None, limit: int{{ ", **filters: object" if filters }}) -> Sequence[{{ Note }}]:
{% if filters %}
        """`filters` are columns and their values."""
{% endif %}
        {{ notes }} = {{ Note }}.objects{% if owned or filters %}.filter({{ "user_id=user_id" if owned }}{{ ", " if owned and filters }}{{ "**filters" if filters }}){% endif %}.order_by("-id")
        return list(({{ notes }}.filter(id__lt=below) if below else {{ notes }})[:limit])

    def find_{{ note }}(self, {{ note }}_id: UUID{{ user }}) -> {{ Note }} | None:
        return {{ Note }}.objects.filter(id={{ note }}_id{{ of_user }}).first()

    def lock_{{ note }}(self, {{ note }}_id: UUID{{ user }}) -> {{ Note }} | None:
        """Locks the row until the end of the transaction."""
        return {{ Note }}.objects.filter(id={{ note }}_id{{ of_user }}).select_for_update(no_key=True).first()

    def add_{{ note }}(self, {{ note }}: {{ Note }}) -> None:
{% if unique %}
        """Raises Duplicate when there is one with this {{ unique.name | replace("_", " ") }}."""
        with catch_duplicate():
            {{ note }}.save(force_insert=True)
{% else %}
        {{ note }}.save(force_insert=True)
{% endif %}

    def update_{{ note }}(self, {{ note }}: {{ Note }}, **changes: object) -> None:
{% if unique %}
        """Raises Duplicate when there is one with this {{ unique.name | replace("_", " ") }}."""
{% endif %}
        for name, value in changes.items():
            setattr({{ note }}, name, value)
{% if unique %}
        with catch_duplicate():
            {{ note }}.save(update_fields=changes)
{% else %}
        {{ note }}.save(update_fields=changes)
{% endif %}

    def remove_{{ note }}(self, {{ note }}: {{ Note }}) -> None:
        {{ note }}.delete()
{% for ref in refs %}

    def keep_{{ ref.name }}(self, {{ ref.column }}: UUID{{ ", user_id: UUID" if ref.target.is_owned }}) -> bool:
        """A lock: until the end of the transaction, nobody can remove it. False when there is none."""
        {{ ref.table }} = {{ ref.target.model }}.objects.filter(id={{ ref.column }}{{ ", user_id=user_id" if ref.target.is_owned }})
        return {{ ref.table }}.select_for_update(no_key=True).exists()
{% endfor %}
