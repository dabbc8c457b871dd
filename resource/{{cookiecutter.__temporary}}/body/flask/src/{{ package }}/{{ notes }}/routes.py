{% set reader = "ANYONE" if is_open else "SIGNED_IN" %}
{% set writer = "ADMIN" if is_open else "SIGNED_IN" %}
{% set and_user = ", current_user: CurrentUser" if owned else "" %}
{% set user = "current_user.id, " if owned else "" %}
"""{{ many | capitalize }} over HTTP."""

from uuid import UUID

from flask import Blueprint

from ..auth.dependencies import ADMIN, SIGNED_IN
from ..auth.service import CurrentUser
from ..core.pagination import Page, PageQuery
from ..core.routing import ANYONE, operation
from ..core.schemas import PageRead
from .dependencies import {{ note }}_service
from .models import {{ Note }}
from .schemas import New{{ Note }}, {{ Note }}Change, {{ Note }}Read{{ ", " ~ Note ~ "Query" if filters }}

bp = Blueprint("{{ notes }}", __name__)


@bp.get("/{{ path }}")
@operation({{ reader }}, returns=PageRead[{{ Note }}Read])
def list_{{ notes }}(query: {{ Note ~ "Query" if filters else "PageQuery" }}{{ and_user }}) -> Page[{{ Note }}]:
    return {{ note }}_service().list_{{ notes }}({{ user }}query)


@bp.post("/{{ path }}")
@operation({{ writer }}, returns={{ Note }}Read, status=201)
def create_{{ note }}(body: New{{ Note }}{{ and_user }}) -> tuple[{{ Note }}, dict[str, str]]:
    {{ note }} = {{ note }}_service().create_{{ note }}({{ user }}body)
    return {{ note }}, {"Location": f"/api/v1/{{ path }}/{{ "{" ~ note ~ ".id}" }}"}


@bp.get("/{{ path }}/<id:{{ note }}_id>")
@operation({{ reader }}, returns={{ Note }}Read)
def read_{{ note }}({{ note }}_id: UUID{{ and_user }}) -> {{ Note }}:
    return {{ note }}_service().read_{{ note }}({{ user }}{{ note }}_id)


@bp.patch("/{{ path }}/<id:{{ note }}_id>")
@operation({{ writer }}, returns={{ Note }}Read)
def change_{{ note }}({{ note }}_id: UUID, changes: {{ Note }}Change{{ and_user }}) -> {{ Note }}:
    return {{ note }}_service().change_{{ note }}({{ user }}{{ note }}_id, changes)


@bp.delete("/{{ path }}/<id:{{ note }}_id>")
@operation({{ writer }}, returns=None, status=204)
def delete_{{ note }}({{ note }}_id: UUID{{ and_user }}) -> None:
    {{ note }}_service().delete_{{ note }}({{ user }}{{ note }}_id)
