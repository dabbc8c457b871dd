"""Argon2id, with the parameters that OWASP recommends: 19 MiB, two passes, one lane."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import Secret

from ..core.database import THREADS
from ..core.errors import Overloaded

_hasher = PasswordHash((Argon2Hasher(memory_cost=19 * 1024, time_cost=2, parallelism=1),))
_unused_hash = _hasher.hash("an account that does not exist")

# A hash keeps a core busy: more hashes than cores at once would only slow down other requests. At most 4, because a
# container may have fewer cores than its machine.
_running = BoundedSemaphore(min(os.cpu_count() or 1, 4))
# A request that waits to hash keeps a thread, so some threads stay free for requests that need no hash.
_waiting = BoundedSemaphore(THREADS * 3 // 4)

# Passwords of 8 characters and more among the 10,000 most common ones, from the lists of Royce Williams (in Django 6.1)
# and Mark Burnett (in zxcvbn 4.5).
_common = frozenset((Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split())


def is_common(password: Secret[str]) -> bool:
    return password.get_secret_value().lower() in _common


def hash_password(password: Secret[str]) -> str:
    """Raises Overloaded."""
    with _hashing():
        return _hasher.hash(password.get_secret_value())


def verify_password(password: Secret[str], password_hash: str | None) -> bool:
    """Takes as long without a hash as with one, so that the time does not show whether there is an account. The hash
    is empty for an account without a password.

    Raises Overloaded.
    """
    with _hashing():
        is_right = _hasher.verify(password.get_secret_value(), password_hash or _unused_hash)
    return is_right and bool(password_hash)


def upgraded_hash(password: Secret[str], password_hash: str) -> str | None:
    """A new hash for a password that is known to be right, if the parameters have changed since."""
    return hash_password(password) if _hasher.current_hasher.check_needs_rehash(password_hash) else None


@contextmanager
def _hashing() -> Iterator[None]:
    if not _waiting.acquire(blocking=False):
        raise Overloaded("Too many passwords are being checked at the moment; please try again.")
    try:
        with _running:
            yield
    finally:
        _waiting.release()
