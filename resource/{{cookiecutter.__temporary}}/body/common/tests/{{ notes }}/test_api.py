{% set client = writer ~ ", " if required_refs else "" %}
{% set scalars = fields | rejectattr("kind", "eq", "ref") | list %}
{% set plain = scalars | rejectattr("unique") | list or scalars %}
{% set filled = fields | rejectattr("is_given") | list %}
"""{{ many | capitalize }} over HTTP."""

from contextlib import suppress

import httpx2
import pytest

from {{ package }}.{{ notes }}.repository import {{ Note }}Repository

from ..database import Database
{% for feature in refs | map(attribute="target") | map(attribute="feature") | unique | sort %}
from ..{{ feature }} import permissions as {{ feature }}
{% endfor %}
from ..passwords import PASSWORD
from ..races import meanwhile
from .factories import {{ notes | upper }}, add_{{ note }}, new_{{ note }}

ID = "0192abcd-0000-7000-8000-000000000000"
# What the service fills in.
FILLED = {
    "id": "",
{% for field in filled %}
    "{{ field.column }}": {{ "None" if field.default is none else field.default_json }},
{% endfor %}
    "created_at": "",
    "updated_at": "",
}
CHANGES: dict[str, object] = {
{% for field in plain %}
    "{{ field.column }}": {{ field.changed }},
{% endfor %}
}


def ids(client: httpx2.Client, /, **filters: str) -> list[str]:
    """Of all pages with these filters."""
    found: list[str] = []
    cursor = ""
    while cursor is not None:
        response = client.get({{ notes | upper }}, params={"limit": "2", "cursor": cursor, **filters})
        page = [{{ note }}["id"] for {{ note }} in response.json()["items"]]
        assert not set(page) & set(found)
        found, cursor = found + page, response.json()["next_cursor"]
    return found


{% if owned %}
def delete_account(client: httpx2.Client) -> httpx2.Response:
    return client.request("DELETE", "/api/v1/users/me", json={"current_password": PASSWORD})


