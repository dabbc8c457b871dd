"""Argon2id, with the parameters that OWASP recommends: 19 MiB, two passes, one lane."""

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import Secret

_hasher = PasswordHash((Argon2Hasher(memory_cost=19 * 1024, time_cost=2, parallelism=1),))
_hash_of_nobody = _hasher.hash("nobody has this password")


def hash_password(password: Secret[str]) -> str:
    return _hasher.hash(password.get_secret_value())


def verify_password(password: Secret[str], password_hash: str | None) -> bool:
    """Takes as long without a hash as with one, so that time does not tell whether there is an account."""
    right = _hasher.verify(password.get_secret_value(), password_hash or _hash_of_nobody)
    return right and password_hash is not None
