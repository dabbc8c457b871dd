"""People with an account, made without what a password costs."""

from {{ cookiecutter.__package }}.accounts.schemas import Role, SignUp, Tokens
from {{ cookiecutter.__package }}.accounts.transactions import accounts_in_transaction

from .conftest import PASSWORD

# Quick to check: whether Argon2 is dear enough is not the question here.
PASSWORD_HASH = "$argon2id$v=19$m=8,t=1,p=1$zHj6bgSvH6BYMo37gUSUKg$Spf/GcjDX7NQ0o+jyak6Y+gXG7ilvSwk/ZdYRCB3gKY"


class Person:
    def __init__(self, name: str, role: Role) -> None:
        form = SignUp(email=f"{name}@example.com", password=PASSWORD, name=name)
        with accounts_in_transaction() as accounts:
            self.user = accounts.open_account(form, PASSWORD_HASH, role)

    def open_session(self) -> Tokens:
        with accounts_in_transaction() as accounts:
            return accounts.open_session(self.user, "tests", better_hash=None)

    def sign_in(self) -> dict[str, str]:
        """The headers of a new session, as often as need be: some requests end their own."""
        return {"Authorization": f"Bearer {self.open_session().access_token}"}
