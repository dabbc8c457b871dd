"""What the routes of the catalogue need."""

from ..core.routing import current_session
from .repository import CatalogRepository
from .service import CatalogService


def catalog_service() -> CatalogService:
    return CatalogService(CatalogRepository(current_session()))
