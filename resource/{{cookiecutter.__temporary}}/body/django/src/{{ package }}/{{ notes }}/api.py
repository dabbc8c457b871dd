{% set reader = "anyone" if is_open else "signed_in" %}
{% set writer = "admin" if is_open else "signed_in" %}
{% set request = "request: SignedInRequest" if owned else "request: HttpRequest" %}
{% set user = "request.auth.id, " if owned else "" %}
"""{{ many | capitalize }} over HTTP."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from ..auth.dependencies import SignedInRequest, admin, signed_in
from ..core.pagination import Page, PageQuery
from ..core.routing import anyone
from ..core.schemas import PageRead
from .dependencies import {{ notes }}
from .models import {{ Note }}
from .schemas import New{{ Note }}, {{ Note }}Change, {{ Note }}Read{{ ", " ~ Note ~ "Query" if filters }}

router = Router()


@router.get("/{{ path }}", response=PageRead[{{ Note }}Read], auth={{ reader }})
def list_{{ notes }}({{ request }}, query: Query[{{ Note ~ "Query" if filters else "PageQuery" }}]) -> Page[{{ Note }}]:
    return {{ notes }}.list_{{ notes }}({{ user }}query)


@router.post("/{{ path }}", response={201: {{ Note }}Read}, auth={{ writer }})
def create_{{ note }}({{ request }}, body: New{{ Note }}, response: HttpResponse) -> Status[{{ Note }}]:
    {{ note }} = {{ notes }}.create_{{ note }}({{ user }}body)
    response["Location"] = f"/api/v1/{{ path }}/{{ "{" ~ note ~ ".id}" }}"
    return Status(201, {{ note }})


@router.get("/{{ path }}/{{ "{id:" ~ note ~ "_id}" }}", response={{ Note }}Read, auth={{ reader }})
def read_{{ note }}({{ request }}, {{ note }}_id: UUID) -> {{ Note }}:
    return {{ notes }}.read_{{ note }}({{ user }}{{ note }}_id)


@router.patch("/{{ path }}/{{ "{id:" ~ note ~ "_id}" }}", response={{ Note }}Read, auth={{ writer }})
def change_{{ note }}({{ request }}, {{ note }}_id: UUID, changes: {{ Note }}Change) -> {{ Note }}:
    return {{ notes }}.change_{{ note }}({{ user }}{{ note }}_id, changes)


@router.delete("/{{ path }}/{{ "{id:" ~ note ~ "_id}" }}", response={204: None}, auth={{ writer }})
def delete_{{ note }}({{ request }}, {{ note }}_id: UUID) -> Status[None]:
    {{ notes }}.delete_{{ note }}({{ user }}{{ note }}_id)
    return Status(204, None)
