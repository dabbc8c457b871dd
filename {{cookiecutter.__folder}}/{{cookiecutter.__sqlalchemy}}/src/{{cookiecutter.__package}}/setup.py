"""What has to happen before tables are used outside of the server."""

from .features import feature_modules


def setup() -> None:
    """Loads the tables of every feature: one may refer to another's."""
    list(feature_modules("models"))
