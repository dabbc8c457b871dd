"""{{ many | capitalize }} for the tests."""

from itertools import count
from typing import Any
from uuid import uuid4

import httpx2

from {{ package }}.users.schemas import Role

from ..accounts import Account
{% for feature in required_refs | map(attribute="target") | map(attribute="feature") | unique | sort %}
from ..{{ feature }} import permissions as {{ feature }}
{% endfor %}

{{ notes | upper }} = "/api/v1/{{ path }}"
{% if unique %}

numbers = count(1)
{% endif %}


def new_{{ note }}({{ "client: httpx2.Client, /, " if required_refs }}**fields: object) -> dict[str, object]:
    return {
{% for field in fields if field.is_given %}
{% if field.kind == "ref" %}
        "{{ field.column }}": {{ field.target.feature }}.{{ field.target.name }}_id(client),
{% else %}
        "{{ field.column }}": {{ field.unique_sample if field.unique else field.samples[0] }},
{% endif %}
{% endfor %}
    } | fields


def add_{{ note }}(client: httpx2.Client, /, **fields: object) -> dict[str, Any]:
{% if is_open %}
    editor = Account(f"editor-{uuid4().hex}", Role.ADMIN)
    body = new_{{ note }}({{ "client, " if required_refs }}**fields)
    response = client.post({{ notes | upper }}, json=body, headers=editor.sign_in())
{% else %}
    response = client.post({{ notes | upper }}, json=new_{{ note }}({{ "client, " if required_refs }}**fields))
{% endif %}
    assert response.status_code == 201, response.text
    {{ note }}: dict[str, Any] = response.json()
    return {{ note }}
