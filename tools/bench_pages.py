"""What a page of products costs, at the beginning and in the depth of a small and of a large catalogue.

In a project with `example=shop`, with its DATABASE_URL set to an empty database:

    uv run python <template>/tools/bench_pages.py PACKAGE
"""

import importlib
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

ROUNDS = 50
PAGE = 20
NO_FILTERS = dict.fromkeys(["category_id", "q", "min_price_cents", "max_price_cents"])


def main(package: str) -> None:
    sys.path.insert(0, str(Path.cwd() / "src"))
    importlib.import_module(f"{package}.setup").setup()
    importlib.import_module(f"{package}.migrations").migrate()
    seeds = importlib.import_module(f"{package}.catalog.seeds")
    transactions = importlib.import_module(f"{package}.catalog.transactions")
    for products in (1_000, 100_000):
        seeds.seed(products)
        with transactions.catalog_in_transaction() as catalog:
            deep = catalog.list_products(None, products * 9 // 10, **NO_FILTERS)[-1].id
            costs = {
                "first page": milliseconds(catalog, None),
                "deep page": milliseconds(catalog, deep),
                "search that finds nothing": milliseconds(catalog, None, q="no such thing"),
            }
        for name, cost in costs.items():
            print(f"{products:>7} products, {name}: {cost:.2f} ms")


def milliseconds(catalog: Any, below: UUID | None, **filters: object) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        catalog.list_products(below, PAGE + 1, **(NO_FILTERS | filters))
        times.append((time.perf_counter() - start) * 1000)
    return median(times)


if __name__ == "__main__":
    main(*sys.argv[1:])
