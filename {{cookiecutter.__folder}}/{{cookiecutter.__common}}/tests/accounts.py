"""Users for the tests, created without hashing a password."""

from {{ cookiecutter.__package }}.auth.schemas import Tokens
from {{ cookiecutter.__package }}.auth.transactions import accounts_in_transaction
from {{ cookiecutter.__package }}.users.schemas import Role

from .passwords import PASSWORD_HASH


class Account:
    def __init__(self, name: str, role: Role = Role.USER) -> None:
        with accounts_in_transaction() as accounts:
            self.user = accounts.users.create_user(f"{name}@example.com", name.title(), PASSWORD_HASH, role)

    def open_session(self) -> Tokens:
        with accounts_in_transaction() as accounts:
            return accounts.sessions.open_session(self.user, "tests")

    def sign_in(self) -> dict[str, str]:
        """The headers of a new session."""
        return {"Authorization": f"Bearer {self.open_session().access_token}"}
