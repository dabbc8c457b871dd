"""Alembic looks here when it does not run env.py, which knows where the features' migrations are."""

from alembic.util import CommandError

raise CommandError("heads, branches and show do not know the features: `alembic history` and `alembic current` do")
