"""Every query on categories and products."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..core.database import catch_duplicate, insert
from .models import CatalogVersion, Category, Product

CATEGORIES = "categories"
# Otherwise each update would be compared with every object of the session.
UNSYNCHRONIZED = {"synchronize_session": False}


class CatalogRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def list_categories(self) -> list[tuple[Category, int]]:
        """Each with the number of its products."""
        products = (Product.category_id == Category.id) & Product.archived_at.is_(None)
        query = select(Category, func.count(Product.id)).outerjoin(Product, products).group_by(Category.id)
        return [(category, count) for category, count in self.session.execute(query)]

    def read_version(self) -> UUID | None:
        """Of the list of categories. None before the first change."""
        return self.session.scalar(select(CatalogVersion.version).where(CatalogVersion.name == CATEGORIES))

    def change_version(self) -> None:
        row = insert(CatalogVersion).values(name=CATEGORIES, version=uuid4())
        query = row.on_conflict_do_update(index_elements=["name"], set_={"version": row.excluded.version})
        self.session.execute(query)

    def keep_category(self, category_id: UUID) -> bool:
        """A weak lock: until the end of the transaction, nobody can remove it. False when there is none."""
        query = select(Category.id).where(Category.id == category_id).with_for_update(read=True, key_share=True)
        return self.session.scalar(query) is not None

    def add_category(self, category: Category) -> None:
        """Raises Duplicate when there is one with this slug."""
        with catch_duplicate(self.session):
            self.session.add(category)

    def add_new_categories(self, categories: Sequence[Category]) -> None:
        """Leaves out those whose slug is there already."""
        self._insert_new(Category, categories)

    def add_new_products(self, products: Sequence[Product]) -> None:
        """Leaves out those whose SKU is there already."""
        self._insert_new(Product, products)

    def list_products(
        self,
        below: UUID | None,
        limit: int,
        *,
        category_id: UUID | None,
        q: str | None,
        min_price_cents: int | None,
        max_price_cents: int | None,
    ) -> Sequence[Product]:
        query = select(Product).where(Product.archived_at.is_(None)).order_by(Product.id.desc()).limit(limit)
        if below is not None:
            query = query.where(Product.id < below)
        if category_id is not None:
            query = query.where(Product.category_id == category_id)
        if q is not None:
            query = query.where(Product.search_name.contains(q, autoescape=True))
        if min_price_cents is not None:
            query = query.where(Product.price_cents >= min_price_cents)
        if max_price_cents is not None:
            query = query.where(Product.price_cents <= max_price_cents)
        return self.session.scalars(query).all()

    def find_product(self, product_id: UUID) -> Product | None:
        return self.session.scalar(select(Product).where(Product.id == product_id, Product.archived_at.is_(None)))

    def keep_product(self, product_id: UUID) -> Product | None:
        """A weak lock: until the end of the transaction, nobody can remove it."""
        query = select(Product).where(Product.id == product_id, Product.archived_at.is_(None))
        return self.session.scalar(query.with_for_update(read=True, key_share=True))

    def lock_product(self, product_id: UUID) -> Product | None:
        """Locks the row until the end of the transaction."""
        query = select(Product).where(Product.id == product_id, Product.archived_at.is_(None))
        return self.session.scalar(query.with_for_update(key_share=True))

    def lock_products(self, product_ids: Sequence[UUID]) -> None:
        query = select(Product.id).where(Product.id.in_(product_ids)).order_by(Product.id)
        self.session.execute(query.with_for_update(key_share=True))

    def add_product(self, product: Product) -> None:
        """Raises Duplicate when there is one with this SKU."""
        with catch_duplicate(self.session):
            self.session.add(product)

    def update_product(self, product: Product, **changes: object) -> None:
        for name, value in changes.items():
            setattr(product, name, value)

    def take_stock(self, product_id: UUID, quantity: int) -> bool:
        """False when there is less."""
        query = update(Product).where(Product.id == product_id, Product.stock >= quantity)
        query = query.where(Product.archived_at.is_(None)).values(stock=Product.stock - quantity)
        return self.session.scalar(query.returning(Product.id), execution_options=UNSYNCHRONIZED) is not None

    def put_back(self, product_id: UUID, quantity: int) -> None:
        query = update(Product).where(Product.id == product_id).values(stock=Product.stock + quantity)
        self.session.execute(query, execution_options=UNSYNCHRONIZED)

    def remove_product(self, product: Product) -> bool:
        """False when something must keep it, such as an order."""
        try:
            with self.session.begin_nested():
                self.session.execute(delete(Product).where(Product.id == product.id))
        except IntegrityError:
            return False
        return True

    def _insert_new(self, table: type[Category | Product], rows: Sequence[Category | Product]) -> None:
        columns = table.__table__.columns.keys()
        values = [{column: getattr(row, column) for column in columns} for row in rows]
        self.session.execute(insert(table).on_conflict_do_nothing(), values)
