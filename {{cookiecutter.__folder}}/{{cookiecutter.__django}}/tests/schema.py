"""Whether the migrations lead to what the models say."""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState


def schema_drift() -> list[str]:
    """What `manage.py makemigrations` would write."""
    loader = MigrationLoader(None)
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(loader.graph)
    migrations = [migration for found in changes.values() for migration in found]
    return [operation.describe() for migration in migrations for operation in migration.operations]
