"""Repositories in memory and services that use them, for tests of the rules."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from uuid import UUID

from limits import parse
from pydantic import Secret

from {{ cookiecutter.__package }}.auth.credentials import Accounts, CredentialService
from {{ cookiecutter.__package }}.auth.email_links import EmailLinkService, MailLimit
from {{ cookiecutter.__package }}.auth.login_limit import AttemptLimit
from {{ cookiecutter.__package }}.auth.models import EmailToken, LoginAttempts, LoginSession, RefreshToken
from {{ cookiecutter.__package }}.auth.repository import AuthRepository
from {{ cookiecutter.__package }}.auth.schemas import LogIn, SignUp, Tokens
from {{ cookiecutter.__package }}.auth.service import LoginSessionService
from {{ cookiecutter.__package }}.core.settings import Settings
from {{ cookiecutter.__package }}.users.models import User
from {{ cookiecutter.__package }}.users.schemas import Role
from {{ cookiecutter.__package }}.users.service import UserService

from .. import passwords
from ..users.fakes import FakeUserRepository

PASSWORD = Secret(passwords.PASSWORD)
SETTINGS = Settings(environment="test")


class FakeAuthRepository(AuthRepository):
    def __init__(self, users: FakeUserRepository) -> None:
        self.users = users
        self.sessions: dict[UUID, LoginSession] = {}
        self.refresh_tokens: dict[str, RefreshToken] = {}
        self.email_tokens: dict[UUID, EmailToken] = {}
        self.login_attempts: dict[str, LoginAttempts] = {}

    def find_signed_in_user(self, user_id: UUID, session_id: UUID) -> User | None:
        session = self.sessions.get(session_id)
        user = self.users.find_user(user_id)
        return user if user and user.is_active and session and session.user_id == user_id else None

    def add_session(self, session: LoginSession) -> None:
        self.sessions[session.id] = session

    def save_session(self, session: LoginSession) -> None:
        self.sessions[session.id] = session

    def list_sessions(self, user_id: UUID, below: UUID | None, limit: int) -> Sequence[LoginSession]:
        sessions = [session for session in self.sessions.values() if session.user_id == user_id]
        sessions = [session for session in sessions if below is None or session.id < below]
        return sorted(sessions, key=lambda session: session.id, reverse=True)[:limit]

    def remove_session(self, session_id: UUID, user_id: UUID) -> bool:
        session = self.sessions.get(session_id)
        if session is None or session.user_id != user_id:
            return False
        del self.sessions[session_id]
        return True

    def remove_sessions(self, user_id: UUID, keep: UUID | None = None) -> None:
        for session in self.list_sessions(user_id, None, len(self.sessions)):
            if session.id != keep:
                del self.sessions[session.id]

    def add_refresh_token(self, refresh_token: RefreshToken) -> None:
        self.refresh_tokens[refresh_token.token_hash] = refresh_token

    def lock_refresh_token(self, token_hash: str) -> tuple[RefreshToken, LoginSession] | None:
        token = self.refresh_tokens.get(token_hash)
        session = self.sessions.get(token.session_id) if token else None
        return (token, session) if token and session else None

    def save_refresh_token(self, refresh_token: RefreshToken) -> None:
        self.refresh_tokens[refresh_token.token_hash] = refresh_token

    def replace_email_token(self, email_token: EmailToken) -> None:
        for token in list(self.email_tokens.values()):
            if (token.user_id, token.purpose) == (email_token.user_id, email_token.purpose):
                del self.email_tokens[token.id]
        self.email_tokens[email_token.id] = email_token

    def save_email_token(self, email_token: EmailToken) -> None:
        self.email_tokens[email_token.id] = email_token

    def find_email_token(self, email_token_id: UUID) -> EmailToken | None:
        return self.email_tokens.get(email_token_id)

    def find_email_token_by_hash(self, token_hash: str) -> EmailToken | None:
        return next((token for token in self.email_tokens.values() if token.token_hash == token_hash), None)

    def remove_email_token(self, token_hash: str) -> bool:
        token = self.find_email_token_by_hash(token_hash)
        return token is not None and self.email_tokens.pop(token.id, None) is not None

    def remove_email_tokens(self, user_id: UUID) -> None:
        self.email_tokens = {key: token for key, token in self.email_tokens.items() if token.user_id != user_id}

    def lock_login_attempts(self, key: str, expires_at: datetime) -> LoginAttempts:
        none_yet = LoginAttempts(key=key, times=[], expires_at=expires_at)
        return self.login_attempts.setdefault(key, none_yet)

    def save_login_attempts(self, attempts: LoginAttempts) -> None:
        self.login_attempts[attempts.key] = attempts

    def remove_login_attempts_for(self, key: str) -> None:
        self.login_attempts.pop(key, None)


class FakeAccounts:
    def __init__(self, settings: Settings = SETTINGS) -> None:
        self.users = FakeUserRepository()
        self.auth = FakeAuthRepository(self.users)
        self.sessions = LoginSessionService(self.auth, settings)
        self.enqueued: list[str] = []
        users = UserService(self.users, self.auth.remove_access, record=lambda *_type, **_data: None)
        mail_limit = MailLimit(AttemptLimit(self.auth, "mail", parse("5/hour")), redis=None)
        self.email_links = EmailLinkService(
            self.auth, users, mail_limit, enqueue=lambda name, **_arguments: self.enqueued.append(name)
        )
        services = Accounts(
            users=users,
            sessions=self.sessions,
            login_limit=AttemptLimit(self.auth, "login", settings.login_rate_limit),
            email_links=self.email_links,
            revoke_all_access=self.auth.remove_access,
        )
        self.credentials = CredentialService(lambda: nullcontext(services), settings)


def sign_up(
    credentials: CredentialService,
    password: Secret[str] = PASSWORD,
    email: str = "alice@example.com",
    role: Role = Role.USER,
) -> User:
    body = SignUp(email=email, password=password, name="Alice")
    return credentials.sign_up(body) if role == Role.USER else credentials.create_account(body, role)


def log_in(credentials: CredentialService, password: Secret[str] = PASSWORD, client_ip: str = "192.0.2.1") -> Tokens:
    return credentials.log_in(LogIn(email="alice@example.com", password=password), client_ip, "a browser")
