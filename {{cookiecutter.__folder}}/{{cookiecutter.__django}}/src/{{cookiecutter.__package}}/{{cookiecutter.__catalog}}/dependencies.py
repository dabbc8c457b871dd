"""What the routes of the catalogue need."""

from ..events.transactions import outbox
from .repository import CatalogRepository
from .service import CatalogService

catalog = CatalogService(CatalogRepository(), outbox.record)
