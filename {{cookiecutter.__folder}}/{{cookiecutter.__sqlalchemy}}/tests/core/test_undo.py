"""After an error, the session is rolled back, whatever else fails."""

from unittest.mock import Mock

import pytest

from {{ cookiecutter.__package }}.auth.service import RefreshTokenReused
from {{ cookiecutter.__package }}.core.database import undo


def test_an_error_is_undone() -> None:
    session = Mock()

    undo(session, LookupError())

    assert session.method_calls == [("rollback",)]


def test_an_error_that_keeps_changes_is_rolled_back_if_they_can_not_be_committed() -> None:
    session = Mock()
    session.commit.side_effect = OSError

    with pytest.raises(OSError):
        undo(session, RefreshTokenReused())

    assert session.method_calls == [("commit",), ("rollback",)]
