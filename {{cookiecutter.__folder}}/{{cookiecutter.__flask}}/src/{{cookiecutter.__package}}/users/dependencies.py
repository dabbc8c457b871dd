"""What the routes of users need."""

from ..auth.transactions import accounts_of
from ..core.routing import current_session
from .service import UserService


def user_service() -> UserService:
    return accounts_of(current_session()).users
