{% set reader = "client" if is_open else "alice" %}
"""A page of {{ many }} costs the same, however many there are: each list follows an index."""

import httpx2
import pytest
from uuid_utils.compat import uuid7

{% for feature in refs | map(attribute="target") | map(attribute="feature") | unique | sort %}
from ..{{ feature }} import permissions as {{ feature }}
{% endfor %}
from ..database import Database
from ..plans import finds_by, scans_and_sorts, update_statistics
from ..statements import recorded_statements
from .factories import {{ notes | upper }}

TIME = "2026-01-01 00:00:00.000000"
ROWS = range(4_000)


def insert(**values: object) -> str:
    columns = ", ".join(f'"{column}"' for column in values)
    return f'INSERT INTO "{{ notes }}" ({columns}) VALUES ({", ".join(map(repr, values.values()))})'


@pytest.mark.slow
def test_each_list_follows_an_index({{ "client: httpx2.Client, " if is_open }}{{ "alice: httpx2.Client, " if refs or not is_open }}{{ "bob: httpx2.Client, " if owned }}database: Database) -> None:
{% if owned %}
    user_ids = [user.get("/api/v1/users/me").json()["id"].replace("-", "") for user in (alice, bob)]
{% endif %}
{% for ref in refs %}
    {{ ref.name }}_ids = [{{ ref.target.feature }}.{{ ref.target.name }}_id(alice) for _ in range(2)]
{% endfor %}
    lists: list[dict[str, str]] = [
        {},
{% for field in filters %}
        {"{{ field.column }}": {{ field.name ~ "_ids[0]" if field.kind == "ref" else field.query[0] }}},
{% endfor %}
    ]
    database.execute(*(insert(
        id=uuid7().hex,
{% if owned %}
        user_id=user_ids[number % 2],
{% endif %}
{% for field in fields %}
{% if field.kind == "ref" %}
        {{ field.column }}={{ field.name }}_ids[number % 40 > 0].replace("-", ""),
{% elif field.unique %}
        {{ field.column }}={{ "number" if field.kind == "int" else "str(number)" }},
{% elif field.kind == "bool" %}
        {{ field.column }}=number % 40 == 0,
{% elif field.is_filter %}
        {{ field.column }}={{ field.stored[0] }} if number % 40 == 0 else {{ field.stored[1] }},
{% else %}
        {{ field.column }}={{ field.stored[0] }},
{% endif %}
{% endfor %}
        created_at=TIME,
        updated_at=TIME,
    ) for number in ROWS))
    update_statistics(database)

    for filters in lists:
        with recorded_statements() as statements:
            response = {{ reader }}.get({{ notes | upper }}, params=filters)
        [(statement, parameters)] = [each for each in statements if "ORDER BY" in each[0]]

        assert len(response.json()["items"]) == 20
        assert scans_and_sorts(database, statement, parameters) == []
        assert all(finds_by(database, statement, parameters, column) for column in filters)
