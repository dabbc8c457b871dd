{% set reader = "" if is_open else ("" if owned else "_") ~ "current_user: SignedIn, " %}
{% set writer = "_admin: Admin, " if is_open else reader %}
{% set user = "current_user.id, " if owned else "" %}
{% set open = ", dependencies=[ANYONE]" if is_open else "" %}
"""{{ many | capitalize }} over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from ..auth.dependencies import Admin, SignedIn
from ..core.pagination import Page
from ..core.routing import ANYONE, PageParameters, api_router
from ..core.schemas import PageRead
from .dependencies import {{ Notes }}
from .models import {{ Note }}
from .schemas import New{{ Note }}, {{ Note }}Change, {{ Note }}Read{{ ", " ~ Note ~ "Query" if filters }}

router = api_router()


@router.get("/{{ path }}", response_model=PageRead[{{ Note }}Read]{{ open }})
def list_{{ notes }}(query: {{ "Annotated[" ~ Note ~ "Query, Query()]" if filters else "PageParameters" }}, {{ reader }}{{ notes }}: {{ Notes }}) -> Page[{{ Note }}]:
    return {{ notes }}.list_{{ notes }}({{ user }}query)


@router.post("/{{ path }}", status_code=201, response_model={{ Note }}Read)
def create_{{ note }}(body: New{{ Note }}, {{ writer }}{{ notes }}: {{ Notes }}, response: Response) -> {{ Note }}:
    {{ note }} = {{ notes }}.create_{{ note }}({{ user }}body)
    response.headers["Location"] = f"/api/v1/{{ path }}/{{ "{" ~ note ~ ".id}" }}"
    return {{ note }}


@router.get("/{{ path }}/{{ "{" ~ note ~ "_id:id}" }}", response_model={{ Note }}Read{{ open }})
def read_{{ note }}({{ note }}_id: UUID, {{ reader }}{{ notes }}: {{ Notes }}) -> {{ Note }}:
    return {{ notes }}.read_{{ note }}({{ user }}{{ note }}_id)


@router.patch("/{{ path }}/{{ "{" ~ note ~ "_id:id}" }}", response_model={{ Note }}Read)
def change_{{ note }}({{ note }}_id: UUID, changes: {{ Note }}Change, {{ writer }}{{ notes }}: {{ Notes }}) -> {{ Note }}:
    return {{ notes }}.change_{{ note }}({{ user }}{{ note }}_id, changes)


@router.delete("/{{ path }}/{{ "{" ~ note ~ "_id:id}" }}", status_code=204)
def delete_{{ note }}({{ note }}_id: UUID, {{ writer }}{{ notes }}: {{ Notes }}) -> None:
    {{ notes }}.delete_{{ note }}({{ user }}{{ note }}_id)
