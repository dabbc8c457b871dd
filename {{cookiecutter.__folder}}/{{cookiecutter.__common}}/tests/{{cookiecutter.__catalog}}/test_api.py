"""The catalogue over HTTP."""

from contextlib import suppress
from typing import Any

import httpx2
import pytest

from {{ cookiecutter.__package }}.catalog.repository import CatalogRepository

from ..database import Database
from ..events.feed import Feed
from ..races import meanwhile
from .factories import add_category, add_product, new_product

ID = "0192abcd-0000-7000-8000-000000000000"
PRODUCTS = "/api/v1/products"


def names(client: httpx2.Client, **filters: str | int) -> list[str]:
    """Of all pages with these filters."""
    found: list[str] = []
    cursor = ""
    while cursor is not None:
        page = client.get(PRODUCTS, params={**filters, "limit": 2, "cursor": cursor}).json()
        found += [product["name"] for product in page["items"]]
        cursor = page["next_cursor"]
    return found


class TestCategories:
    def test_are_listed_by_name_with_the_number_of_their_products(self, client: httpx2.Client) -> None:
        tables = add_category(client, name="Tables")
        chairs = add_category(client, name="Chairs")
        add_product(client, category_id=chairs["id"])
        add_product(client, category_id=chairs["id"])

        response = client.get("/api/v1/categories")

        assert response.json()["items"] == [chairs | {"product_count": 2}, tables | {"product_count": 0}]

    def test_are_counted_again_after_every_change(self, admin: httpx2.Client) -> None:
        def counts() -> dict[str, int]:
            items = admin.get("/api/v1/categories").json()["items"]
            return {category["name"]: category["product_count"] for category in items}

        seen = [counts()]
        chairs, tables = add_category(admin, name="Chairs"), add_category(admin, name="Tables")
        seen.append(counts())
        product = f"{PRODUCTS}/{add_product(admin, category_id=chairs['id'])['id']}"
        seen.append(counts())
        admin.patch(product, json={"category_id": tables["id"]})
        seen.append(counts())
        admin.delete(product)
        seen.append(counts())

        assert seen == [
            {},
            {"Chairs": 0, "Tables": 0},
            {"Chairs": 1, "Tables": 0},
            {"Chairs": 0, "Tables": 1},
            {"Chairs": 0, "Tables": 0},
        ]

    def test_are_counted_once_until_then(
        self, client: httpx2.Client, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        add_category(client)
        first = client.get("/api/v1/categories").json()
        monkeypatch.setattr(CatalogRepository, "list_categories", lambda _self: pytest.fail("counted again"))

        assert client.get("/api/v1/categories").json() == first

    def test_a_change_of_another_worker_is_seen(self, client: httpx2.Client, database: Database) -> None:
        """Which has committed, with a version of its own."""
        add_category(client, name="Chairs")
        client.get("/api/v1/categories")
        database.execute(
            "UPDATE categories SET name = 'Stools'",
            "UPDATE catalog_versions SET version = '00000000000040008000000000000001'",
        )

        assert client.get("/api/v1/categories").json()["items"][0]["name"] == "Stools"

    def test_one_is_added(self, admin: httpx2.Client) -> None:
        response = admin.post("/api/v1/categories", json={"name": "Chairs", "slug": "chairs"})

        assert response.status_code == 201
        assert response.headers["Location"] == "/api/v1/categories"
        assert response.json() | {"id": ""} == {"id": "", "name": "Chairs", "slug": "chairs", "product_count": 0}

    def test_a_slug_belongs_to_one(self, admin: httpx2.Client) -> None:
        add_category(admin, slug="chairs")

        response = admin.post("/api/v1/categories", json={"name": "More chairs", "slug": "chairs"})

        assert response.status_code == 409
        assert response.json()["code"] == "slug_taken"

    @pytest.mark.parametrize("slug", ["", "Chairs", "chairs!", "chairs\n", "é", "a" * 81, None, 1])
    def test_a_slug_is_plain(self, admin: httpx2.Client, slug: object) -> None:
        response = admin.post("/api/v1/categories", json={"name": "Chairs", "slug": slug})

        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == ["slug"]


class TestListProducts:
    def test_begins_with_the_newest(self, client: httpx2.Client) -> None:
        for name in ("One", "Two", "Three"):
            add_product(client, name=name)

        assert names(client) == ["Three", "Two", "One"]

    def test_shows_those_of_a_category(self, client: httpx2.Client) -> None:
        chairs = add_category(client)
        for name in ("One", "Two", "Three"):
            add_product(client, name=name, category_id=chairs["id"])
        add_product(client, name="Table")

        assert names(client, category_id=chairs["id"]) == ["Three", "Two", "One"]

    def test_shows_those_between_two_prices(self, client: httpx2.Client) -> None:
        for price in (99, 100, 200, 201):
            add_product(client, name=str(price), price_cents=price)

        assert names(client, min_price_cents=100, max_price_cents=200) == ["200", "100"]

    @pytest.mark.parametrize(
        ("q", "found"),
        [
            ("chair", ["ARMCHAIR", "A chair"]),
            ("CHAIR", ["ARMCHAIR", "A chair"]),
            ("%", ["100 % wool"]),
            ("_", ["under_score"]),
            ("\\", ["back\\slash"]),
            ("É", ["CAFÉ"]),
            ("é", ["café"]),
            ("caf", ["café", "CAFÉ"]),
            ("nothing", []),
        ],
    )
    def test_finds_part_of_a_name(self, client: httpx2.Client, q: str, found: list[str]) -> None:
        chairs = add_category(client)
        for name in ("A chair", "ARMCHAIR", "100 % wool", "under_score", "back\\slash", "CAFÉ", "café"):
            add_product(client, name=name, category_id=chairs["id"])

        assert names(client, q=q) == found

    @pytest.mark.parametrize(
        "filters",
        [
            {"category_id": "x"},
            {"q": ""},
            {"q": "x" * 101},
            {"q": "\0"},
            {"min_price_cents": "-1"},
            {"min_price_cents": "1.0"},
            {"max_price_cents": "2147483648"},
        ],
    )
    def test_refuses_filters_that_can_not_work(self, client: httpx2.Client, filters: dict[str, str]) -> None:
        response = client.get(PRODUCTS, params=filters)

        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == list(filters)

    def test_a_cursor_belongs_to_its_filters(self, client: httpx2.Client) -> None:
        add_product(client, name="One")
        add_product(client, name="Two")
        cursor = client.get(PRODUCTS, params={"limit": 1, "min_price_cents": 100}).json()["next_cursor"]

        same = client.get(PRODUCTS, params={"cursor": cursor, "min_price_cents": 100})
        others = [client.get(PRODUCTS, params={"cursor": cursor, **other}) for other in ({}, {"min_price_cents": 99})]

        assert [product["name"] for product in same.json()["items"]] == ["One"]
        assert [(other.status_code, other.json()["code"]) for other in others] == [(422, "invalid_cursor")] * 2


class TestProducts:
    def test_its_category_can_not_vanish_meanwhile(self, admin: httpx2.Client, database: Database) -> None:
        category = add_category(admin)

        with (
            suppress(Exception),  # Of the database, which keeps a category that has products.
            meanwhile(CatalogRepository, "add_product", lambda: database.execute("DELETE FROM categories")),
        ):
            response = admin.post(PRODUCTS, json=new_product(category["id"]))

        assert response.status_code == 201

    def test_one_is_added_and_read(self, admin: httpx2.Client) -> None:
        body = new_product(add_category(admin)["id"])

        response = admin.post(PRODUCTS, json=body)

        assert response.status_code == 201
        assert response.json() | body == response.json()
        assert response.json()["description"] == ""
        assert response.json()["created_at"] == response.json()["updated_at"]
        assert admin.get(response.headers["Location"]).json() == response.json()

    def test_a_sku_belongs_to_one(self, admin: httpx2.Client) -> None:
        product = add_product(admin)

        response = admin.post(PRODUCTS, json=new_product(product["category_id"]) | {"sku": product["sku"]})

        assert response.status_code == 409
        assert response.json()["code"] == "sku_taken"

    def test_one_needs_a_category(self, admin: httpx2.Client) -> None:
        product = add_product(admin)

        responses = [
            admin.post(PRODUCTS, json=new_product(ID)),
            admin.patch(f"{PRODUCTS}/{product['id']}", json={"category_id": ID}),
        ]

        for response in responses:
            assert (response.status_code, response.json()["code"]) == (422, "unknown_category")
            assert [error["field"] for error in response.json()["errors"]] == ["category_id"]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("sku", ""),
            ("name", "x" * 201),
            ("description", None),
            ("price_cents", -1),
            ("price_cents", 2**31),
            ("price_cents", "1"),
            ("price_cents", 1.5),
            ("stock", True),
            ("currency", "eur"),
            ("currency", "EURO"),
            ("category_id", "chairs"),
        ],
    )
    def test_a_value_that_can_not_be_is_refused(self, admin: httpx2.Client, field: str, value: object) -> None:
        response = admin.post(PRODUCTS, json=new_product(add_category(admin)["id"]) | {field: value})

        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == [field]

    def test_a_whole_number_may_have_a_fraction_of_zero(self, admin: httpx2.Client) -> None:
        response = admin.post(PRODUCTS, json=new_product(add_category(admin)["id"]) | {"stock": 5.0})

        assert response.json()["stock"] == 5

    def test_a_change_leaves_the_rest(self, admin: httpx2.Client) -> None:
        product = add_product(admin)
        path = f"{PRODUCTS}/{product['id']}"

        changed = admin.patch(path, json={"name": "Armchair", "stock": 0}).json()

        assert changed == product | {"name": "Armchair", "stock": 0, "updated_at": changed["updated_at"]}
        assert changed["updated_at"] > product["updated_at"]
        assert names(admin, q="armchair") == ["Armchair"]

    def test_a_change_of_nothing_changes_nothing(self, admin: httpx2.Client) -> None:
        product = add_product(admin)

        assert admin.patch(f"{PRODUCTS}/{product['id']}", json={}).json() == product

    @pytest.mark.parametrize("change", [{"sku": "other"}, {"name": None}, {"id": ID}])
    def test_other_changes_are_refused(self, admin: httpx2.Client, change: dict[str, Any]) -> None:
        assert admin.patch(f"{PRODUCTS}/{add_product(admin)['id']}", json=change).status_code == 422

    def test_one_that_is_removed_is_gone(self, admin: httpx2.Client) -> None:
        product = add_product(admin)
        path = f"{PRODUCTS}/{product['id']}"

        response = admin.delete(path)

        assert (response.status_code, response.content) == (204, b"")
        assert names(admin) == []
        answers = [admin.get(path), admin.patch(path, json={}), admin.delete(path)]
        assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "product_not_found")] * 3


class TestEvents:
    def test_tell_what_becomes_of_a_product(self, admin: httpx2.Client) -> None:
        feed = Feed(admin)
        product = add_product(admin)
        path = f"{PRODUCTS}/{product['id']}"

        admin.patch(path, json={"name": "Chair", "stock": 7})
        admin.patch(path, json={"stock": 7})
        admin.delete(path)

        product_id = {"product_id": product["id"], "sku": product["sku"]}
        assert feed.read_about("product") == [
            ("product.created", product_id),
            ("product.updated", product_id | {"changed": ["stock"]}),
            ("product.deleted", product_id),
        ]
