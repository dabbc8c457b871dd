"""What the contract allows is answered as it says, what it forbids is refused: schemathesis makes up both."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from {{ cookiecutter.__package }}.core.contract import contract

from .conftest import PASSWORD
from .database import Database
from .server import serving

schema = schemathesis.openapi.from_dict(contract())
schema.config.generation.allow_extra_parameters = False  # Those that nobody named are ignored, not refused.


class Person:
    """Somebody who signs in again whenever an operation has ended the session, or locked the account."""

    def __init__(self, service: httpx2.Client, database: Database, role: str) -> None:
        self.service = service
        self.database = database
        self.role = role
        self.accounts = 0
        self.headers: dict[str, str] = {}

    def signed_in(self) -> dict[str, str]:
        if not self.service.get("/api/v1/users/me", headers=self.headers).is_success:
            self._sign_in()
        self.database.execute(f"UPDATE users SET role = '{self.role}' WHERE email = '{self.email}'")
        return self.headers

    @property
    def email(self) -> str:
        return f"{self.role}{self.accounts}@example.com"

    def _sign_in(self) -> None:
        self.accounts += 1
        credentials = {"email": self.email, "password": PASSWORD}
        self.service.post("/api/v1/auth/signup", json=credentials | {"name": "Somebody"}).raise_for_status()
        tokens = self.service.post("/api/v1/auth/login", json=credentials).raise_for_status().json()
        self.headers = {"Authorization": f"Bearer {tokens['access_token']}"}


@pytest.fixture(scope="module")
def service(database: Database) -> Iterator[httpx2.Client]:
    database.empty()
    with (
        serving(database.url, DOCS="true", LOGIN_RATE_LIMIT="1000000/minute") as server,
        httpx2.Client(base_url=server.url) as service,
    ):
        yield service


@pytest.fixture(scope="module")
def people(service: httpx2.Client, database: Database) -> dict[str, Person]:
    return {role: Person(service, database, role) for role in ("user", "admin")}


@schema.parametrize()
@settings(
    max_examples=10,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@pytest.mark.parametrize("who", [None, "user", "admin"])
def test_an_operation_keeps_the_contract(
    case: schemathesis.Case[Any], who: str | None, service: httpx2.Client, people: dict[str, Person]
) -> None:
    headers = people[who].signed_in() if who else {}
    if case.meta and case.meta.generation.mode.is_positive and "cursor" in case.query:
        case.query["cursor"] = ""  # No schema tells one that the service has issued.

    case.call_and_validate(base_url=str(service.base_url), headers=headers)
