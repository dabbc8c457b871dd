"""What the routes of {{ many }} need."""

from typing import Annotated

from fastapi import Depends

from ..core.routing import DbSession
from ..users.dependencies import Users
from .repository import {{ Note }}Repository
from .service import {{ Note }}Service


async def {{ note }}_service(session: DbSession{{ ", users: Users" if owned }}) -> {{ Note }}Service:
    return {{ Note }}Service({{ Note }}Repository(session){{ ", users" if owned }})


{{ Notes }} = Annotated[{{ Note }}Service, Depends({{ note }}_service)]
