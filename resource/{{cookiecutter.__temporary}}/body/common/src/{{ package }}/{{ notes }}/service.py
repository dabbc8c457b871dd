{% set user = "user_id: UUID, " if owned else "" %}
{% set and_user = ", user_id" if owned else "" %}
{% set locks_users = owned and refs | map(attribute="target") | selectattr("is_owned") | list %}
"""{{ "What users may do with their " ~ many if owned else "What can be done with " ~ many }}.

Knows no HTTP and no SQL, and never commits: the request is the transaction.
"""

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from uuid_utils.compat import uuid7

from ..core.errors import Conflict, Duplicate, Invalid, NotFound
from ..core.pagination import Cursors, Page, PageQuery
from ..users.service import UserService
from .models import {{ Note }}
from .repository import {{ Note }}Repository
from .schemas import New{{ Note }}, {{ Note }}Change{{ ", " ~ Note ~ "Query" if filters }}

{{ note }}_cursors = Cursors("{{ notes }}")


class {{ Note }}NotFound(NotFound):
    code = "{{ note }}_not_found"
{% if unique %}


class {{ Note }}{{ unique.name | camel }}Taken(Conflict):
    code = "{{ unique.name }}_taken"
{% endif %}
{% for ref in refs %}


class Unknown{{ ref.name | camel }}(Invalid):
    code = "unknown_{{ ref.name }}"
    field = "{{ ref.column }}"
{% endfor %}


class {{ Note }}Service:
    def __init__(self, {{ notes }}: {{ Note }}Repository{{ ", users: UserService" if owned }}) -> None:
        self.{{ notes }} = {{ notes }}
{% if owned %}
        self.users = users
{% endif %}

    def list_{{ notes }}(self, {{ user }}query: {{ Note ~ "Query" if filters else "PageQuery" }}) -> Page[{{ Note }}]:
{% if filters %}
        filters = {column: value for column, value in query.filters().items() if value is not None}
        return {{ note }}_cursors.page(query, partial(self.{{ notes }}.list_{{ notes }}{{ and_user }}, **filters))
{% elif owned %}
        return {{ note }}_cursors.page(query, partial(self.{{ notes }}.list_{{ notes }}, user_id))
{% else %}
        return {{ note }}_cursors.page(query, self.{{ notes }}.list_{{ notes }})
{% endif %}

    def create_{{ note }}(self, {{ user }}body: New{{ Note }}) -> {{ Note }}:
{% if owned %}
        self.users.lock_current_user(user_id)
{% endif %}
{% for ref in refs %}
{% if ref.optional %}
        if body.{{ ref.column }} is not None:
            self._require_{{ ref.name }}(body.{{ ref.column }}{{ and_user if ref.target.is_owned }})
{% else %}
        self._require_{{ ref.name }}(body.{{ ref.column }}{{ and_user if ref.target.is_owned }})
{% endif %}
{% endfor %}
        now = datetime.now(UTC)
        {{ note }} = {{ Note }}(id=uuid7(), {{ "user_id=user_id, " if owned }}created_at=now, updated_at=now, **body.model_dump())
{% if unique %}
        try:
            self.{{ notes }}.add_{{ note }}({{ note }})
        except Duplicate:
            raise _taken() from None
{% else %}
        self.{{ notes }}.add_{{ note }}({{ note }})
{% endif %}
        return {{ note }}

    def read_{{ note }}(self, {{ user }}{{ note }}_id: UUID) -> {{ Note }}:
        return _found(self.{{ notes }}.find_{{ note }}({{ note }}_id{{ and_user }}))

    def change_{{ note }}(self, {{ user }}{{ note }}_id: UUID, changes: {{ Note }}Change) -> {{ Note }}:
        sent = changes.model_dump()
{% if locks_users %}
        self.users.lock_current_user(user_id)
{% endif %}
{% for ref in refs %}
        if {{ ref.column }} := sent.get("{{ ref.column }}"):
            self._require_{{ ref.name }}({{ ref.column }}{{ and_user if ref.target.is_owned }})
{% endfor %}
        {{ note }} = _found(self.{{ notes }}.lock_{{ note }}({{ note }}_id{{ and_user }}))
        changed = {name: value for name, value in sent.items() if getattr({{ note }}, name) != value}
        if not changed:
            return {{ note }}
{% if unique %}
        try:
            self.{{ notes }}.update_{{ note }}({{ note }}, **changed, updated_at=datetime.now(UTC))
        except Duplicate:
            raise _taken() from None
{% else %}
        self.{{ notes }}.update_{{ note }}({{ note }}, **changed, updated_at=datetime.now(UTC))
{% endif %}
        return {{ note }}

    def delete_{{ note }}(self, {{ user }}{{ note }}_id: UUID) -> None:
        self.{{ notes }}.remove_{{ note }}(_found(self.{{ notes }}.lock_{{ note }}({{ note }}_id{{ and_user }})))
{% for ref in refs %}

    def _require_{{ ref.name }}(self, {{ ref.column }}: UUID{{ ", user_id: UUID" if ref.target.is_owned }}) -> None:
        if not self.{{ notes }}.keep_{{ ref.name }}({{ ref.column }}{{ and_user if ref.target.is_owned }}):
            raise Unknown{{ ref.name | camel }}("There is no such {{ ref.name | replace("_", " ") }}.")
{% endfor %}


def _found({{ note }}: {{ Note }} | None) -> {{ Note }}:
    if {{ note }} is None:
        raise {{ Note }}NotFound("There is no such {{ words }}.")
    return {{ note }}
{% if unique %}


def _taken() -> {{ Note }}{{ unique.name | camel }}Taken:
    return {{ Note }}{{ unique.name | camel }}Taken("There is already {{ words | article }} with this {{ unique.name | replace("_", " ") }}.")
{% endif %}
