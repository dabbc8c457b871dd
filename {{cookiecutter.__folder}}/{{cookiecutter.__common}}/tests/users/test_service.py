"""The rules of users, without a database and without HTTP."""

from uuid import UUID

import pytest

from {{ cookiecutter.__package }}.core.errors import Forbidden, Unauthenticated
from {{ cookiecutter.__package }}.users.models import User
from {{ cookiecutter.__package }}.users.schemas import ProfileChange, Role, UserChange
from {{ cookiecutter.__package }}.users.service import LastAdmin, UserNotFound, UserService

from .fakes import FakeUserRepository


@pytest.fixture
def signed_out() -> list[UUID]:
    """The users whose sessions were ended."""
    return []


@pytest.fixture
def users(signed_out: list[UUID]) -> UserService:
    return UserService(FakeUserRepository(), signed_out.append, record=lambda *_type, **_data: None)


@pytest.fixture
def admin(users: UserService) -> User:
    return users.create_user("admin@example.com", "Admin", "a hash", Role.ADMIN)


@pytest.fixture
def alice(users: UserService) -> User:
    return users.create_user("alice@example.com", "Alice", "a hash", Role.USER)


class TestReadUser:
    def test_shows_users_themselves_and_administrators_everybody(
        self, users: UserService, admin: User, alice: User
    ) -> None:
        assert users.read_user(alice, alice.id) is users.read_user(admin, alice.id) is alice

    def test_another_user_does_not_exist(self, users: UserService, admin: User, alice: User) -> None:
        with pytest.raises(UserNotFound):
            users.read_user(alice, admin.id)


class TestChangeProfile:
    def test_changes_what_was_sent(self, users: UserService, alice: User) -> None:
        assert users.change_profile(alice.id, ProfileChange()).name == "Alice"
        assert users.change_profile(alice.id, ProfileChange(name="Alice Liddell")).name == "Alice Liddell"

    def test_is_refused_when_the_account_has_just_been_deleted(self, users: UserService, alice: User) -> None:
        """The request was authenticated before."""
        users.delete_user(alice)

        with pytest.raises(Unauthenticated):
            users.change_profile(alice.id, ProfileChange(name="Alice Liddell"))


class TestChangeUser:
    def test_a_deactivated_user_is_signed_out(
        self, users: UserService, admin: User, alice: User, signed_out: list[UUID]
    ) -> None:
        users.change_user(admin, alice.id, UserChange(role=Role.USER))
        assert signed_out == []

        users.change_user(admin, alice.id, UserChange(is_active=False))
        assert signed_out == [alice.id]

    @pytest.mark.parametrize("changes", [UserChange(role=Role.USER), UserChange(is_active=False)])
    def test_the_last_administrator_stays(self, users: UserService, admin: User, changes: UserChange) -> None:
        with pytest.raises(LastAdmin):
            users.change_user(admin, admin.id, changes)

        assert (admin.role, admin.is_active) == (Role.ADMIN, True)

    def test_is_refused_when_another_administrator_has_just_taken_the_role_away(
        self, users: UserService, admin: User, alice: User
    ) -> None:
        """The request was authenticated before."""
        with pytest.raises(Forbidden):
            users.change_user(alice, alice.id, UserChange(role=Role.ADMIN))

        assert alice.role == Role.USER
