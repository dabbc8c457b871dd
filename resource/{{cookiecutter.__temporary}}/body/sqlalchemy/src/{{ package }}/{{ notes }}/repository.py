{% set user = ", user_id: UUID" if owned else "" %}
{% set of_user = ", " ~ Note ~ ".user_id == user_id" if owned else "" %}
{% if not owned %}
"""Every query on {{ many }}."""
{% elif refs | map(attribute="target") | rejectattr("is_owned") | list %}
"""Every query on {{ many }}. Each names the user, except those on what belongs to nobody."""
{% else %}
"""Every query on {{ many }}. Each names the user, so that nobody reaches what belongs to others."""
{% endif %}

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..core.database import catch_duplicate
{% for ref in refs %}
from ..{{ ref.target.feature }}.models import {{ ref.target.model }}
{% endfor %}
from .models import {{ Note }}


class {{ Note }}Repository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def list_{{ notes }}(self, {{ "user_id: UUID, " if owned }}below: UUID | None, limit: int{{ ", **filters: object" if filters }}) -> Sequence[{{ Note }}]:
{% if filters %}
        """`filters` are columns and their values."""
{% endif %}
        query = select({{ Note }}){% if owned or filters %}.filter_by({{ "user_id=user_id" if owned }}{{ ", " if owned and filters }}{{ "**filters" if filters }}){% endif %}.order_by({{ Note }}.id.desc()).limit(limit)
        return self.session.scalars(query.where({{ Note }}.id < below) if below else query).all()

    def find_{{ note }}(self, {{ note }}_id: UUID{{ user }}) -> {{ Note }} | None:
        return self.session.scalar(select({{ Note }}).where({{ Note }}.id == {{ note }}_id{{ of_user }}))

    def lock_{{ note }}(self, {{ note }}_id: UUID{{ user }}) -> {{ Note }} | None:
        """Locks the row until the end of the transaction."""
        query = select({{ Note }}).where({{ Note }}.id == {{ note }}_id{{ of_user }})
        return self.session.scalar(query.with_for_update(key_share=True))

    def add_{{ note }}(self, {{ note }}: {{ Note }}) -> None:
{% if unique %}
        """Raises Duplicate when there is one with this {{ unique.name | replace("_", " ") }}."""
        with catch_duplicate(self.session):
            self.session.add({{ note }})
{% else %}
        self.session.add({{ note }})
{% endif %}

    def update_{{ note }}(self, {{ note }}: {{ Note }}, **changes: object) -> None:
{% if unique %}
        """Raises Duplicate when there is one with this {{ unique.name | replace("_", " ") }}."""
        with catch_duplicate(self.session):
            for name, value in changes.items():
                setattr({{ note }}, name, value)
{% else %}
        for name, value in changes.items():
            setattr({{ note }}, name, value)
{% endif %}

    def remove_{{ note }}(self, {{ note }}: {{ Note }}) -> None:
        self.session.delete({{ note }})
{% for ref in refs %}

    def keep_{{ ref.name }}(self, {{ ref.column }}: UUID{{ ", user_id: UUID" if ref.target.is_owned }}) -> bool:
        """A weak lock: until the end of the transaction, nobody can remove it. False when there is none."""
        query = select({{ ref.target.model }}.id).where({{ ref.target.model }}.id == {{ ref.column }}{{ ", " ~ ref.target.model ~ ".user_id == user_id" if ref.target.is_owned }})
        return self.session.scalar(query.with_for_update(read=True, key_share=True)) is not None
{% endfor %}
