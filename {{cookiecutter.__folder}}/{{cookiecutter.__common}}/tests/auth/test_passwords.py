"""How passwords are hashed, with the whole cost of it."""

from threading import BoundedSemaphore

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import Secret

from {{ cookiecutter.__package }}.auth import passwords
from {{ cookiecutter.__package }}.auth.passwords import hash_password, upgraded_hash, verify_password
from {{ cookiecutter.__package }}.core.errors import Overloaded

from ..passwords import PASSWORD_HASH
from .fakes import PASSWORD

PARAMETERS = "$argon2id$v=19$m=19456,t=2,p=1$"


@pytest.fixture
def cheap_hashes() -> None:
    """Not here."""


def test_a_hash_has_the_parameters_that_owasp_recommends() -> None:
    password_hash = hash_password(PASSWORD)

    assert password_hash.startswith(PARAMETERS)
    assert verify_password(PASSWORD, password_hash)
    assert not verify_password(Secret("wrong"), password_hash)


def test_a_hash_of_weaker_parameters_is_upgraded() -> None:
    upgraded = upgraded_hash(PASSWORD, PASSWORD_HASH)

    assert upgraded is not None
    assert upgraded.startswith(PARAMETERS)
    assert upgraded_hash(PASSWORD, upgraded) is None


def test_without_a_hash_another_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []

    def verify(_hasher: Argon2Hasher, _password: str, password_hash: str) -> bool:
        compared.append(password_hash)
        return True

    monkeypatch.setattr(Argon2Hasher, "verify", verify)

    assert not verify_password(PASSWORD, None)

    [password_hash] = compared
    assert password_hash.startswith(PARAMETERS)


@pytest.mark.parametrize("password", ["", "an account that does not exist"])
def test_an_account_without_a_password_has_no_right_one(password: str) -> None:
    assert not verify_password(Secret(password), "")
    assert not verify_password(Secret(password), None)


def test_of_too_many_at_once_the_last_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_waiting", BoundedSemaphore(1))

    with passwords._hashing(), pytest.raises(Overloaded):
        hash_password(PASSWORD)
