"""What the routes of users need."""

from ..auth.transactions import accounts

users = accounts.users
