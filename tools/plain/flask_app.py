"""The main operations as Flask's tutorial writes them, with pydantic: no limits, no log, no middleware, no layers."""

import os
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

import jwt
from flask import Flask, Response, abort, g, request
from pydantic import BaseModel
from schemas import Refresh, UserPage, UserRead, UserUpdate
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from sqlalchemy_models import Login, RefreshToken, User, database_url

KEY, NAME = os.environ["SECRET_KEY"], os.environ["NAME"]
session: scoped_session[Session] = scoped_session(sessionmaker(create_engine(database_url)))
app = Flask(__name__)


class Tokens(BaseModel):
    access_token: str
    refresh_token: str
    token_type: str = "bearer"
    expires_in: int = 900


@app.teardown_appcontext
def close_session(_error: BaseException | None) -> None:
    session.remove()


def answer(model: BaseModel) -> Response:
    return Response(model.model_dump_json(), content_type="application/json")


def sign_in() -> User:
    try:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        claims = jwt.decode(token, KEY, ["HS256"], audience=NAME, issuer=NAME)
    except jwt.InvalidTokenError:
        abort(401)
    query = select(User).join(Login, Login.user_id == User.id).where(Login.id == UUID(claims["sid"]), User.is_active)
    g.user = session.scalar(query) or abort(401)
    return g.user


@app.get("/healthz")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/api/v1/users/me")
def read_me() -> Response:
    return answer(UserRead.model_validate(sign_in()))


@app.get("/api/v1/users")
def list_users() -> Response:
    if sign_in().role != "admin":
        abort(403)
    limit, cursor = request.args.get("limit", 20, int), request.args.get("cursor", None, UUID)
    query = select(User).order_by(User.id.desc()).limit(limit + 1)
    users = session.scalars(query.where(User.id < cursor) if cursor else query).all()
    items = [UserRead.model_validate(user) for user in users[:limit]]
    return answer(UserPage(items=items, next_cursor=items[-1].id if len(users) > limit else None))


@app.patch("/api/v1/users/me")
def update_me() -> Response:
    user, body = sign_in(), UserUpdate.model_validate_json(request.get_data())
    user.name = body.name
    session.commit()
    return answer(UserRead.model_validate(user))


@app.post("/api/v1/auth/refresh")
def refresh() -> Response:
    body = Refresh.model_validate_json(request.get_data())
    found = session.get(RefreshToken, sha256(body.refresh_token.encode()).hexdigest(), with_for_update=True)
    now = datetime.now(UTC)
    if found is None or found.used_at or found.expires_at < now:
        abort(401)
    login, new = session.get_one(Login, found.session_id), token_urlsafe(32)
    found.used_at = login.last_used_at = now
    hashed, end = sha256(new.encode()).hexdigest(), now + timedelta(days=30)
    session.add(RefreshToken(token_hash=hashed, session_id=login.id, created_at=now, expires_at=end))
    claims = {"iss": NAME, "aud": NAME, "sub": str(login.user_id), "sid": str(login.id), "iat": now}
    token = jwt.encode(claims | {"exp": now + timedelta(minutes=15)}, KEY, "HS256")
    session.commit()
    return answer(Tokens(access_token=token, refresh_token=new))
