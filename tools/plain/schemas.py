"""The bodies of requests and responses, for the plain apps with pydantic alone."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field


class UserRead(BaseModel, from_attributes=True):
    id: UUID
    email: str
    email_verified: bool
    name: str
    role: str
    is_active: bool
    created_at: datetime


class UserPage(BaseModel):
    items: list[UserRead]
    next_cursor: UUID | None


class UserUpdate(BaseModel):
    name: str = Field(min_length=1, max_length=100)


class Refresh(BaseModel):
    refresh_token: str
