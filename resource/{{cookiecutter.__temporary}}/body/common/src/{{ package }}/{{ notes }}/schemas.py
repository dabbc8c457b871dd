"""The bodies of requests and responses of {{ many }}."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import MISSING, AfterValidator, Field, StrictBool, WithJsonSchema

from ..core.pagination import PageQuery
from ..core.schemas import INTEGER, NOT_SENT, IsoDate, IsoDateTime, RequestBody, ResponseBody, UtcDateTime, written_as

{% for field in fields if field.rule %}
{{ field.type_name(Note) }} = {{ field.rule }}
{% endfor %}
{% for field in fields if field.kind == "enum" %}


class {{ field.type_name(Note) }}(StrEnum):
{% for member, value in field.members.items() %}
    {{ member }} = "{{ value }}"
{% endfor %}
{% endfor %}
{% if filters %}


class {{ Note }}Query(PageQuery):
{% for field in filters %}
    {{ field.column }}: {{ field.filter_type(Note) }} | None = None
{% endfor %}
{% endif %}


class New{{ Note }}(RequestBody):
{% for field in fields %}
    {{ field.column }}: {{ field.new(Note) }}
{% endfor %}


class {{ Note }}Change(RequestBody):
{% for field in fields %}
    {{ field.column }}: {{ field.change(Note) }}
{% endfor %}


class {{ Note }}Read(ResponseBody):
    id: UUID
{% for field in fields %}
    {{ field.column }}: {{ field.read(Note) }}
{% endfor %}
    created_at: UtcDateTime
    updated_at: UtcDateTime
