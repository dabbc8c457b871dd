"""What has to happen before tables are used outside of the server."""

from importlib import import_module


def setup() -> None:
    """Loads every feature: a table of one may refer to a table of another."""
    import_module("{{ cookiecutter.__package }}.app")