{% endif %}
class TestCreate:
    def test_a_new_one_is_where_the_answer_says(self, {{ writer }}: httpx2.Client) -> None:
        body = new_{{ note }}({{ writer if required_refs }})

        response = {{ writer }}.post({{ notes | upper }}, json=body)

        {{ note }} = response.json()
        assert response.status_code == 201
        assert response.headers["Location"] == f"{{ "{" ~ (notes | upper) ~ "}" }}/{ {{- note }}['id']}"
        assert {{ writer }}.get(response.headers["Location"]).json() == {{ note }}
        assert {{ note }} == FILLED | body | {name: {{ note }}[name] for name in ("id", "created_at", "updated_at")}
        assert {{ note }}["created_at"] == {{ note }}["updated_at"]

    def test_keeps_what_was_sent(self, {{ writer }}: httpx2.Client) -> None:
        {{ note }} = add_{{ note }}({{ writer }}, **CHANGES)

        assert {{ note }} == {{ note }} | CHANGES

    @pytest.mark.parametrize(
        ("field", "value"),
        [
{% for field in fields %}
{% for value in field.all_wrong %}
            ("{{ field.column }}", {{ value }}),
{% endfor %}
{% endfor %}
            ("id", ID),
        ],
        ids=lambda value: repr(value)[:30],
    )
    def test_a_wrong_value_is_refused(self, {{ writer }}: httpx2.Client, field: str, value: object) -> None:
        {{ note }} = add_{{ note }}({{ writer }})

        responses = [
            {{ writer }}.post({{ notes | upper }}, json=new_{{ note }}({{ client }}**{field: value})),
            {{ writer }}.patch(f"{{ "{" ~ (notes | upper) ~ "}" }}/{ {{- note }}['id']}", json={field: value}),
        ]

        for response in responses:
            assert (response.status_code, response.json()["code"]) == (422, "validation_error")
            assert [error["field"] for error in response.json()["errors"]] == [field]
{% for ref in refs %}

    def test_the_{{ ref.name }}_must_be_there(self, {{ writer }}: httpx2.Client{{ ", bob: httpx2.Client" if ref.target.is_owned }}) -> None:
        {{ note }} = add_{{ note }}({{ writer }})

        for unknown in (ID, {{ ref.target.feature ~ "." ~ ref.target.name ~ "_id(bob)" if ref.target.is_owned else "ID.upper()" }}):
            responses = [
                {{ writer }}.post({{ notes | upper }}, json=new_{{ note }}({{ client }}{{ ref.column }}=unknown)),
                {{ writer }}.patch(f"{{ "{" ~ (notes | upper) ~ "}" }}/{ {{- note }}['id']}", json={"{{ ref.column }}": unknown}),
            ]
            for response in responses:
                assert (response.status_code, response.json()["code"]) == (422, "unknown_{{ ref.name }}")
                assert [error["field"] for error in response.json()["errors"]] == ["{{ ref.column }}"]

    def test_keeps_the_{{ ref.name }}_until_it_is_written(self, {{ writer }}: httpx2.Client, database: Database) -> None:
        body = new_{{ note }}({{ client }}{{ ref.column }}={{ ref.target.feature }}.{{ ref.target.name }}_id({{ writer }}))

        def remove() -> None:
            with suppress(Exception):  # Others may refer to it, too.
                database.execute('DELETE FROM "{{ ref.table }}"')

        with meanwhile({{ Note }}Repository, "add_{{ note }}", remove):
            response = {{ writer }}.post({{ notes | upper }}, json=body)

        assert response.status_code == 201
{% endfor %}
{% if unique %}

    def test_the_{{ unique.name }}_is_unique(self, {{ writer }}: httpx2.Client{{ ", bob: httpx2.Client" if owned }}) -> None:
        first, second = add_{{ note }}({{ writer }}), add_{{ note }}({{ writer }})
        taken = {"{{ unique.name }}": first["{{ unique.name }}"]}

        responses = [
            {{ writer }}.post({{ notes | upper }}, json=new_{{ note }}({{ client }}**taken)),
            {{ writer }}.patch(f"{{ "{" ~ (notes | upper) ~ "}" }}/{second['id']}", json=taken),
        ]

        assert [(response.status_code, response.json()["code"]) for response in responses] == [(409, "{{ unique.name }}_taken")] * 2
        assert {{ writer }}.patch(f"{{ "{" ~ (notes | upper) ~ "}" }}/{first['id']}", json=taken).json() == first
{% if owned %}
        assert bob.post({{ notes | upper }}, json=new_{{ note }}({{ "bob, " if required_refs }}**taken)).status_code == 201
{% endif %}
{% endif %}
{% if owned %}

    def test_is_not_interrupted_by_the_deletion_of_the_account(self, alice: httpx2.Client) -> None:
        body = new_{{ note }}({{ "alice" if required_refs }})

        with meanwhile({{ Note }}Repository, "add_{{ note }}", lambda: delete_account(alice)) as deletion:
            response = alice.post({{ notes | upper }}, json=body)

        assert (response.status_code, deletion.result.status_code) == (201, 204)
{% endif %}


class TestList:
    def test_goes_on_page_by_page_from_the_newest(self, {{ writer }}: httpx2.Client) -> None:
        added = [add_{{ note }}({{ writer }})["id"] for _ in range(5)]

        assert ids({{ writer }}) == added[::-1]

    def test_a_cursor_of_another_list_is_refused(self, {{ writer }}: httpx2.Client) -> None:
        response = {{ writer }}.get({{ notes | upper }}, params={"cursor": "made-up"})

        assert (response.status_code, response.json()["code"]) == (422, "invalid_cursor")
{% for field in filters %}

    def test_can_be_filtered_by_{{ field.name }}(self, {{ writer }}: httpx2.Client) -> None:
{% if field.kind == "ref" %}
        one, other = ({{ field.target.feature }}.{{ field.target.name }}_id({{ writer }}) for _ in range(2))
        added = [add_{{ note }}({{ writer }}, {{ field.column }}={{ field.column }})["id"] for {{ field.column }} in (one, other, one)]

        assert ids({{ writer }}, {{ field.column }}=one) == [added[2], added[0]]
        assert ids({{ writer }}, {{ field.column }}=other) == [added[1]]
        assert {{ writer }}.get({{ notes | upper }}, params={"{{ field.column }}": "unknown-to-all"}).status_code == 422
{% else %}
        added = [add_{{ note }}({{ writer }}, {{ field.column }}=value)["id"] for value in ({{ field.samples[0] }}, {{ field.samples[1] }}, {{ field.samples[0] }})]

        assert ids({{ writer }}, {{ field.column }}={{ field.query[0] }}) == [added[2], added[0]]
        assert ids({{ writer }}, {{ field.column }}={{ field.query[1] }}) == [added[1]]
        assert {{ writer }}.get({{ notes | upper }}, params={"{{ field.column }}": "unknown-to-all"}).status_code == 422
{% endif %}
{% endfor %}


