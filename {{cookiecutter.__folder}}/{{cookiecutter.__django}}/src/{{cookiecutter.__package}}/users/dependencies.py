"""What the routes of users are given."""

from ..auth.transactions import accounts

users = accounts.users
