"""What the routes of the catalogue need."""

from typing import Annotated

from fastapi import Depends

from ..core.routing import DbSession
from ..events.transactions import outbox_of
from .repository import CatalogRepository
from .service import CatalogService


async def catalog_service(session: DbSession) -> CatalogService:
    return CatalogService(CatalogRepository(session), outbox_of(session).record)


Catalog = Annotated[CatalogService, Depends(catalog_service)]
