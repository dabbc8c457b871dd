"""The main operations as FastAPI's tutorial writes them: no limits, no log, no middleware, no layers."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Annotated
from uuid import UUID

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from schemas import Refresh, UserPage, UserRead, UserUpdate
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session
from sqlalchemy_models import Login, RefreshToken, User, database_url

KEY, NAME = os.environ["SECRET_KEY"], os.environ["NAME"]
engine = create_engine(database_url)
app = FastAPI()


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


Database = Annotated[Session, Depends(get_session)]


def get_user(session: Database, header: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> User:
    try:
        claims = jwt.decode(header.credentials, KEY, ["HS256"], audience=NAME, issuer=NAME)
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    query = select(User).join(Login, Login.user_id == User.id).where(Login.id == UUID(claims["sid"]), User.is_active)
    if user := session.scalar(query):
        return user
    raise HTTPException(401)


CurrentUser = Annotated[User, Depends(get_user)]


@app.get("/healthz")
async def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/api/v1/users/me")
def read_me(user: CurrentUser) -> UserRead:
    return user


@app.get("/api/v1/users", response_model=UserPage)
def list_users(session: Database, user: CurrentUser, limit: int = 20, cursor: UUID | None = None) -> dict[str, object]:
    if user.role != "admin":
        raise HTTPException(403)
    query = select(User).order_by(User.id.desc()).limit(limit + 1)
    users = session.scalars(query.where(User.id < cursor) if cursor else query).all()
    return {"items": users[:limit], "next_cursor": users[limit - 1].id if len(users) > limit else None}


@app.patch("/api/v1/users/me")
def update_me(session: Database, user: CurrentUser, body: UserUpdate) -> UserRead:
    user.name = body.name
    session.commit()
    return user


@app.post("/api/v1/auth/refresh")
def refresh(session: Database, body: Refresh) -> dict[str, str | int]:
    found = session.get(RefreshToken, sha256(body.refresh_token.encode()).hexdigest(), with_for_update=True)
    now = datetime.now(UTC)
    if found is None or found.used_at or found.expires_at < now:
        raise HTTPException(401)
    login, new = session.get_one(Login, found.session_id), token_urlsafe(32)
    found.used_at = login.last_used_at = now
    hashed, end = sha256(new.encode()).hexdigest(), now + timedelta(days=30)
    session.add(RefreshToken(token_hash=hashed, session_id=login.id, created_at=now, expires_at=end))
    claims = {"iss": NAME, "aud": NAME, "sub": str(login.user_id), "sid": str(login.id), "iat": now}
    token = jwt.encode(claims | {"exp": now + timedelta(minutes=15)}, KEY, "HS256")
    session.commit()
    return {"access_token": token, "refresh_token": new, "token_type": "bearer", "expires_in": 900}
