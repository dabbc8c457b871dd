"""Argon2id, with the parameters that OWASP recommends: 19 MiB, two passes, one lane."""

import os
from pathlib import Path
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import Secret

_hasher = PasswordHash((Argon2Hasher(memory_cost=19 * 1024, time_cost=2, parallelism=1),))
_hash_of_nobody = _hasher.hash("nobody has this password")

# A hash keeps a core and 19 MiB busy. More at once would only take both from other requests.
_turn = BoundedSemaphore(os.cpu_count() or 1)

# The long enough of the 10,000 commonest, by Royce Williams (in Django 6.1) and Mark Burnett (in zxcvbn 4.5).
_common = frozenset((Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split())


def is_common(password: Secret[str]) -> bool:
    return password.get_secret_value().lower() in _common


def hash_password(password: Secret[str]) -> str:
    with _turn:
        return _hasher.hash(password.get_secret_value())


def verify_password(password: Secret[str], password_hash: str | None) -> bool:
    """Takes as long without a hash as with one, so that time does not tell whether there is an account."""
    with _turn:
        right = _hasher.verify(password.get_secret_value(), password_hash or _hash_of_nobody)
    return right and password_hash is not None


def upgraded_hash(password: Secret[str], password_hash: str) -> str | None:
    """A new hash for a password that is known to be right, if the parameters have changed since."""
    return hash_password(password) if _hasher.current_hasher.check_needs_rehash(password_hash) else None
