"""For requests that the contract allows and for those that it forbids, the service answers as `openapi.yaml` says.

schemathesis generates the requests: the same ones in every run, so that a failure here is a failure everywhere.
For more requests, and different ones in each run: `EXAMPLES=1000 uv run pytest tests/test_properties.py`.
"""

import os
from copy import deepcopy
from typing import Any

import pytest
import schemathesis
from hypothesis.strategies import emails
from schemathesis import Case, Response
from schemathesis.specs.openapi.checks import positive_data_acceptance

from {{ cookiecutter.__package }}.system.contract import contract
from {{ cookiecutter.__package }}.users.schemas import Role

from .accounts import Account
from .database import Database

pytestmark = pytest.mark.slow

EXAMPLES = os.environ.get("EXAMPLES")

# The service refuses what a mail server would decode to another address. `format: email` can not say so.
schemathesis.openapi.format("email", emails().filter(lambda address: "=?" not in address))

api = schemathesis.openapi.from_dict(
    deepcopy(contract()),  # schemathesis changes what it is given.
    config=schemathesis.Config.from_dict(
        {
            "suppress-health-check": ["all"],
            "analysis": {"constants": {"enabled": False}},
            "generation": {
                "database": "none",
                "deterministic": EXAMPLES is None,
                "max-examples": int(EXAMPLES or 20),
                "allow-extra-parameters": False,  # Query parameters that the contract does not name are ignored.
                "with-security-parameters": False,  # A random token would only test the 401.
            },
        }
    ),
)


# What a schema says of a request that is refused with 400 or 422.
PREDICTABLE = {"malformed_json", "validation_error"}


def is_open(context: Any) -> bool:
    security = context.operation.definition.raw.get("security")
    return not security or {} in security


@pytest.fixture
def application(client: object) -> Any:
    from .framework import app

    return app


@pytest.fixture(params=Role)
def account(request: pytest.FixtureRequest, application: object) -> Account:
    return Account("alice", request.param)


@api.include(is_open).parametrize()
def test_what_anyone_may_ask_for(case: Case[Any], application: Any) -> None:
    check_answer(case, application, {})


@api.exclude(is_open).parametrize()
def test_what_takes_signing_in(case: Case[Any], application: Any, account: Account) -> None:
    check_answer(case, application, account.sign_in())


def test_what_follows_from_earlier_answers(application: Any, database: Database) -> None:
    """Requests with ids from earlier responses."""
    api.app = application

    class Scenario(api.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            database.empty()
            self.account = Account("alice", Role.ADMIN)

        def get_call_kwargs(self, case: Case[Any]) -> dict[str, Any]:
            # The same user in all steps, because others do not see what is hers. An earlier step may have changed her.
            database.execute("UPDATE users SET role = 'admin', is_active = true WHERE email = 'alice@example.com'")
            return {"headers": self.account.sign_in()}

        def validate_response(self, response: Response, case: Case[Any], **kwargs: Any) -> None:
            validate(case, response, kwargs["headers"], self.recorder)

    Scenario.run(settings=api.config.get_hypothesis_settings())


def check_answer(case: Case[Any], application: Any, headers: dict[str, str]) -> None:
    case.operation.app = case.operation.schema.app = application  # It did not exist yet when pytest collected the test.
    validate(case, case.call(headers=headers), headers)


def validate(case: Case[Any], response: Response, headers: dict[str, str], recorder: Any = None) -> None:
    # Other codes are for what no schema can predict, such as a cursor that was never issued, or a signature.
    is_predictable = response.status_code not in {400, 422} or response.json()["code"] in PREDICTABLE
    case.validate_response(
        response,
        excluded_checks=None if is_predictable else [positive_data_acceptance],
        headers=headers,
        transport_kwargs={"headers": headers},
        recorder=recorder,
    )