class TestChange:
    def test_changes_what_was_sent(self, {{ writer }}: httpx2.Client) -> None:
        {{ note }} = add_{{ note }}({{ writer }})
        path = f"{{ "{" ~ (notes | upper) ~ "}" }}/{ {{- note }}['id']}"

        for field, value in CHANGES.items():
            response = {{ writer }}.patch(path, json={field: value})

            assert response.status_code == 200
            assert response.json() == {{ note }} | {field: value, "updated_at": response.json()["updated_at"]}
            assert response.json()["updated_at"] > {{ note }}["updated_at"]
            {{ note }} = {{ writer }}.get(path).json()
            assert {{ note }} == response.json()
            assert {{ writer }}.patch(path, json={field: value}).json() == {{ note }}
{% for field in fields if field.optional %}

    def test_the_{{ field.name }}_can_be_taken_away(self, {{ writer }}: httpx2.Client) -> None:
        {{ note }} = add_{{ note }}({{ writer }}, {{ field.column }}={{ field.target.feature ~ "." ~ field.target.name ~ "_id(" ~ writer ~ ")" if field.kind == "ref" else field.samples[0] }})

        response = {{ writer }}.patch(f"{{ "{" ~ (notes | upper) ~ "}" }}/{ {{- note }}['id']}", json={"{{ field.column }}": None})

        assert response.json()["{{ field.column }}"] is None
{% endfor %}

    def test_is_not_interrupted_by_a_deletion(self, {{ writer }}: httpx2.Client) -> None:
        {{ note }} = add_{{ note }}({{ writer }})
        path = f"{{ "{" ~ (notes | upper) ~ "}" }}/{ {{- note }}['id']}"

        with meanwhile({{ Note }}Repository, "update_{{ note }}", lambda: {{ writer }}.delete(path)) as deletion:
            response = {{ writer }}.patch(path, json=CHANGES)

        assert (response.status_code, deletion.result.status_code) == (200, 204)


class TestDelete:
    def test_happens_once(self, {{ writer }}: httpx2.Client) -> None:
        {{ note }} = add_{{ note }}({{ writer }})
        path = f"{{ "{" ~ (notes | upper) ~ "}" }}/{ {{- note }}['id']}"

        response = {{ writer }}.delete(path)

        assert (response.status_code, response.content) == (204, b"")
        assert ids({{ writer }}) == []
        responses = [{{ writer }}.get(path), {{ writer }}.patch(path, json=CHANGES), {{ writer }}.delete(path)]
        assert [(response.status_code, response.json()["code"]) for response in responses] == [(404, "{{ note }}_not_found")] * 3
{% if owned %}


def test_what_belongs_to_another_user_does_not_exist(alice: httpx2.Client, bob: httpx2.Client) -> None:
    {{ note }} = add_{{ note }}(alice)
    path = f"{{ "{" ~ (notes | upper) ~ "}" }}/{ {{- note }}['id']}"

    responses = [bob.get(path), bob.patch(path, json=CHANGES), bob.delete(path)]

    assert [(response.status_code, response.json()["code"]) for response in responses] == [(404, "{{ note }}_not_found")] * 3
    assert ids(bob) == []
    assert alice.get(path).json() == {{ note }}
{% endif %}
