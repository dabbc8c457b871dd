{% set first = (fields | rejectattr("kind", "eq", "ref") | first) %}
"""Who may call what: see tests/permissions.py."""

import httpx2

from .factories import add_{{ note }}, new_{{ note }}

ANSWERS = {
    "list_{{ notes }}": "{{ {"owner": "401 ok ok ok", "members": "401 all all all", "public-read": "all all all all"}[who] }}",
    "create_{{ note }}": "{{ "401 403 403 ok" if is_open else "401 ok 422 422" if required_refs | map(attribute="target") | selectattr("is_owned") | list else "401 ok ok ok" }}",
    "read_{{ note }}": "{{ {"owner": "401 ok 404 404", "members": "401 all all all", "public-read": "all all all all"}[who] }}",
    "change_{{ note }}": "{{ {"owner": "401 ok 404 404", "members": "401 ok ok ok", "public-read": "401 403 403 ok"}[who] }}",
    "delete_{{ note }}": "{{ {"owner": "401 ok 404 404", "members": "401 ok ok ok", "public-read": "401 403 403 ok"}[who] }}",
}

BODIES = {
    "create_{{ note }}": new_{{ note }}{{ "" if required_refs else "()" }},
    "change_{{ note }}": {"{{ first.column }}": {{ first.changed }}},
}


def {{ note }}_id(alice: httpx2.Client) -> str:
    return str(add_{{ note }}(alice)["id"])


PATH_IDS = {"{{ note }}_id": {{ note }}_id}
