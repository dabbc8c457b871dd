"""What the routes of the catalogue need."""

from ..core.routing import current_session
from ..events.transactions import outbox_of
from .repository import CatalogRepository
from .service import CatalogService


def catalog_service() -> CatalogService:
    return CatalogService(CatalogRepository(current_session()), outbox_of(current_session()).record)
