"""Tables of the catalogue."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ..core.database import Base, UtcDateTime


class Category(Base):
    __tablename__ = "categories"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    slug: Mapped[str] = mapped_column(String(80), unique=True)


class CatalogVersion(Base):
    """`version` is replaced whenever the list of categories would look different; caches are compared with it."""

    __tablename__ = "catalog_versions"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    version: Mapped[UUID]


class Product(Base):
    __tablename__ = "products"
    __table_args__ = (Index(None, "category_id", "id"),)  # For the list of a category, newest first.

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    search_name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(String(4000))
    price_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    category_id: Mapped[UUID] = mapped_column(ForeignKey("categories.id"))
    stock: Mapped[int] = mapped_column(BigInteger)  # What cancelled orders put back may exceed what can be set.
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # Hidden since then; orders refer to it.
