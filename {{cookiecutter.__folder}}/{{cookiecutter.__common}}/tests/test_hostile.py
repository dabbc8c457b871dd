"""Requests that are made to keep the service busy are refused early."""

import json
import time

import httpx2
import pytest

from .passwords import PASSWORD

CREDENTIALS: dict[str, object] = {"email": "alice@example.com", "password": PASSWORD, "name": "Alice"}
JSON = "application/json"


@pytest.mark.parametrize(
    ("document", "content_type", "status"),
    [
        (CREDENTIALS | {"email": "a" + "\u0315\u0300" * 45_000 + "@x.com"}, JSON, 422),
        (CREDENTIALS | {f"x{number}": 0 for number in range(50_000)}, JSON, 422),
        (CREDENTIALS, f'{JSON}; a="' + ";" * 50_000, 415),
    ],
    ids=["accents_to_put_in_order", "a_crowd_of_fields", "a_media_type_without_an_end"],
)
def test_it_is_refused_at_once_and_in_few_words(
    client: httpx2.Client, document: dict[str, object], content_type: str, status: int
) -> None:
    body = json.dumps(document, ensure_ascii=False).encode()
    started = time.perf_counter()

    response = client.post("/api/v1/auth/signup", content=body, headers={"Content-Type": content_type})

    assert time.perf_counter() - started < 3  # Seconds. Some of these once took minutes.
    assert response.status_code == status
    assert len(response.content) < 10_000
