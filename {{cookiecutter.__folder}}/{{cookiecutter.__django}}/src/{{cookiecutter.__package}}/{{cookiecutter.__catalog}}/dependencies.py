"""What the routes of the catalogue need."""

from .repository import CatalogRepository
from .service import CatalogService

catalog = CatalogService(CatalogRepository())
