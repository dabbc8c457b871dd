"""Where Alembic looks when it does not run env.py, which leads it to the migrations of the features."""

from alembic.util import CommandError

raise CommandError("heads, branches and show do not know the features: `alembic history` and `alembic current` do")
